"""Text that is cut, copied and pasted in a lesson's editor stays the Markdown that it was."""

from base64 import b64decode
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from stepwell.courses.actions import set_instructors, upload_attachment
from stepwell.courses.models import Course
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers import read_course
from tests.e2e.editing import (
    PIXEL,
    SOURCE,
    VISUAL,
    markdown,
    never_save,
    open_lesson,
    press,
    turn,
    write,
)
from tests.factories import lessons_of, make_course
from tests.transfer.folders import REAL_COURSES

DEMO = Path(__file__).parents[2] / "src" / "stepwell" / "demo" / "courses"
COURSES = [*sorted(DEMO.iterdir()), *sorted(REAL_COURSES.glob("*/"))]


MOST = 40  # texts of a course, evenly spread over it; a text takes about half a second


def texts(folder: Path) -> list[str]:
    lessons = read_course(SourceFolder(folder)).lessons
    found = [text for each in lessons for text in (each.body, *(page.body for page in each.pages))]
    return found[:: len(found) // MOST + 1]


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_lesson_cut_and_pasted_is_the_same(editor: Page, folder: Path) -> None:
    page = editor
    never_save(page)

    for text in texts(folder):
        write(page, text)
        press(page, "a", "x")
        assert page.locator(VISUAL).inner_text().strip() == ""
        press(page, "v")
        assert markdown(page) == text


EVERYTHING = """\
## Tea *now*

See [the next](lesson:{key} "Next"), ![A dot](assets/dot.png "Dot"), $x^2$, <kbd>a</kbd>,
**`code`** and \\*no sign\\*[^1].

> [!WARNING]
> Hot.

::: exercise Pour it
- [x] Warm the pot
- [ ] Wait

::: solution
3. Three
   ```py
   pour()
   ```
:::
:::

$$
\\frac{{1}}{{2}}
$$

![Pouring](https://vimeo.com/1)

| a | b |
| --- | :-: |
| $y$ | ![](assets/dot.png) |

<details><summary>More</summary>x</details>

[^1]: Note.
"""


def test_text_of_one_lesson_is_the_same_in_another_one(editor: Page, taught_course: Course) -> None:
    page, second = editor, lessons_of(taught_course)[1]
    text = EVERYTHING.format(key=second.key)
    write(page, text)
    press(page, "a", "c")
    open_lesson(page, second)
    press(page, "a")
    with page.expect_response("**/draft/"):
        press(page, "v")

    assert markdown(page) == text


def test_blocks_stay_apart_where_they_are_moved(editor: Page) -> None:
    """Untouched blocks are sent as they were written, wherever they are now."""
    page = editor
    never_save(page)
    write(page, "First.\n\n* a\n\nMiddle.\n\n* b\n\nLast\none.\n")
    page.locator(VISUAL).get_by_text("Last one.").click(click_count=3)
    press(page, "x")
    page.locator(VISUAL).get_by_text("First.").click()
    page.keyboard.press("Home")
    press(page, "v")
    page.keyboard.press("Enter")

    assert markdown(page) == "Last one.\n\nFirst.\n\n* a\n\nMiddle.\n\n* b\n"


def test_what_was_cut_from_code_on_comes_back(editor: Page) -> None:
    page = editor
    never_save(page)
    text = "```py\na\nb\n```\n\n::: tip\nHot.\n:::\n\nLast one.\n"
    write(page, text)
    page.locator(f"{VISUAL} pre").click()
    press(page, "Control+Home", "ArrowDown", "Control+Shift+End", "x", "v")

    assert markdown(page) == text


def test_undoing_ends_at_the_text_that_was_opened(editor: Page) -> None:
    page = editor
    never_save(page)
    opened = markdown(page)
    turn(page, "Visual")
    press(page, "z")
    assert markdown(page) == opened
    write(page, "Written in Markdown.\n")
    press(page, "a", "x", "z", "z")

    assert markdown(page) == "Written in Markdown.\n"


PART = """([from, to]) => {
  const root = document.querySelector("[data-visual] .prose");
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (nodes.nextNode()) texts.push(nodes.currentNode);
  const [first, last] = [from, to].map((text) => texts.find(({ data }) => data === text));
  root.focus();
  getSelection().setBaseAndExtent(first, 0, last, last.data.length);
}"""


def test_part_that_is_cut_and_pasted_in_place_is_the_same(editor: Page) -> None:
    page = editor
    never_save(page)
    text = "One.\n\n- a\n- b\n\n| h |\n| --- |\n| x |\n\n> [!TIP]\n> Hot.\n\nLast.\n"
    for part in [("One.", "b"), ("a", "Hot."), ("h", "Last."), ("One.", "Hot.")]:
        write(page, text)
        page.evaluate(PART, part)
        expect(page.locator(VISUAL)).to_be_focused()
        press(page, "x", "v")
        page.keyboard.type("!")
        assert markdown(page).replace(f"{part[1]}!", part[1]) == text, part


def test_pieces_are_dragged_as_they_are(editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "$$\nx\n$$\n\nOne.\n\n![Talk](https://vimeo.com/1)\n")

    page.locator(".formula-piece").drag_to(
        page.locator(".video-piece"), target_position={"x": 300, "y": 300}
    )

    assert markdown(page) == "One.\n\n![Talk](https://vimeo.com/1)\n\n$$\nx\n$$\n"


def test_markdown_goes_from_one_form_to_the_other(editor: Page) -> None:
    page = editor
    never_save(page)
    text = "## Tea\n\n::: tip\n$x$\n:::\n"
    write(page, text)
    press(page, "a", "x")
    turn(page, "Markdown")
    page.locator(SOURCE).focus()
    page.keyboard.press("Control+v")
    expect(page.locator(SOURCE)).to_have_value(text)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    expect(page.locator(SOURCE)).to_have_value("")
    turn(page, "Visual")
    press(page, "v")
    expect(page.locator(f"{VISUAL} math")).to_be_visible()

    assert markdown(page) == text


def test_pictures_of_another_course_come_along(editor: Page, taught_course: Course) -> None:
    page = editor
    other = make_course((1,), title="Coffee")
    set_instructors(course=other, instructors=[*taught_course.instructors.all()])
    upload_attachment(course=other, file=ContentFile(b64decode(PIXEL)), name="bean.png")
    open_lesson(page, lessons_of(other)[0])
    write(page, "A ![bean](assets/bean.png).\n")
    press(page, "a", "c")
    open_lesson(page, lessons_of(taught_course)[0])
    press(page, "a", "v")

    expect(page.locator(f"{VISUAL} img[src*='{taught_course.key}/bean.png']")).to_be_visible()
    assert markdown(page) == "A ![bean](assets/bean.png).\n"
    assert taught_course.attachments.get().name == "bean.png"
