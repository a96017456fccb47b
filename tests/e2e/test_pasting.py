"""What is pasted from other programs keeps structure and emphasis; what can't come is named."""

from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from stepwell.courses.models import Course
from tests.e2e.editing import PIXEL, SOURCE, VISUAL, markdown, never_save, turn, write

SAMPLES = sorted((Path(__file__).parent / "pasted").glob("*.html"))
DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E"
    "%3Ccircle r='4'/%3E%3C/svg%3E"
)
PICTURE = f"data:image/png;base64,{PIXEL}"
EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
PASTE = """([selector, flavors, file]) => {
  const clipboardData = new DataTransfer();
  for (const [type, data] of Object.entries(flavors)) clipboardData.setData(type, data);
  if (file) {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    clipboardData.items.add(new File([bytes], "cells.png", { type: "image/png" }));
  }
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  const target = document.querySelector(selector);
  target.focus();
  const text = flavors["text/plain"];
  if (target.dispatchEvent(event) && text) document.execCommand("insertText", false, text);
}"""


def paste(page: Page, where: str, flavors: dict[str, str], file: str = "") -> None:
    page.evaluate(PASTE, [where, flavors, file])


def left_out(page: Page) -> list[str]:
    return page.locator("[data-left] li").all_inner_texts()


def test_pasted_documents_keep_structure_and_emphasis(editor: Page) -> None:
    page = editor
    never_save(page)
    found = {}
    for sample in SAMPLES:
        write(page, "")
        paste(page, VISUAL, {"text/html": sample.read_text(), "text/plain": "text"})
        found[sample.stem] = markdown(page)

    for sample in SAMPLES:
        assert found[sample.stem] == sample.with_suffix(".md").read_text(), sample.name


def test_what_cannot_be_pasted_is_named(
    editor: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page = editor
    write(page, "")
    html = (Path(__file__).parent / "pasted" / "web-page.html").read_text()
    paste(page, VISUAL, {"text/html": html, "text/plain": "text"})

    assert left_out(page) == [
        "Links without a whole address (1): none. Type their addresses.",
        "Embedded pages and players (1): maps.example."
        " Link to them, or insert a video by its address.",
        "Form fields (1): email.",
        "Pictures from elsewhere (1): cat one.jpg. Save them and insert them as files.",
    ]
    check_accessibility(page)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("[data-left]")).to_be_hidden()


def test_links_of_their_own_page_and_underlining_are_named(editor: Page) -> None:
    page = editor
    write(page, "")
    html = (
        '<p><a href="javascript:more()">Show more</a>, <a href="../notes/">notes</a>,'
        ' <a href="#note">a note</a>, <u>weighty</u> and'
        ' <a href="https://example.org/"><u>a link</u></a>.</p>'
    )
    paste(page, VISUAL, {"text/html": html, "text/plain": "text"})

    assert left_out(page) == [
        "Links without a whole address (2): Show more, notes. Type their addresses.",
        "Underlining (1): weighty. Use bold or italic.",
    ]


def go_to_the_end_of(page: Page, text: str) -> None:
    """Move the caret; while the editor starts, a key may be lost."""
    is_there = f"() => getSelection().anchorOffset === {len(text)}"
    for _attempt in range(10):
        page.locator(VISUAL).focus()
        page.keyboard.press("Control+End")
        with suppress(PlaywrightTimeout):
            page.wait_for_function(is_there, timeout=3_000)
            return
    pytest.fail("The caret did not get to the end.")


def test_structure_stays_behind_words(editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "Before")
    go_to_the_end_of(page, "Before")
    paste(page, VISUAL, {"text/html": "<h1>Title</h1><p>Text.</p><ul><li>a<li>b</ul>"})

    assert markdown(page) == "Before\n\n## Title\n\nText.\n\n- a\n- b\n"


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>One<br><br>two</p>", "One\n\ntwo\n"),
        ("One<br> <br>&nbsp;<br>two<br>three", "One\n\ntwo\\\nthree\n"),
        (
            "<div><b>One<br><br>two</b><p>three</p>four<br><br></div>",
            "**One**\n\n**two**\n\nthree\n\nfour\n",
        ),
        (
            "<p><br><br>One <a href='https://a.example/'>two<br><br>three</a></p>",
            "One [two](https://a.example/)\n\n[three](https://a.example/)\n",
        ),
        (
            "<ul><li>One<br><br>two<ul><li>three</li></ul></li></ul>",
            "- One\n\n  two\n\n  - three\n",
        ),
        ("<blockquote>One<br><br>two</blockquote>", "> One\n>\n> two\n"),
        (
            "<div>One</div><br><br><div>two<br></div><div><br></div><div>three</div>",
            "One\n\ntwo\n\nthree\n",
        ),
        (
            "<table><tr><th>A</th></tr><tr><td>One<br><br>two</td></tr></table>",
            "| A |\n| --- |\n| One two |\n",
        ),
        ("<pre>one<br><br>two</pre>", "```\none\n\ntwo\n```\n"),
    ],
)
def test_two_line_breaks_begin_a_paragraph(html: str, wanted: str, editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "")
    paste(page, VISUAL, {"text/html": html, "text/plain": "text"})

    assert markdown(page) == wanted


@pytest.mark.parametrize("picture", [PICTURE, DRAWING])
def test_picture_within_the_html_becomes_a_file_of_the_course(
    picture: str, editor: Page, taught_course: Course
) -> None:
    page = editor
    write(page, "")
    paste(page, VISUAL, {"text/html": f'<p>A <img alt="dot" src="{picture}"> here.</p>'})

    expect(page.locator(f"{VISUAL} img[src*='/files/{taught_course.key}/']")).to_be_visible()
    name = taught_course.attachments.get().name
    assert markdown(page) == f"A ![dot](assets/{name}) here.\n"


@pytest.mark.parametrize(
    ("picture", "name"),
    [
        ('<img srcset="https://a.example/tea.jpg 1x, https://a.example/tea2.jpg 2x">', "tea.jpg"),
        ('<picture><source srcset="https://a.example/leaf.webp"><img></picture>', "leaf.webp"),
        ('<img data-src="https://a.example/cup.png">', "cup.png"),
        (f'<img data-original="/pot.png" src="{EMPTY}">', "pot.png"),
        (f'<img data-src="https://a.example/fog.png" src="{PICTURE}">', "fog.png"),
        (f'<img alt="A kettle" src="{EMPTY}">', "A kettle"),
        ('<img alt="A kettle">', "A kettle"),
    ],
)
def test_picture_that_a_page_loads_late_is_named(picture: str, name: str, editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "")
    paste(page, VISUAL, {"text/html": f"<p>Tea {picture}</p>"})

    assert markdown(page) == "Tea\n"
    expect(page.locator("[data-left] li")).to_contain_text(name)


def test_list_by_its_role_is_a_list(editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "")
    html = '<div role="list"><div role="listitem">Tea</div><div role="listitem">Bread</div></div>'
    paste(page, VISUAL, {"text/html": html})

    assert markdown(page) == "- Tea\n- Bread\n"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("{mso-level-number-format: decimal}", "1. Tea\n2. Bread\n"),
        ("{mso-level-number-format: bullet}", "- Tea\n- Bread\n"),
        ("{mso-level-tab-stop: none}", "1. Tea\n2. Bread\n"),
    ],
)
def test_list_of_word_without_marks_is_numbered_by_its_sheet(
    level: str, expected: str, editor: Page
) -> None:
    page = editor
    never_save(page)
    write(page, "")
    items = "".join(f'<p style="mso-list: l0 level1 lfo1">{each}</p>' for each in ("Tea", "Bread"))
    paste(page, VISUAL, {"text/html": f"<style>@list l0:level1 {level}</style>{items}"})

    assert markdown(page) == expected


def test_cells_of_a_spreadsheet_are_text_in_both_forms(editor: Page, taught_course: Course) -> None:
    page = editor
    never_save(page)
    sample = Path(__file__).parent / "pasted" / "spreadsheet.html"
    flavors = {"text/html": sample.read_text(), "text/plain": "Tea\tMinutes\nGreen | Sencha\t2\n"}
    wanted = sample.with_suffix(".md").read_text()

    write(page, "")
    paste(page, VISUAL, flavors, PIXEL)
    assert markdown(page) == wanted
    page.locator(SOURCE).fill("")
    paste(page, SOURCE, flavors, PIXEL)
    expect(page.locator(SOURCE)).to_have_value(wanted)
    page.locator(SOURCE).fill("")
    paste(page, SOURCE, {"text/plain": flavors["text/plain"]}, PIXEL)
    expect(page.locator(SOURCE)).to_have_value(flavors["text/plain"])
    assert not taught_course.attachments.exists()


def test_pasted_text_stays_as_it_is(editor: Page) -> None:
    page = editor
    never_save(page)
    write(page, "")
    paste(page, VISUAL, {"text/plain": "call __init__ or *args*"})

    assert markdown(page) == "call \\_\\_init\\_\\_ or \\*args\\*\n"


def test_picture_is_described_when_it_is_inserted_and_later(
    editor: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page = editor
    write(page, "")
    paste(page, VISUAL, {}, PIXEL)
    question = page.get_by_role("dialog", name="Describe the picture")
    expect(question).to_be_visible()
    check_accessibility(page)
    question.get_by_label("It is decoration").check()
    question.get_by_role("button", name="OK").click()
    expect(page.get_by_text("No description", exact=True)).to_be_visible()
    assert markdown(page) == "![](assets/cells.png)\n"

    turn(page, "Visual")
    page.locator(".picture-piece img").click()
    question.get_by_label("Description").fill("Cells [of] a *table*")
    question.get_by_role("button", name="OK").click()
    expect(page.get_by_text("No description", exact=True)).to_be_hidden()
    check_accessibility(page)
    page.keyboard.press("Enter")  # the picture is still selected
    expect(question.get_by_label("Description")).to_have_value("Cells [of] a *table*")
    question.get_by_role("button", name="Cancel").click()
    described = "![Cells \\[of\\] a \\*table\\*](assets/cells.png)"
    assert markdown(page) == f"{described}\n"

    page.locator(SOURCE).fill("")
    paste(page, SOURCE, {}, PIXEL)
    question.get_by_label("Description").fill("Cells [of] a *table*")
    question.get_by_role("button", name="OK").click()
    expect(page.locator(SOURCE)).to_have_value(f"{described}\n")


def test_several_pictures_are_there_before_any_is_described(editor: Page) -> None:
    page = editor
    write(page, "")
    files = [
        {"name": f"{name}.png", "mimeType": "image/png", "buffer": b64decode(PIXEL)}
        for name in ("one", "two")
    ]
    page.locator("input[name=files]").set_input_files(files)  # type: ignore[arg-type]  # payloads
    question = page.get_by_role("dialog", name="Describe the picture")
    expect(page.locator(".picture-piece")).to_have_count(2)
    for name in ("one", "two"):
        expect(question).to_contain_text(f"{name}.png")
        question.get_by_label("Description").fill(f"Number {name}")
        question.get_by_role("button", name="OK").click()
    expect(question).to_be_hidden()

    text = markdown(page)
    assert "![Number one](assets/one.png)" in text
    assert "![Number two](assets/two.png)" in text


def test_formulas_and_videos_are_shown_and_changed(
    editor: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page = editor
    write(page, "$$\nx\n$$\n\n![Talk](https://vimeo.com/1)\n\nAnd $y$.\n")
    expect(page.locator(f"{VISUAL} math")).to_have_count(2)
    expect(page.get_by_text("Play video: Talk")).to_be_visible()
    check_accessibility(page)

    page.locator(".formula-block").click()
    page.get_by_role("dialog").get_by_label("Formula").fill("x + 1")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".formula-block math")).to_contain_text("1")
    page.locator(".formula-inline").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("Formula").fill("z")
    page.get_by_role("button", name="OK").click()
    page.locator(".video-piece").click()
    page.get_by_role("dialog").get_by_label("Title").fill("Speech")
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_text("Play video: Speech")).to_be_visible()
    page.locator(VISUAL).focus()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Block formula").click()
    page.get_by_role("dialog").get_by_label("Formula").fill("a^2")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".formula-block")).to_have_count(2)

    assert markdown(page) == (
        "$$\nx + 1\n$$\n\n![Speech](https://vimeo.com/1)\n\nAnd $z$.\n\n$$\na^2\n$$\n"
    )
