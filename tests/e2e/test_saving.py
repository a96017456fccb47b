"""A lesson is saved while it is written, on a line that is slow, breaks, or answers late."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from stepwell.accounts.models import User
from stepwell.courses.actions import set_instructors, update_lesson
from stepwell.courses.models import Lesson
from tests.e2e.conftest import MADE_BY_TEST
from tests.e2e.test_authoring import PASTE, PIXEL
from tests.factories import lessons_of, make_course, make_instructor

MOST_TURNS = 50_000
SIGN_IN = Callable[[BrowserContext, User], None]


class Line:
    """Holds the requests of a page to addresses with an ending until the test lets them go on."""

    def __init__(self, page: Page, ending: str) -> None:
        self.page = page
        self.held: list[Route] = []
        self.texts: list[str] = []
        page.route(f"**/{ending}/", self.hold)

    def hold(self, route: Route) -> None:
        self.held.append(route)
        is_json = route.request.headers["content-type"] == "application/json"
        sent = route.request.post_data_json if is_json else {}
        self.texts.append(sent.get("markdown", ""))

    def wait_for(self, count: int) -> None:
        """Wait until that many requests have come in all."""
        for _turn in range(MOST_TURNS):
            if len(self.texts) >= count:
                return
            self.page.evaluate("() => 0")  # Playwright hands out requests while it waits
        pytest.fail(f"{len(self.texts)} requests of {count} came")

    def let_go(self) -> None:
        self.held.pop(0).continue_()

    def lose_answer(self) -> None:
        """Let the server get the request, and the page nothing back."""
        route = self.held.pop(0)
        route.fetch()
        route.abort()


@pytest.fixture
def lesson(live_site: str) -> Lesson:
    course = make_course((1,), title="Tea")
    set_instructors(course=course, instructors=[make_instructor("Ines Instructor")])
    return lessons_of(course)[0]


@pytest.fixture
def editor(lesson: Lesson, page: Page, sign_in: SIGN_IN) -> Page:
    """The editor of the lesson in Markdown, by a clock that the test sets."""
    sign_in(page.context, lesson.course.instructors.get())
    page.clock.install()
    page.goto(f"/studio/courses/tea/lessons/{lesson.key}/")
    page.get_by_role("button", name="Markdown", exact=True).click()
    expect(source(page)).to_be_visible()
    return page


def source(page: Page) -> Locator:
    return page.locator("textarea[name=body]")


def state(page: Page) -> Locator:
    return page.locator("[data-state]").first


def body_of(lesson: Lesson) -> str:
    return Lesson.objects.get(pk=lesson.pk).body


def test_slow_line_saves_one_text_at_a_time_and_the_latest_last(
    lesson: Lesson, editor: Page
) -> None:
    line = Line(editor, "text")
    source(editor).fill("One")
    editor.clock.run_for(2_000)
    line.wait_for(1)

    for text in ("Two", "Three"):
        source(editor).fill(text)
        editor.clock.run_for(2_000)
        editor.keyboard.press("Control+s")
    assert line.texts == ["One"]
    line.let_go()
    line.wait_for(2)
    line.let_go()

    expect(state(editor)).to_contain_text("Saved ")
    editor.clock.run_for(10_000)
    assert line.texts == ["One", "Three"]
    assert body_of(lesson) == "Three"
    expect(editor.locator(".conflict")).to_have_count(0)


def test_save_whose_answer_is_lost_does_not_meet_itself(lesson: Lesson, editor: Page) -> None:
    line = Line(editor, "text")
    source(editor).fill("One")
    editor.clock.run_for(2_000)
    line.wait_for(1)
    source(editor).fill("Two")
    line.lose_answer()
    expect(state(editor)).to_contain_text("No connection.")
    assert body_of(lesson) == "One"

    editor.clock.run_for(6_000)
    line.wait_for(2)
    line.let_go()
    line.wait_for(3)
    line.let_go()

    expect(state(editor)).to_contain_text("Saved ")
    assert line.texts == ["One", "One", "Two"]
    assert body_of(lesson) == "Two"


def test_somebody_else_is_met_after_a_lost_request(lesson: Lesson, editor: Page) -> None:
    line = Line(editor, "text")
    source(editor).fill("Mine")
    editor.clock.run_for(2_000)
    line.wait_for(1)
    line.held.pop().abort()
    expect(state(editor)).to_contain_text("No connection.")
    update_lesson(lesson=lesson, body="Theirs", author=make_instructor("Otto"))

    editor.clock.run_for(6_000)
    line.wait_for(2)
    line.let_go()

    expect(editor.get_by_role("heading", name="Somebody else has saved")).to_be_visible()
    expect(source(editor)).to_have_value("Mine")
    assert body_of(lesson) == "Theirs"


def test_text_that_the_server_breaks_at_does_not_keep_the_next_one(
    lesson: Lesson, editor: Page
) -> None:
    line = Line(editor, "text")
    source(editor).fill("Bad")
    for count in (1, 2):
        editor.clock.run_for(6_000)
        line.wait_for(count)
        line.held.pop().fulfill(status=500, headers={MADE_BY_TEST: "yes"})
        expect(state(editor)).to_contain_text("No connection.")
    source(editor).fill("Good")

    editor.clock.run_for(6_000)
    line.wait_for(3)
    line.let_go()

    expect(state(editor)).to_contain_text("Saved ")
    assert line.texts == ["Bad", "Bad", "Good"]
    assert body_of(lesson) == "Good"


def test_server_that_never_answers_is_asked_again(lesson: Lesson, editor: Page) -> None:
    line = Line(editor, "text")
    source(editor).fill("One")
    editor.clock.run_for(2_000)
    line.wait_for(1)

    editor.clock.run_for(61_000)
    expect(state(editor)).to_contain_text("No connection.")
    editor.clock.run_for(6_000)
    line.wait_for(2)
    line.held.pop().continue_()

    expect(state(editor)).to_contain_text("Saved ")
    assert body_of(lesson) == "One"


@pytest.mark.parametrize("ahead", ["Visual", "Markdown"])
def test_what_is_typed_while_the_form_is_turned_is_kept(
    lesson: Lesson, editor: Page, ahead: str
) -> None:
    if ahead == "Markdown":
        editor.get_by_role("button", name="Visual", exact=True).click()
        expect(editor.locator("[data-visual] .prose")).to_be_visible()
    typed = source(editor) if ahead == "Visual" else editor.locator("[data-visual] .prose")
    line = Line(editor, "draft")
    editor.get_by_role("button", name=ahead, exact=True).click()
    line.wait_for(1)

    typed.click()
    editor.keyboard.press("Control+End")
    editor.keyboard.type(" And more.")
    line.let_go()
    line.wait_for(2)
    line.let_go()

    if ahead == "Visual":
        expect(editor.locator("[data-visual] .prose")).to_have_text("Text. And more.")
    else:
        expect(source(editor)).to_have_value("Text. And more.\n")
    editor.clock.run_for(2_000)
    expect(state(editor)).to_contain_text("Saved ")
    assert body_of(lesson).strip() == "Text. And more."


def test_last_of_several_clicks_on_the_forms_counts(lesson: Lesson, editor: Page) -> None:
    line = Line(editor, "draft")
    editor.get_by_role("button", name="Visual", exact=True).click()
    line.wait_for(1)
    editor.get_by_role("button", name="Markdown", exact=True).click()
    line.let_go()
    source(editor).fill("Still Markdown")

    editor.clock.run_for(2_000)

    expect(state(editor)).to_contain_text("Saved ")
    expect(source(editor)).to_be_visible()
    assert line.texts == ["Text."]
    assert body_of(lesson) == "Still Markdown"


def test_links_and_forms_take_the_text_along(lesson: Lesson, editor: Page) -> None:
    line = Line(editor, "text")
    source(editor).fill("Published at once")
    editor.get_by_role("link", name="Settings", exact=True).click()
    line.wait_for(1)
    assert "settings" not in editor.url
    line.let_go()
    editor.wait_for_url("**/settings/")
    assert body_of(lesson) == "Published at once"


def test_browser_asks_before_unsaved_text_is_left(editor: Page) -> None:
    questions: list[str] = []
    editor.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    line = Line(editor, "text")
    source(editor).click()
    editor.keyboard.type("Unsaved")

    editor.get_by_role("link", name="History", exact=True).click()
    line.wait_for(1)
    line.held.pop().abort()

    expect(state(editor)).to_contain_text("No connection.")
    editor.clock.run_for(100)
    assert questions == ["beforeunload"]
    expect(source(editor)).to_have_value("Text.Unsaved")


def test_browser_asks_while_a_picture_is_on_its_way(lesson: Lesson, editor: Page) -> None:
    questions: list[str] = []
    editor.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    editor.get_by_role("button", name="Visual", exact=True).click()
    line = Line(editor, "attachments")
    editor.locator("[data-visual] .prose").click()
    editor.evaluate(PASTE, ["[data-visual] .prose", PIXEL])
    line.wait_for(1)

    editor.get_by_role("link", name="History", exact=True).click()
    editor.clock.run_for(100)
    assert questions == ["beforeunload"]
    line.let_go()

    expect(editor.locator("[data-visual] img[src*='dot.png']")).to_be_visible()
