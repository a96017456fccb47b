"""Lessons and courses that were taken back while somebody learned in them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stepwell.accounts.models import User
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    create_page,
    unpublish_course,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, Origin
from tests.api.calls import Caller, refused
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

LESSON = "/courses/tea/lessons/lesson-11/"
HIDINGS: dict[str, Callable[[Lesson], object]] = {
    "hidden": lambda lesson: unpublish_lesson(lesson=lesson),
    "archived": lambda lesson: archive_lesson(lesson=lesson),
    "module": lambda lesson: archive_module(module=lesson.module),
    "renamed and archived": lambda lesson: archive_lesson(
        lesson=update_lesson(lesson=lesson, slug="leaves")
    ),
}
Closing = tuple[Callable[..., Course], str, str]
CLOSINGS: dict[str, Closing] = {
    "closed": (unpublish_course, "course_not_open", "is being edited"),
    "archived": (archive_course, "course_withdrawn", "was withdrawn"),
}


@pytest.fixture
def course() -> Course:
    course = make_course([1, 1], title="Tea")
    create_page(lesson=lessons_of(course)[0], title="Task")
    return course


@pytest.fixture
def learner(client: Client, course: Course) -> User:
    learner = enroll(course).user
    client.force_login(learner)
    return learner


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_lesson_that_is_gone_says_so_and_leads_on(
    client: Client, course: Course, learner: User, hide: Callable[[Lesson], object]
) -> None:
    lesson = lessons_of(course)[0]
    hide(lesson)

    answers = [
        client.get(LESSON),
        client.get(f"/lessons/{lesson.key}/"),
        client.get(f"/pages/{lesson.pages.get().key}/"),
        client.get(f"{LESSON}pages/task/", follow=True),
        client.post(f"{LESSON}completion/", {"state": "completed"}),
        client.post(f"{LESSON}completion/", {"state": "open"}),
        client.post(f"/lessons/{lesson.key}/video-position/", {"seconds": "3"}),
    ]

    for answer in answers:
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "This lesson is no longer part of “Tea”. Your progress is kept." in page
        assert 'href="/courses/tea/lessons/lesson-21/"' in page
        assert 'href="/courses/tea/"' in page


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_lesson_that_is_gone_says_so_in_the_page_that_is_open(
    client: Client, course: Course, learner: User, hide: Callable[[Lesson], object]
) -> None:
    lesson = lessons_of(course)[0]
    hide(lesson)

    answer = client.post(
        f"{LESSON}completion/", {"state": "completed"}, headers={"HX-Request": "true"}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("This lesson is no longer part of “Tea”.") == 2
    assert 'id="completion-top"' in page
    assert 'id="completion-end"' in page
    assert "0 of 1" in page
    assert "<html" not in page


def test_lesson_that_is_gone_leads_to_the_course_where_nothing_is_open(
    client: Client, course: Course, learner: User
) -> None:
    first, second = lessons_of(course)
    complete_lesson(user=learner, lesson=second, origin=Origin.WEB)
    archive_lesson(lesson=first)

    page = client.get(LESSON).content.decode()

    assert "next open lesson" not in page
    assert 'href="/courses/tea/"' in page


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_api_says_that_a_lesson_is_gone(
    course: Course, learner: User, hide: Callable[[Lesson], object]
) -> None:
    lesson = lessons_of(course)[0]
    hide(lesson)
    path = f"lessons/{lesson.key}/completion"

    for caller, wanted in [
        (Caller(learner), (409, "lesson_not_visible")),
        (Caller(make_user()), (404, "not_found")),
    ]:
        for answer in (caller.put(path), caller.delete(path), caller.post(f"{path}/toggle")):
            assert refused(answer) == wanted


@pytest.mark.parametrize("hide", HIDINGS.values(), ids=HIDINGS)
def test_strangers_are_told_nothing_of_a_lesson_that_is_gone(
    client: Client, course: Course, hide: Callable[[Lesson], object]
) -> None:
    hide(lessons_of(course)[0])

    assert client.get(LESSON).status_code == 404
    client.force_login(make_user())
    assert client.get(LESSON).status_code == 404
    assert client.post(f"{LESSON}completion/", {"state": "completed"}).status_code == 404


@pytest.mark.parametrize("closing", CLOSINGS.values(), ids=CLOSINGS)
def test_course_that_is_taken_back_says_so_on_pages_and_over_the_api(
    client: Client, course: Course, learner: User, closing: Closing
) -> None:
    close, code, words = closing
    lesson = lessons_of(course)[0]
    close(course=course)
    posted: list[tuple[str, dict[str, Any]]] = [
        (f"{LESSON}completion/", {"state": "completed"}),
        ("/courses/tea/start-over/", {}),
        ("/courses/tea/enrollment/", {"state": "enrolled"}),
    ]
    answers = [client.post(address, sent, follow=True) for address, sent in posted]
    answers += [client.get(address, follow=True) for address in ("/courses/tea/", LESSON)]
    for answer in answers:
        assert answer.redirect_chain == [("/learn/", 302)]
        assert words in answer.content.decode()

    caller = Caller(learner)
    for answer in [
        caller.get("courses/tea"),
        caller.put("courses/tea/enrollment"),
        caller.get("courses/tea/next-lesson"),
        caller.get("courses/tea/completed-lessons"),
        caller.put(f"lessons/{lesson.key}/completion"),
    ]:
        assert refused(answer) == (409, code)


@pytest.mark.parametrize("closing", CLOSINGS.values(), ids=CLOSINGS)
def test_course_that_is_taken_back_can_be_read_and_left(
    course: Course, learner: User, closing: Closing
) -> None:
    closing[0](course=course)
    caller, stranger = Caller(learner), Caller(make_user())
    path = "courses/tea/enrollment"

    assert caller.get(path).json() == caller.get("me/courses").json()["items"][0]
    for answer in (stranger.get(path), stranger.put(path), stranger.delete(path)):
        assert refused(answer) == (404, "not_found")
    assert caller.delete(path).status_code == 204
    assert not Enrollment.objects.active().exists()  # type: ignore[attr-defined]  # its own
    assert refused(caller.get(path)) == (404, "not_found")
