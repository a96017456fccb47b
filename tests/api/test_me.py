"""What the caller is told about themselves."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import Role
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    create_lesson,
    publish_lesson,
    unpublish_course,
    update_course,
)
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from stepwell.learning.models import Origin
from tests.api.calls import Caller
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


def test_me_names_the_caller(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_user("Somebody Else")
    user = make_user("Ada Learner", role=Role.INSTRUCTOR)
    caller = Caller(user)

    with django_assert_num_queries(1):
        body = caller.get("me").json()

    assert body == {
        "name": "Ada Learner",
        "handle": user.handle,
        "email": user.email,
        "role": "instructor",
    }


def test_my_courses_carry_progress() -> None:
    user, course = make_user(), make_course(title="Bread")
    update_course(course=course, summary="Flour and water.")
    first, second, _third = lessons_of(course)
    with clock.at(datetime(2024, 1, 1, 9, tzinfo=UTC)):
        enroll(course, user)
    with clock.at(datetime(2024, 1, 2, 9, tzinfo=UTC)):
        complete_lesson(user=user, lesson=first, origin=Origin.WEB)

    body = Caller(user).get("me/courses").json()

    assert body == {
        "items": [
            {
                "key": course.key,
                "slug": "bread",
                "title": "Bread",
                "summary": "Flour and water.",
                "language": "en",
                "is_available": True,
                "is_archived": False,
                "enrolled_at": "2024-01-01T09:00:00Z",
                "last_activity_at": "2024-01-02T09:00:00Z",
                "finished_at": None,
                "new_lesson_count": 0,
                "progress": {
                    "completed": 1,
                    "total": 3,
                    "percent": 33,
                    "next_lesson": {
                        "key": second.key,
                        "slug": second.slug,
                        "title": second.title,
                    },
                },
            }
        ],
        "count": 1,
    }


def test_my_courses_are_mine_and_active() -> None:
    user, left, other = make_user(), make_course(title="Left"), make_course(title="Other")
    enroll(left, user)
    unenroll_from_course(user=user, course=left, origin=Origin.WEB)
    enroll(other)

    assert Caller(user).get("me/courses").json() == {"items": [], "count": 0}


def test_my_courses_show_a_closed_course_without_a_way_in() -> None:
    user, course = make_user(), make_course()
    enroll(course, user)
    complete_lesson(user=user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    unpublish_course(course=course)

    item = Caller(user).get("me/courses").json()["items"][0]

    assert (item["is_available"], item["is_archived"]) == (False, False)
    archive_course(course=course)
    item = Caller(user).get("me/courses").json()["items"][0]
    assert (item["is_available"], item["is_archived"]) == (False, True)
    assert item["progress"] == {"completed": 1, "total": 3, "percent": 33, "next_lesson": None}


def test_my_courses_count_lessons_added_after_finishing() -> None:
    user, course = make_user(), make_course([1])
    enroll(course, user)
    (lesson,) = lessons_of(course)
    complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    publish_lesson(lesson=create_lesson(module=lesson.module, title="New", body=""))

    item = Caller(user).get("me/courses").json()["items"][0]

    assert item["finished_at"]
    assert item["new_lesson_count"] == 1
    assert item["progress"]["percent"] == 50


def test_my_courses_a_window_at_a_time() -> None:
    user = make_user()
    for number in range(3):
        enroll(make_course([1], title=f"Course {number}"), user)

    body = Caller(user).get("me/courses?limit=1&offset=1").json()

    assert ([item["title"] for item in body["items"]], body["count"]) == (["Course 1"], 3)


@pytest.mark.parametrize("size", [1, 3])
def test_my_courses_query_count(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user()
    for number in range(size):
        finished = make_course([size], title=f"Finished {number}")
        enroll(finished, user)
        for lesson in lessons_of(finished):
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
        enroll(make_course([size] * size, title=f"Open {number}"), user)
    caller = Caller(user)

    with django_assert_num_queries(3 + 4):  # token, enrollments, completions, and the outlines
        body = caller.get("me/courses").json()
    assert body["count"] == 2 * size
