"""The next lesson is there before it is asked for, and never tells of what was before."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from django.core.signals import request_started
from playwright.sync_api import Page, expect

from stepwell.courses.models import Course
from tests.e2e.conftest import PATIENCE
from tests.factories import enroll, lessons_of, make_course, make_user


@pytest.fixture
def course(live_site: str, page: Page, sign_in: Callable[..., None]) -> Course:
    """A course of two lessons, whose learner is signed in."""
    course, person = make_course([2]), make_user("Nia Walker")
    enroll(course, person)
    sign_in(page.context, person)
    # A page fetched before the service worker is there is not used once it is.
    page.goto("/learn/")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    return course


class Fetched:
    """What browsers fetched beforehand: addresses in their order."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.news = Event()

    def note(self, environ: dict[str, Any], **_sent: object) -> None:
        if environ.get("HTTP_SEC_PURPOSE", "").startswith("prefetch"):
            self.paths.append(environ["PATH_INFO"])
            self.news.set()

    def wait(self) -> None:
        """Return once there was another one."""
        assert self.news.wait(PATIENCE / 1000)
        self.news.clear()


@pytest.fixture
def fetched() -> Iterator[Fetched]:
    fetched = Fetched()
    request_started.connect(fetched.note)
    yield fetched
    request_started.disconnect(fetched.note)


def delivery(page: Page) -> str:
    found: str = page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType")
    return found


def complete_and_wait(page: Page, address: str, fetched: Fetched) -> None:
    page.goto(address)
    page.locator("#completion-end").get_by_role("button", name="Mark complete").click()
    expect(page.locator("#completion-end")).to_contain_text("Completed")
    fetched.wait()


def test_next_lesson_is_fetched_when_a_lesson_is_completed(
    course: Course, page: Page, fetched: Fetched
) -> None:
    first, second = (lesson.get_absolute_url() for lesson in lessons_of(course))
    complete_and_wait(page, first, fetched)
    page.locator("#completion-end").get_by_role("link", name="Next lesson").click()
    page.wait_for_url(f"**{second}", wait_until="load")

    assert (fetched.paths, delivery(page)) == ([second], "navigational-prefetch")
    expect(page.locator("#lesson-outline .is-completed")).to_have_count(1)


def test_course_page_fetches_the_lesson_to_start_with(
    course: Course, page: Page, fetched: Fetched
) -> None:
    first, _second = (lesson.get_absolute_url() for lesson in lessons_of(course))
    page.goto(course.get_absolute_url())
    fetched.wait()
    page.get_by_role("link", name="Start").click()
    page.wait_for_url(f"**{first}", wait_until="load")

    assert (fetched.paths, delivery(page)) == ([first], "navigational-prefetch")


def test_what_was_fetched_before_an_undo_is_not_shown(
    course: Course, page: Page, fetched: Fetched
) -> None:
    first, second = (lesson.get_absolute_url() for lesson in lessons_of(course))
    complete_and_wait(page, first, fetched)
    page.locator("#completion-end").get_by_role("button", name="Undo").click()
    expect(page.locator("#completion-end")).to_contain_text("Mark complete")
    page.keyboard.press("n")
    page.wait_for_url(f"**{second}", wait_until="load")

    expect(page.locator("#lesson-outline .is-completed")).to_have_count(0)
