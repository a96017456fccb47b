"""What Back shows: the truth of now, and nothing of somebody who has signed out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_started
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from tests.e2e.conftest import CHROMIUM, PATIENCE, SWITCHES
from tests.factories import enroll, make_course, make_user


@pytest.fixture(params=["--disable-back-forward-cache", "--enable-automation"])
def page(request: pytest.FixtureRequest, browser: Browser, live_site: str) -> Iterator[Page]:
    """A page of a browser without one of Playwright's switches.

    Without the first it goes back as people's do, to a page that it kept alive; without the other
    as one that is short of memory, to a page that it kept on disk.
    """
    launch = browser.browser_type.launch
    other = launch(executable_path=CHROMIUM, args=SWITCHES, ignore_default_args=[request.param])
    page = other.new_page(base_url=live_site)
    page.set_default_timeout(PATIENCE)
    yield page
    other.close()


@pytest.fixture
def learner(page: Page, sign_in: Callable[[BrowserContext, User], None]) -> User:
    person = make_user("Nia Walker")
    sign_in(page.context, person)
    return person


@pytest.fixture
def course(learner: User) -> Course:
    course = make_course((2,), title="Small steps")
    enroll(course, learner)
    return course


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The addresses that the server was asked for."""
    asked: list[str] = []

    def note(environ: dict[str, Any], **_more: Any) -> None:
        asked.append(environ["PATH_INFO"])

    request_started.connect(note)
    yield asked
    request_started.disconnect(note)


def test_next_lesson_is_fetched_once_and_knows_what_is_completed(
    page: Page, course: Course, asked: list[str]
) -> None:
    following = f"{course.get_absolute_url()}lessons/lesson-12/"
    page.goto(f"{course.get_absolute_url()}lessons/lesson-11/", wait_until="networkidle")
    assert following not in asked
    with page.context.expect_event("request", lambda request: request.url.endswith(following)):
        page.locator("#completion-button-end").click()
    page.wait_for_load_state("networkidle")
    page.locator("#completion-end").get_by_role("link", name="Next lesson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson 1.2")
    expect(page.locator("#lesson-outline li").first).to_have_class("is-completed")
    assert asked.count(following) == 1


def test_back_shows_the_progress_of_now(page: Page, course: Course) -> None:
    page.goto("/learn/")
    page.get_by_role("link", name="Start with “Lesson 1.1”").click()
    page.wait_for_url("**/lesson-11/")  # with its scripts; a form sent without is one page more
    page.locator("#completion-button-end").click()
    expect(page.locator("#completion-button-end")).to_have_text("Next lesson")
    page.go_back()
    expect(page).to_have_url("/learn/")
    expect(page.get_by_text("1 of 2 lessons completed").first).to_be_visible()


def test_back_after_signing_out_shows_nothing_private(page: Page, course: Course) -> None:
    page.goto("/learn/")
    expect(page.get_by_text("Small steps").first).to_be_visible()
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Small steps")).to_have_count(0)
