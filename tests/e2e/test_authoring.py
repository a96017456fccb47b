"""Instructors make and change courses in the browser, with learners inside."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, LessonProgress, Origin
from tests.e2e.conftest import PHONE
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

SIGN_IN = Callable[[BrowserContext, User], None]
MOST_CLICKS = 12
# A function, since the page's policy lets no string be evaluated a second time.
READY = "() => document.activeElement.matches('input') && !document.activeElement.value"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJ"
    "RU5ErkJggg=="
)
PASTE = """async ([selector, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "dot.png", { type: "image/png" }));
  const options = { clipboardData: transfer, bubbles: true, cancelable: true };
  const event = new ClipboardEvent("paste", options);
  document.querySelector(selector).dispatchEvent(event);
}"""


class Hand:
    """Clicks, and counts how often."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # a role
        self.clicks += 1

    def type(self, *lines: str) -> None:
        """Type lines into what has the focus, each ended by Enter, and wait for what it does."""
        for line in lines:
            self.page.wait_for_function(READY)
            self.page.keyboard.type(line)
            self.page.keyboard.press("Enter")
            expect(self.page.get_by_text(line).first).to_be_visible()


@pytest.fixture
def teacher(live_site: str) -> User:
    return make_instructor("Ines Instructor")


@pytest.fixture
def studio(
    teacher: User, open_context: Callable[..., BrowserContext], sign_in: SIGN_IN
) -> Callable[[], Page]:
    """Return a function that opens a window of the teacher's."""

    def open_window() -> Page:
        context = open_context()
        sign_in(context, teacher)
        return context.new_page()

    return open_window


def saved(page: Page) -> None:
    expect(page.locator("[data-state=saved]")).to_be_visible()


def titles(course: Course) -> list[list[str]]:
    return [
        [lesson.title for lesson in module.lessons.filter(archived_at=None)]
        for module in course.modules.filter(archived_at=None)
    ]


def test_first_course_from_nothing_to_a_learner_who_completes_it(
    studio: Callable[[], Page],
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
) -> None:
    page = studio()
    hand = Hand(page)
    page.goto("/learn/")
    hand.click("link", "Studio")
    hand.click("textbox", "Title of a new course")
    hand.type("Tea for beginners")
    expect(page.locator("#add-module")).to_be_focused()
    hand.type("Leaves")
    hand.type("Black", "Green", "White")
    hand.click("textbox", "Title of a new module")
    hand.type("Water")
    hand.type("Kettles", "Patience")
    check_accessibility(page)

    hand.click("link", "Black")
    expect(page.locator("[data-visual] .prose")).to_be_focused()
    page.keyboard.type("## Why black\nIt keeps **well** on the road.")
    page.evaluate(PASTE, ["[data-visual] .prose", PIXEL])
    expect(page.locator("[data-visual] img[src*='dot.png']")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("textbox", name="Description").fill("A cup of tea")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    saved(page)
    check_accessibility(page)
    for name in ("Green", "White", "Kettles", "Patience"):
        hand.click("link", name)
        expect(page.locator("[data-visual] .prose")).to_be_focused()
        page.keyboard.type(f"All about {name}.")
    hand.click("link", "Tea for beginners")

    course = Course.objects.get()
    kettles = page.locator("[data-lesson]", has_text="Kettles")
    kettles.locator("[data-grip]").drag_to(page.locator("[data-lesson]", has_text="Green"))
    hand.clicks += 1
    expect(page.locator("#note")).to_contain_text("“Kettles” is lesson 2 of “Leaves” now.")
    page.locator("[data-lesson]", has_text="White").locator("a.tree-title").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#note")).to_contain_text("“White” is lesson 3 of “Leaves” now.")
    assert titles(course) == [["Black", "Kettles", "White", "Green"], ["Patience"]]
    hand.click("button", "Publish course and lessons")
    expect(page.get_by_text("The course is open to learners.")).to_be_visible()
    assert hand.clicks <= MOST_CLICKS

    first = lessons_of(course)[0]
    assert first.body.startswith("## Why black\n\nIt keeps **well** on the road.")
    assert "![A cup of tea](assets/dot.png)" in first.body
    context = open_context(viewport=PHONE)
    sign_in(context, make_user("Lara Learner"))
    page = context.new_page()
    page.goto("/courses/tea-for-beginners/")
    page.get_by_role("button", name="Enroll").click()
    page.get_by_role("link", name="Start").click()
    expect(page.locator(".prose img")).to_be_visible()
    for number in range(1, 6):
        page.get_by_role("button", name="Mark complete").first.click()
        expect(page.locator("#lesson-steps")).to_contain_text(f"{number} of 5")
        page.locator("#completion-end a.button").last.click()  # there once the server answered
    assert Enrollment.objects.get().finished_at is not None


def test_course_changes_while_a_learner_is_inside(
    teacher: User, studio: Callable[[], Page], check_accessibility: Callable[[Page], None]
) -> None:
    course = make_course((2, 2), title="Tea")
    set_instructors(course=course, instructors=[teacher])
    learner = enroll(course, make_user("Lara Learner")).user
    lessons = lessons_of(course)
    for lesson in lessons[:3]:
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    facts = list(LessonProgress.objects.order_by("pk").values())
    page = studio()

    page.goto("/studio/courses/tea/")
    page.get_by_role("link", name="Unpublish").click()
    expect(page.get_by_text("1 learner is enrolled")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Unpublish").click()
    page.get_by_role("link", name="Lesson 1.1").click()
    page.locator("[data-visual] .prose").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" And more.")
    saved(page)
    page.get_by_role("link", name="Tea", exact=True).first.click()
    page.locator(f"#title-{lessons[1].key}").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#note")).to_contain_text("of “Module 2” now")
    row = page.locator(f"#lesson-{lessons[2].key}")
    row.locator("summary").click()
    row.get_by_role("link", name="Archive …").click()
    expect(page.get_by_text("1 learner completed this lesson")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Archive lesson").click()
    page.get_by_role("button", name="Publish course only").click()

    assert list(LessonProgress.objects.order_by("pk").values()) == facts
    assert titles(course) == [["Lesson 1.1"], ["Lesson 1.2", "Lesson 2.2"]]
    page.get_by_role("link", name="Archive", exact=True).click()
    check_accessibility(page)
    page.get_by_role("button", name="Restore Lesson 2.1").click()
    expect(page.get_by_text("is back")).to_be_visible()
    assert list(LessonProgress.objects.order_by("pk").values()) == facts
    assert Lesson.objects.get(pk=lessons[0].pk).body == "Text. And more.\n"


def test_two_who_write_at_once_lose_nothing(teacher: User, studio: Callable[[], Page]) -> None:
    course = make_course((1,), title="Tea")
    set_instructors(course=course, instructors=[teacher])
    lesson = lessons_of(course)[0]
    address = f"/studio/courses/tea/lessons/{lesson.key}/"
    mine, theirs = studio(), studio()
    for page in (mine, theirs):
        page.goto(address)
        expect(page.locator("[data-visual] .prose")).to_be_visible()

    theirs.locator("[data-visual] .prose").click()
    theirs.keyboard.press("Control+End")
    theirs.keyboard.type(" Theirs.")
    saved(theirs)
    mine.locator("[data-visual] .prose").click()
    mine.keyboard.press("Control+End")
    mine.keyboard.type(" Mine.")
    expect(mine.get_by_role("heading", name="You have saved this lesson elsewhere")).to_be_visible()
    assert Lesson.objects.get().body == "Text. Theirs.\n"

    mine.get_by_role("button", name="Keep my text").click()
    saved(mine)
    assert Lesson.objects.get().body == "Text. Mine.\n"
    theirs.locator("[data-visual] .prose").click()
    theirs.keyboard.press("Control+End")
    theirs.keyboard.type(" Again.")
    theirs.get_by_role("button", name="Take their text").click()
    expect(theirs.get_by_text("The text of then is back.")).to_be_visible()
    assert Lesson.objects.get().body == "Text. Mine.\n"
    texts = {version.body for version in lesson.versions.all()}
    assert {"Text. Mine.\n", "Text. Theirs. Again.\n"} <= texts


def test_text_outlives_the_session(
    teacher: User, studio: Callable[[], Page], sign_in: SIGN_IN
) -> None:
    course = make_course([1])
    set_instructors(course=course, instructors=[teacher])
    lesson = lessons_of(course)[0]
    page = studio()
    page.goto(f"/studio/courses/{course.slug}/lessons/{lesson.key}/")
    page.get_by_role("textbox", name="Text of the lesson").click()
    page.context.clear_cookies()
    page.keyboard.type("Still here")
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    sign_in(page.context, teacher)

    saved(page)
    lesson.refresh_from_db()
    assert lesson.body == "Text.Still here\n"


def test_two_who_arrange_at_once_lose_nothing(teacher: User, studio: Callable[[], Page]) -> None:
    course = make_course((3, 1), title="Tea")
    set_instructors(course=course, instructors=[teacher])
    one, two, three, four = lessons_of(course)
    pages = studio(), studio()
    for page in pages:
        page.goto("/studio/courses/tea/")

    for page, lesson, key in (
        (pages[0], one, "ArrowDown"),
        (pages[1], four, "ArrowUp"),
        (pages[0], three, "ArrowUp"),
    ):
        page.locator(f"#title-{lesson.key}").focus()
        page.keyboard.press(f"Alt+{key}")
        expect(page.locator("#note")).to_contain_text(f"“{lesson.title}” is lesson")

    assert titles(course) == [["Lesson 1.2", "Lesson 1.3", "Lesson 1.1", "Lesson 2.1"], []]
    assert two.title in titles(course)[0]


def test_text_in_both_forms_and_back(
    teacher: User, studio: Callable[[], Page], check_accessibility: Callable[[Page], None]
) -> None:
    source = "# One\n\nHard\nwrapped *text*.\n\n<div>\n\nHTML\n\n</div>\n\n* starred\n* list\n"
    course = make_course((1,), title="Tea")
    set_instructors(course=course, instructors=[teacher])
    lesson = lessons_of(course)[0]
    Lesson.objects.update(body=source)
    page = studio()
    page.goto(f"/studio/courses/tea/lessons/{lesson.key}/")

    page.get_by_role("button", name="Markdown", exact=True).click()
    expect(page.locator("textarea[name=body]")).to_have_value(source)
    check_accessibility(page)
    page.get_by_role("button", name="Visual", exact=True).click()
    page.locator("[data-visual] .prose h1").click()
    page.keyboard.press("End")
    page.keyboard.type(" more")
    saved(page)

    assert Lesson.objects.get().body == source.replace("# One", "# One more")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_without_scripts_everything_can_be_done(
    teacher: User, open_context: Callable[..., BrowserContext], sign_in: SIGN_IN, size: str
) -> None:
    options = {"viewport": PHONE} if size == "phone" else {}
    context = open_context(java_script_enabled=False, **options)
    sign_in(context, teacher)
    page = context.new_page()
    page.goto("/studio/")

    page.get_by_label("Title of a new course").fill("Tea")
    page.get_by_role("button", name="Create course").click()
    for title in ("Leaves", "Water"):
        page.get_by_label("Title of a new module").fill(title)
        page.get_by_role("button", name="Add module").click()
    page.get_by_label("Title of a new lesson in “Leaves”").fill("Black")
    page.get_by_role("button", name="Add lesson · Leaves").click()
    page.locator("[data-lesson] summary").click()
    page.locator("[data-lesson]").get_by_role("button", name="Move down").click()
    page.get_by_role("link", name="Black", exact=True).click()
    page.get_by_label("Text of the lesson in Markdown").fill("Strong.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    assert titles(Course.objects.get()) == [[], ["Black"]]
    assert Lesson.objects.get().body == "Strong."
