"""Without a connection: our own pages instead of the browser's, and nothing private in them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning.models import LearningEvent
from tests.e2e.test_prefetch import Fetched, complete_and_wait, fetched  # noqa: F401  a fixture
from tests.factories import enroll, lessons_of, make_course, make_user


@pytest.fixture
def course(live_site: str, page: Page, sign_in: Callable[[BrowserContext, User], None]) -> Course:
    """A course of three lessons, whose learner is signed in and has a service worker."""
    course, person = make_course([3]), make_user("Nia Walker")
    enroll(course, person)
    sign_in(page.context, person)
    page.goto("/learn/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    return course


def kept(page: Page) -> dict[str, str]:
    """Return what the browser keeps for the site: addresses with their texts."""
    found: dict[str, str] = page.evaluate("""async () => {
        const kept = {};
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys())
                kept[new URL(request.url).pathname] = await (await cache.match(request)).text();
        }
        return kept;
    }""")
    return found


def test_page_without_a_connection_is_ours_and_can_be_tried_again(
    course: Course, page: Page, check_accessibility: Callable[[Page], None]
) -> None:
    second = lessons_of(course)[1].get_absolute_url()
    page.goto(lessons_of(course)[0].get_absolute_url())
    page.context.set_offline(True)
    page.locator(".neighbor-next").click()

    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    check_accessibility(page)
    assert page.url.endswith(second)
    assert page.evaluate("getComputedStyle(document.body).display") == "flex"  # our styles
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1, name="Lesson 1.2")).to_be_visible()


def test_form_sent_without_a_connection_says_that_nothing_is_recorded(
    course: Course, page: Page, check_accessibility: Callable[[Page], None]
) -> None:
    page.goto(course.get_absolute_url())
    page.locator("summary", has_text="Unenroll").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Unenroll").click()

    expect(page.get_by_role("heading", name="This was not recorded")).to_be_visible()
    check_accessibility(page)
    page.context.set_offline(False)
    assert not LearningEvent.objects.filter(kind="unenrolled").exists()


def test_lesson_fetched_beforehand_opens_without_a_connection(
    course: Course,
    page: Page,
    fetched: Fetched,  # noqa: F811  the fixture
) -> None:
    first, second, _third = (lesson.get_absolute_url() for lesson in lessons_of(course))
    complete_and_wait(page, first, fetched)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.locator("#completion-end").get_by_role("link", name="Next lesson").click()

    expect(page.get_by_role("heading", level=1, name="Lesson 1.2")).to_be_visible()
    assert page.url.endswith(second)
    page.context.set_offline(False)


def test_browser_keeps_nothing_of_a_person(course: Course, page: Page) -> None:
    page.goto(lessons_of(course)[0].get_absolute_url())
    page.goto("/learn/")
    texts = kept(page)

    assert {"/offline/", "/offline/unsent/"} < set(texts)
    assert not [path for path in texts if not path.startswith(("/offline/", "/static/"))]
    assert not [path for path, text in texts.items() if "Nia" in text]


def test_back_after_signing_out_without_a_connection_shows_nothing_private(
    course: Course, page: Page
) -> None:
    page.goto(lessons_of(course)[0].get_absolute_url())
    page.goto("/learn/")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    page.context.set_offline(True)
    page.go_back()

    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.get_by_text("Nia Walker")).to_have_count(0)
    page.context.set_offline(False)


def test_switch_without_a_connection_says_that_nothing_is_recorded(
    course: Course, page: Page
) -> None:
    page.goto(lessons_of(course)[0].get_absolute_url())
    page.keyboard.press("?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Turn keys off").click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("There is no connection, so this was not recorded.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Turn keys off").click()

    expect(page.get_by_text("The keys are off.")).to_be_visible()
    expect(alert).to_have_count(0)
