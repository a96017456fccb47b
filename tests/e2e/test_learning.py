"""A learner's way through a course, as people walk it."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import BrowserContext, Page, Route, expect

from stepwell.accounts.models import Role, User
from stepwell.courses.models import Course
from stepwell.learning.models import LearningEvent
from tests.e2e.conftest import PHONE
from tests.factories import enroll, make_course, make_user

FAILURE = "This was not recorded: there is no connection. The lesson is still open. Try again."
PASSWORD = "a calm desk by the window"


@pytest.fixture
def course(live_site: str) -> Course:
    make_user("Olga Owner", role=Role.OWNER)
    return make_course((2, 1), title="Small steps")


def sign_up(page: Page, course: Course) -> None:
    page.goto(course.get_absolute_url())
    page.get_by_role("link", name="Sign up to enroll").click()
    page.get_by_label("Your name").fill("Nia Walker")
    page.get_by_label("Email").fill("nia@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/accounts/confirm-email/**")
    link = re.search(r"https?://\S+/accounts/confirm-email/\S+", str(mail.outbox[-1].body))
    assert link
    page.goto(link[0])
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button").click()


def complete(page: Page) -> None:
    page.locator("#completion-end").get_by_role("button", name="Mark complete").click()
    expect(page.locator("#completion-end")).to_contain_text("Completed")


def go_on(page: Page) -> None:
    page.locator("#completion-end").get_by_role("link", name="Next lesson").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_course_from_sign_up_to_the_end_and_back(
    course: Course,
    open_context: Callable[..., BrowserContext],
    check_accessibility: Callable[[Page], None],
    has_script: bool,
    size: str,
) -> None:
    options = {"viewport": PHONE} if size == "phone" else {}
    page = open_context(java_script_enabled=has_script, **options).new_page()
    scan = check_accessibility if has_script else (lambda _page: None)

    sign_up(page, course)
    page.goto(course.get_absolute_url())
    scan(page)
    page.get_by_role("button", name="Enroll", exact=True).click()
    expect(page.get_by_role("progressbar")).to_have_attribute(
        "aria-valuetext", "0 of 3 lessons completed"
    )
    scan(page)

    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.1")
    scan(page)
    complete(page)
    steps = page.locator("#lesson-steps").get_by_text("1 of 3 lessons completed")
    expect(steps).to_have_count(1)
    scan(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.2")

    page.goto("/learn/")
    scan(page)
    page.get_by_role("link", name="Continue with “Lesson 1.2”").click()
    complete(page)
    go_on(page)
    complete(page)
    said = page.locator("#celebration") if has_script else page.locator(".messages")
    expect(said).to_contain_text("You finished “Small steps”.")
    expect(said).to_contain_text(re.compile(r"It gave you \d+ points\."))
    scan(page)
    page.goto("/learn/")
    expect(page.get_by_text("You finished all your courses")).to_be_visible()
    scan(page)
    page.go_back()
    page.locator("#completion-end").get_by_role("link", name="See the course").click()
    expect(page.get_by_text("You completed every lesson.")).to_be_visible()
    scan(page)

    page.locator("summary", has_text="Unenroll").click()
    page.get_by_role("button", name="Unenroll").click()
    expect(page.get_by_text("You’re no longer enrolled. Your progress is kept.")).to_be_visible()
    page.get_by_role("button", name="Enroll", exact=True).click()
    expect(page.get_by_role("progressbar")).to_have_attribute(
        "aria-valuetext", "3 of 3 lessons completed"
    )
    kinds = list(LearningEvent.objects.values_list("kind", flat=True))
    assert kinds == [
        "enrolled", "completed", "completed", "completed", "finished", "unenrolled", "enrolled"
    ]  # fmt: skip


@pytest.fixture
def learner(page: Page, sign_in: Callable[[BrowserContext, User], None]) -> User:
    person = make_user("Nia Walker")
    sign_in(page.context, person)
    return person


def open_first_lesson(page: Page, course: Course) -> None:
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Enroll", exact=True).click()
    page.get_by_role("link", name="Start").click()
    page.wait_for_url("**/lessons/lesson-11/", wait_until="load")


def test_lesson_is_walked_with_keys_alone(course: Course, page: Page, learner: User) -> None:
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Enroll", exact=True).press("Enter")
    page.get_by_role("link", name="Start").press("Enter")
    page.wait_for_url("**/lessons/lesson-11/", wait_until="load")
    page.keyboard.press("c")
    button = page.locator("#completion-button-end")
    expect(button).to_have_text("Next lesson")
    expect(page.locator("#announcements")).to_contain_text("Lesson completed. 1 of 3")
    page.keyboard.press("c")
    expect(button).to_have_text("Mark complete")
    page.keyboard.press("n")
    page.wait_for_url("**/lessons/lesson-12/", wait_until="load")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.2")
    page.keyboard.press("p")
    page.wait_for_url("**/lessons/lesson-11/", wait_until="load")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.1")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.get_by_role("dialog").evaluate("dialog => dialog.offsetWidth") <= 24 * 16


@pytest.mark.parametrize("place", ["list", "settings"])
def test_keys_are_turned_off_and_on_again(
    course: Course,
    page: Page,
    learner: User,
    check_accessibility: Callable[[Page], None],
    place: str,
) -> None:
    open_first_lesson(page, course)
    lesson = page.url
    if place == "settings":
        page.goto("/accounts/settings/")
        check_accessibility(page)
    else:
        page.get_by_role("button", name="Keys", exact=True).click()
        check_accessibility(page)
    page.get_by_role("button", name="Turn keys off").click()
    expect(page.get_by_text("The keys are off.")).to_be_visible()

    page.goto(lesson)
    for key in "c?np":
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == lesson
    page.get_by_role("button", name="Keys", exact=True).click()
    page.get_by_role("button", name="Turn keys on").click()
    expect(page.get_by_text("The keys are on.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("c")

    expect(page.locator("#completion-button-end")).to_have_text("Next lesson")


def test_keys_do_nothing_with_a_modifier_while_typing_or_when_repeated(
    course: Course, page: Page, learner: User
) -> None:
    open_first_lesson(page, course)
    page.evaluate("""() => {
        document.querySelector(".prose").innerHTML =
            "<input><textarea></textarea><select><option>c</select><p contenteditable>x</p>";
        const send = (options) => document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key: "c", bubbles: true, ...options }));
        for (const modifier of ["ctrlKey", "altKey", "metaKey", "shiftKey", "modifierAltGraph"])
            send({ [modifier]: true });
        send({ isComposing: true });
        send({ repeat: true });
    }""")
    for field in page.locator(".prose").locator("input, textarea, select, p").all():
        field.press("c")
    page.evaluate("document.activeElement.blur()")
    for modifier in ("Control", "Alt", "Meta"):
        page.keyboard.press(f"{modifier}+c")
    expect(page.locator("#completion-button-end")).to_have_text("Mark complete")
    assert not LearningEvent.objects.filter(kind="completed").exists()

    page.keyboard.press("c")
    expect(page.locator("#completion-button-end")).to_have_text("Next lesson")


def test_focus_moves_to_the_next_step_after_completing(
    course: Course, page: Page, learner: User
) -> None:
    open_first_lesson(page, course)
    page.locator("#completion-button-end").press("Enter")
    expect(page.locator("#completion-button-end")).to_have_text("Next lesson")
    expect(page.locator("#completion-button-end")).to_be_focused()


def test_refused_completion_puts_the_page_right(course: Course, page: Page, learner: User) -> None:
    open_first_lesson(page, course)
    end = page.locator("#completion-end")
    page.context.set_offline(True)
    page.locator("#completion-button-end").click()
    expect(end.get_by_role("alert")).to_have_text(FAILURE)
    expect(end.get_by_text("This was not recorded")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("This was not recorded")).to_have_count(1)
    expect(page.locator("#lesson-outline li").first).not_to_have_class(re.compile("is-completed"))
    page.context.set_offline(False)
    complete(page)
    expect(page.get_by_text("This was not recorded")).to_have_count(0)


def test_steps_and_count_move_before_the_server_answers(
    course: Course, page: Page, learner: User
) -> None:
    open_first_lesson(page, course)
    waiting: list[Route] = []
    page.route("**/completion/", lambda route: waiting.append(route))  # noqa: PLW0108  Playwright marks it
    steps, tick = page.locator("#lesson-steps"), page.locator("#lesson-outline li").first
    page.locator("#completion-button-end").click()
    expect(steps).to_contain_text("1 of 3 lessons completed")
    expect(steps.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "1")
    expect(tick).to_have_class("is-completed")
    page.locator("#completion-button-top").click()
    expect(steps).to_contain_text("1 of 3 lessons completed")
    for request in waiting:
        request.abort()
    expect(steps).to_contain_text("0 of 3 lessons completed")
    expect(tick).not_to_have_class("is-completed")

    page.unroute("**/completion/")
    complete(page)
    expect(steps).to_contain_text("1 of 3 lessons completed")
    page.locator("#completion-end").get_by_role("button", name="Undo").click()
    expect(steps).to_contain_text("0 of 3 lessons completed")
    expect(page.locator("#completion-end")).to_contain_text("Mark complete")


def test_completion_after_the_session_ended_leads_to_sign_in_and_back(
    course: Course, page: Page, learner: User
) -> None:
    open_first_lesson(page, course)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.evaluate("""
        const item = document.querySelector("#lesson-outline li");
        for (const moment of ["beforeRequest", "afterRequest"])
            addEventListener(`htmx:${moment}`, () => sessionStorage[moment] = item.className);
    """)
    page.locator("#completion-button-end").click()
    page.wait_for_url("**/accounts/login/?next=/courses/small-steps/lessons/lesson-11/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    ticks = page.evaluate("[sessionStorage.beforeRequest, sessionStorage.afterRequest]")
    assert ticks == ["is-completed", ""]


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_module_of_a_long_course_is_opened_from_a_lesson(
    live_site: str,
    open_context: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext, User], None],
    check_accessibility: Callable[[Page], None],
    has_script: bool,
) -> None:
    long, learner = make_course((31, 31), title="Long stairs"), make_user()
    enroll(long, learner)
    context = open_context(java_script_enabled=has_script)
    sign_in(context, learner)
    page = context.new_page()
    page.goto("/courses/long-stairs/lessons/lesson-11/")

    module = page.get_by_role("group").filter(has_text="Module 2")
    module.locator("summary").focus()
    page.keyboard.press("Enter")
    if not has_script:
        module.get_by_role("link", name="Show the lessons").click()
    lesson = page.get_by_role("link", name="Lesson 2.31")
    expect(lesson).to_be_visible()
    if has_script:
        check_accessibility(page)
    lesson.click()

    expect(page.get_by_role("heading", level=1, name="Lesson 2.31")).to_be_visible()
