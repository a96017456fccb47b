"""A lesson's own video goes on at the stored place, and never stores over it unseen."""

import wave
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, expect

from stepwell.courses.actions import save_attachment, update_lesson
from stepwell.courses.models import Lesson
from stepwell.learning.actions import remember_video_position
from stepwell.learning.models import VideoPosition
from tests.e2e.conftest import PATIENCE
from tests.factories import enroll, lessons_of, make_course, make_user

STORED = 41
LENGTH = 90


def film(seconds: int) -> ContentFile[bytes]:
    """Silence, which players show as they do a film; browsers look at the content, not the name."""
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 3000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 3000 * seconds)
    return ContentFile(file.getvalue(), name="talk.webm")


def put_film(lesson: Lesson, seconds: int) -> None:
    save_attachment(course=lesson.course, name="talk.webm", content=film(seconds))
    update_lesson(lesson=lesson, video="assets/talk.webm")


@pytest.fixture
def lesson(live_site: str, page: Page, sign_in: Callable[..., None]) -> Lesson:
    """A lesson with a film, in whose middle its learner has stopped."""
    lesson, person = lessons_of(make_course([2]))[0], make_user("Nia Walker")
    put_film(lesson, LENGTH)
    enroll(lesson.course, person)
    remember_video_position(user=person, lesson=lesson, seconds=STORED)
    sign_in(page.context, person)
    return lesson


def now_at(page: Page) -> float:
    found: float = page.evaluate("document.querySelector('video').currentTime")
    return found


def wait_for(page: Page, seconds: float) -> None:
    page.wait_for_function(
        "least => document.querySelector('video').currentTime >= least", arg=seconds
    )


def play(page: Page) -> None:
    page.evaluate("document.querySelector('video').play()")


def stored() -> int:
    return VideoPosition.objects.get().seconds


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    """Look until it is so, a frame apart; meanwhile routes that came in are handled."""
    for _frame in range(PATIENCE // 16):
        if is_so():
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    pytest.fail("It did not become so.")


class Line:
    """The way to the server for places: what goes out is noted, answers wait until let through."""

    def __init__(self, page: Page) -> None:
        self.page, self.sent, self.waiting = page, list[int](), list[Route]()
        page.route("**/video-position/", self.pass_on)

    def pass_on(self, route: Route) -> None:
        if route.request.method == "POST":
            self.sent.append(int(parse_qs(route.request.post_data or "")["seconds"][0]))
            route.continue_()
        else:
            self.waiting.append(route)

    def answer(self) -> None:
        wait_until(self.page, lambda: bool(self.waiting))
        self.waiting.pop().continue_()


def test_video_played_before_its_place_is_known_goes_on_there(page: Page, lesson: Lesson) -> None:
    line = Line(page)
    page.goto(lesson.get_absolute_url())
    play(page)
    wait_for(page, 1)
    page.evaluate("document.querySelector('video').pause()")
    play(page)
    line.answer()
    wait_for(page, STORED)
    page.goto("/learn/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert stored() in range(STORED, STORED + 15)
    assert min(line.sent, default=STORED) >= STORED


def test_page_left_before_the_place_is_known_stores_nothing(page: Page, lesson: Lesson) -> None:
    line = Line(page)
    page.goto(lesson.get_absolute_url())
    play(page)
    wait_for(page, 2)
    page.goto("/learn/")

    assert (line.sent, stored()) == ([], STORED)


def test_page_only_looked_at_leaves_what_another_tab_stored(page: Page, lesson: Lesson) -> None:
    line = Line(page)
    page.goto(lesson.get_absolute_url())
    line.answer()
    wait_for(page, STORED)
    remember_video_position(user=VideoPosition.objects.get().user, lesson=lesson, seconds=70)
    page.goto("/learn/")

    assert (line.sent, stored()) == ([], 70)


def test_place_that_the_learner_chose_meanwhile_wins(page: Page, lesson: Lesson) -> None:
    line = Line(page)
    page.goto(lesson.get_absolute_url())
    page.wait_for_function("() => document.querySelector('video').readyState > 0")
    page.evaluate("document.querySelector('video').currentTime = 5")
    with page.expect_response("**/video-position/"):
        line.answer()
    play(page)
    wait_for(page, 6)
    page.evaluate("document.querySelector('video').pause()")
    wait_until(page, lambda: int(now_at(page)) in line.sent)

    assert now_at(page) < STORED
    assert max(line.sent) < STORED


@pytest.mark.parametrize("length", [30, 43], ids=["shorter", "about-to-end"])
def test_place_behind_the_end_of_a_replaced_video_is_its_start(
    page: Page, lesson: Lesson, length: int
) -> None:
    put_film(lesson, length)
    page.goto(lesson.get_absolute_url())
    with page.expect_response("**/video-position/"):
        play(page)
    wait_for(page, 1)

    assert now_at(page) < STORED - 1


def test_video_seen_to_its_end_begins_at_its_start_again(page: Page, lesson: Lesson) -> None:
    line = Line(page)
    page.goto(lesson.get_absolute_url())
    line.answer()
    wait_for(page, STORED)
    page.evaluate(f"document.querySelector('video').currentTime = {LENGTH - 1}")
    play(page)
    page.wait_for_function("() => document.querySelector('video').ended")
    page.goto("/learn/")
    wait_until(page, lambda: 0 in line.sent and stored() == 0)

    assert line.sent[-1] == 0
