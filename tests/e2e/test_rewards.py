"""A learner is rewarded: quietly, once, and where everyone can hear it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from stepwell.accounts.models import Role, User
from stepwell.courses.models import Course
from stepwell.gamification.models import PointEntry
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.e2e.conftest import PHONE
from tests.factories import enroll, lessons_of, make_course, make_user

SIGN_IN = Callable[[BrowserContext, User], None]
# How large an SVG's text is on the screen, in pixels.
DRAWN_SIZE = "e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a"
LESSON = "/courses/small-steps/lessons/lesson-11/"


@pytest.fixture
def learner(live_site: str) -> User:
    learner = make_user("Lara Learner")
    enroll(make_course((1, 1), title="Small steps"), learner)
    return learner


def top_of(element: Locator) -> float:
    return float(element.evaluate("e => e.getBoundingClientRect().top"))


def bottom_of(element: Locator) -> float:
    return float(element.evaluate("e => e.getBoundingClientRect().bottom"))


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_learner_is_celebrated_once_and_sees_what_for(
    learner: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
    size: str,
) -> None:
    context = open_context(**({"viewport": PHONE} if size == "phone" else {}))
    sign_in(context, learner)
    page = context.new_page()
    celebration, said = page.locator("#celebration"), page.locator("#announcements")

    page.goto(LESSON)
    expect(celebration).to_be_empty()
    page.keyboard.press("c")
    expect(celebration).to_contain_text("New badge: First step.")
    expect(said).to_contain_text("New badge: First step.")
    check_accessibility(page)

    # Taken back and completed again: the same lesson, no second time.
    page.locator("#completion-end").get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("Lesson open again.")
    page.reload()
    page.keyboard.press("c")
    expect(said).to_contain_text("Lesson completed.")
    expect(celebration).to_be_empty()
    page.reload()
    expect(celebration).to_be_empty()

    page.goto("/courses/small-steps/lessons/lesson-21/")
    page.keyboard.press("c")
    expect(celebration).to_contain_text("You reached level 3.")
    check_accessibility(page)
    celebration.get_by_role("link", name="See your profile").click()

    expect(page.get_by_role("progressbar", name="Level")).to_have_attribute(
        "aria-valuetext", "Level 3, 50 points to level 4"
    )
    page.locator(".year").scroll_into_view_if_needed()
    today, weekday = page.locator(".year-cells rect").last, page.locator(".year-days text").first
    expect(today).to_be_in_viewport(ratio=0.9)
    expect(weekday).to_be_in_viewport(ratio=0.9)
    assert weekday.evaluate(DRAWN_SIZE) >= 11
    page.get_by_text("The same as a table").click()
    check_accessibility(page)
    page.get_by_role("link", name="What for?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("160 points")
    expect(page.get_by_role("row")).to_have_count(6)
    assert PointEntry.objects.count() == 5


def test_both_buttons_pressed_on_a_slow_line_bring_the_news_once(
    learner: User, open_context: Callable[..., BrowserContext], sign_in: SIGN_IN
) -> None:
    context = open_context()
    sign_in(context, learner)
    page = context.new_page()
    page.goto(LESSON)
    sent: list[Route] = []
    page.route("**/completion/", lambda route: sent.append(route))  # noqa: PLW0108  Playwright marks it
    for place in ("end", "top"):
        page.locator(f"#completion-button-{place}").click()
        expect(page.locator("#lesson-steps")).to_contain_text("1 of 2 lessons completed")
    for each in sent:
        each.continue_()

    expect(page.locator("#celebration")).to_contain_text("New badge: First step.")
    assert len(sent) == 1


def test_finished_course_is_told_in_little_space_on_a_phone(
    learner: User, open_context: Callable[..., BrowserContext], sign_in: SIGN_IN
) -> None:
    complete_lesson(user=learner, lesson=lessons_of(Course.objects.get())[0], origin=Origin.WEB)
    make_course((1,), title="A course with a title that takes two lines")
    context = open_context(viewport=PHONE)
    sign_in(context, learner)
    page = context.new_page()
    page.goto("/courses/small-steps/lessons/lesson-21/")
    page.keyboard.press("c")
    told = page.locator("#celebration dialog")
    close, title = told.get_by_role("button", name="Close"), told.locator(".celebration-title")

    expect(told.get_by_role("link", name="Next course")).to_be_visible()
    assert top_of(close) < bottom_of(title)  # beside it
    page.set_viewport_size({"width": 390, "height": 400})
    assert bottom_of(told) - top_of(told) <= 240
    told.evaluate("dialog => dialog.scrollTo(0, dialog.scrollHeight)")
    expect(close).to_be_in_viewport()
    close.click()
    expect(told).to_be_hidden()

    page.goto("/learn/")
    review, steps = page.get_by_role("link", name="Review"), page.locator(".row-steps")
    assert top_of(review) < bottom_of(steps)


def test_learner_sets_a_goal_and_leaves_the_leaderboard(
    learner: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
) -> None:
    context = open_context()
    sign_in(context, learner)
    page = context.new_page()
    page.goto(LESSON)
    page.keyboard.press("c")
    expect(page.locator("#announcements")).to_contain_text("Lesson completed.")
    page.get_by_role("link", name="Leaderboard").click()
    mine = page.get_by_role("row").filter(has_text="Lara Learner")
    expect(mine).to_contain_text("30")
    expect(mine).to_have_attribute("aria-current", "true")

    page.goto(f"/members/{learner.handle}/")
    expect(page.get_by_label("How many each week")).to_be_hidden()
    page.get_by_label("Weekly goal").select_option("a number of lessons")
    page.get_by_label("How many each week").fill("2")
    page.get_by_role("button", name="Set goal").click()
    expect(page.get_by_text("1 of 2 lessons this week")).to_be_visible()
    page.get_by_role("button", name="Hide my points").click()
    expect(page.get_by_text("Nobody else sees your points now.")).to_be_visible()
    check_accessibility(page)

    page.get_by_role("link", name="Leaderboard").click()
    expect(page.get_by_text("You are not on the leaderboard.")).to_be_visible()
    expect(mine).to_have_count(0)
    check_accessibility(page)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_course_of_the_leaderboard_applies_when_it_is_chosen(
    learner: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
    has_script: bool,
) -> None:
    other = enroll(make_course((1,), title="Other"), learner)
    complete_lesson(user=learner, lesson=lessons_of(other.course)[0], origin=Origin.WEB)
    context = open_context(java_script_enabled=has_script)
    sign_in(context, learner)
    page = context.new_page()
    page.goto("/leaderboard/?period=all")
    rows, course = page.get_by_role("row"), page.get_by_label("Points of")
    show = page.get_by_role("button", name="Show")
    expect(rows.filter(has_text="Lara Learner")).to_have_attribute("aria-current", "true")
    expect(show).to_have_count(0 if has_script else 1)

    course.focus()
    course.select_option("Small steps")
    if not has_script:
        show.click()
    expect(page.get_by_text("Points of “Small steps”")).to_be_visible()
    expect(rows).to_have_count(0)
    if has_script:
        expect(course).to_be_focused()
        check_accessibility(page)
    page.get_by_role("link", name="This month").click()

    page.wait_for_url("**/leaderboard/?period=month&course=small-steps")
    expect(course).to_have_value("small-steps")


def test_owner_corrects_points_with_a_reason(
    learner: User,
    open_context: Callable[..., BrowserContext],
    sign_in: SIGN_IN,
    check_accessibility: Callable[[Page], None],
) -> None:
    context = open_context()
    sign_in(context, make_user("Olga Owner", role=Role.OWNER))
    page = context.new_page()
    page.goto(f"/members/{learner.handle}/points/")
    page.get_by_label("Points", exact=True).fill("-10")
    page.get_by_role("button", name="Save the correction").click()
    # The browser asks for the reason itself.
    page.get_by_label("Why").fill("Taken for a test.")
    page.get_by_role("button", name="Save the correction").click()

    expect(page.get_by_role("row").last).to_contain_text("Correction: Taken for a test.")
    check_accessibility(page)
