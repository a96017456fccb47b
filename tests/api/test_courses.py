"""The catalog, a course, and the caller's place in it."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.courses.actions import (
    archive_course,
    create_lesson,
    publish_lesson,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
    update_course,
    update_lesson,
)
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from stepwell.learning.models import Enrollment, LearningEvent, Origin
from tests.api.calls import Caller, refused
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db


OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def learner(course: Course) -> User:
    user = make_user()
    enroll(course, user)
    return user


def test_catalog_shows_published_courses_by_title() -> None:
    teacher = make_instructor("Grace Teacher")
    course = make_course([2], title="Bread")
    update_course(course=course, summary="Flour and water.", language="de")
    set_instructors(course=course, instructors=[teacher])
    update_lesson(lesson=lessons_of(course)[0], minutes=7)
    make_course(title="Astronomy")
    make_course(title="Draft", is_published=False)

    body = Caller().get("courses").json()

    assert body["count"] == 2
    assert [item["title"] for item in body["items"]] == ["Astronomy", "Bread"]
    assert body["items"][1] == {
        "key": course.key,
        "slug": "bread",
        "title": "Bread",
        "summary": "Flour and water.",
        "language": "de",
        "lesson_count": 2,
        "minutes": 7,
        "instructors": [{"name": "Grace Teacher", "handle": teacher.handle}],
    }


def test_catalog_search_wants_every_word() -> None:
    for title in ("Bread baking", "Bread eating", "Git"):
        make_course([1], title=title)

    body = Caller().get("courses?q=bak+bread").json()

    assert [item["title"] for item in body["items"]] == ["Bread baking"]
    assert body["count"] == 1
    assert Caller().get("courses?q=cheese").json() == {"items": [], "count": 0}


@pytest.mark.parametrize("size", [1, 3])
def test_catalog_query_count(size: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(size):
        course = make_course([size], title=f"Course {number}")
        set_instructors(course=course, instructors=[make_instructor(), make_instructor()])
    stranger, caller = Caller(), Caller(make_user())

    with django_assert_num_queries(2 + OUTLINES):  # courses, count
        assert len(stranger.get("courses").json()["items"]) == size
    with django_assert_num_queries(3 + OUTLINES):  # and the token
        caller.get("courses")


def test_course_shows_its_outline_to_strangers(course: Course) -> None:
    teacher = make_instructor("Grace Teacher")
    set_instructors(course=course, instructors=[teacher])
    update_course(course=course, description="*Hello*", outcomes=["Bake", "Eat"])
    first, second, third = lessons_of(course)
    update_lesson(lesson=first, minutes=5)
    update_lesson(lesson=third, minutes=6)

    body = Caller().get(f"courses/{course.slug}").json()

    modules = body.pop("modules")
    assert body == {
        "key": course.key,
        "slug": course.slug,
        "title": "Course",
        "summary": "",
        "language": "en",
        "lesson_count": 3,
        "minutes": 11,
        "instructors": [{"name": "Grace Teacher", "handle": teacher.handle}],
        "description_html": "<p><em>Hello</em></p>\n",
        "outcomes": ["Bake", "Eat"],
    }
    assert [(item["key"], item["title"]) for item in modules] == [
        (first.module.key, "Module 1"),
        (third.module.key, "Module 2"),
    ]
    assert modules[0]["lessons"][0] == {
        "key": first.key,
        "slug": first.slug,
        "title": "Lesson 1.1",
        "minutes": 5,
        "completed": None,
    }
    assert [item["key"] for module in modules for item in module["lessons"]] == [
        first.key,
        second.key,
        third.key,
    ]


def test_course_ticks_what_its_learner_completed(course: Course, learner: User) -> None:
    complete_lesson(user=learner, lesson=lessons_of(course)[1], origin=Origin.WEB)
    other = make_user()
    enroll(course, other)

    def ticks(user: User) -> list[bool | None]:
        modules = Caller(user).get(f"courses/{course.slug}").json()["modules"]
        return [lesson["completed"] for module in modules for lesson in module["lessons"]]

    assert ticks(learner) == [False, True, False]
    assert ticks(other) == [False, False, False]
    assert ticks(make_user()) == [None, None, None]


@pytest.mark.parametrize("size", [1, 3])
def test_course_query_count(size: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    course, user = make_course([size] * size), make_user()
    set_instructors(course=course, instructors=[make_instructor() for _number in range(size)])
    enroll(course, user)
    stranger, caller = Caller(), Caller(user)

    with django_assert_num_queries(1 + OUTLINES):  # the course
        stranger.get(f"courses/{course.slug}")
    with django_assert_num_queries(4 + OUTLINES):  # and token, enrollment, completions
        caller.get(f"courses/{course.slug}")


def test_enrollment_is_made_once(course: Course) -> None:
    user = make_user()
    caller = Caller(user)

    first = caller.put(f"courses/{course.slug}/enrollment")
    second = caller.put(f"courses/{course.slug}/enrollment")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["key"] == course.key
    assert first.json()["progress"]["total"] == 3
    assert list(Enrollment.objects.values_list("user", "course")) == [(user.pk, course.pk)]
    assert list(LearningEvent.objects.values_list("kind", "origin")) == [("enrolled", "api")]


def test_enrollment_is_shown_to_its_learner_only(course: Course, learner: User) -> None:
    shown = Caller(learner).get(f"courses/{course.slug}/enrollment")
    hidden = Caller(make_user()).get(f"courses/{course.slug}/enrollment")

    assert shown.status_code == 200
    assert shown.json() == Caller(learner).get("me/courses").json()["items"][0]
    assert refused(hidden) == (404, "not_enrolled")


def test_enrollment_is_ended_once_and_keeps_progress(course: Course, learner: User) -> None:
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    caller = Caller(learner)

    for _time in range(2):
        response = caller.delete(f"courses/{course.slug}/enrollment")
        assert (response.status_code, response.content) == (204, b"")

    assert refused(caller.get(f"courses/{course.slug}/enrollment")) == (404, "not_enrolled")
    ended = LearningEvent.objects.filter(kind="unenrolled").values_list("origin", flat=True)
    assert list(ended) == ["api"]
    again = caller.put(f"courses/{course.slug}/enrollment").json()
    assert again["progress"]["completed"] == 1


@pytest.mark.parametrize("close", [unpublish_course, archive_course])
def test_enrollment_in_a_closed_course_is_ended_once(
    close: Callable[..., object], course: Course, learner: User
) -> None:
    close(course=course)

    for _time in range(2):
        response = Caller(learner).delete(f"courses/{course.slug}/enrollment")
        assert (response.status_code, response.content) == (204, b"")

    assert LearningEvent.objects.filter(kind="unenrolled").count() == 1
    never = Caller(make_user()).delete(f"courses/{course.slug}/enrollment")
    assert refused(never) == (404, "not_found")


def test_enrollment_that_never_was_can_be_ended(course: Course, learner: User) -> None:
    response = Caller(make_user()).delete(f"courses/{course.slug}/enrollment")

    assert response.status_code == 204
    assert Caller(learner).get(f"courses/{course.slug}/enrollment").status_code == 200


@pytest.mark.parametrize("size", [1, 3])
def test_enrollment_query_count(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course, user = make_course([size] * size), make_user()
    enroll(course, user)
    caller = Caller(user)

    with django_assert_num_queries(4 + OUTLINES):  # token, course, enrollment, completions
        caller.get(f"courses/{course.slug}/enrollment")


def test_completed_lessons_in_outline_order(course: Course, learner: User) -> None:
    first, second, third = lessons_of(course)
    for lesson in (third, second, first):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    unpublish_lesson(lesson=second)
    other = make_user()
    enroll(course, other)

    body = Caller(learner).get(f"courses/{course.slug}/completed-lessons").json()

    assert body["count"] == 2
    assert [item["key"] for item in body["items"]] == [first.key, third.key]
    assert body["items"][0].keys() == {"key", "slug", "title", "completed_at"}
    assert body["items"][0]["completed_at"].endswith("Z")
    empty = Caller(other).get(f"courses/{course.slug}/completed-lessons").json()
    assert empty == {"items": [], "count": 0}


def test_completed_lessons_a_window_at_a_time(course: Course, learner: User) -> None:
    lessons = lessons_of(course)
    for lesson in lessons:
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    body = Caller(learner).get(f"courses/{course.slug}/completed-lessons?limit=1&offset=1").json()

    assert ([item["key"] for item in body["items"]], body["count"]) == ([lessons[1].key], 3)


@pytest.mark.parametrize("size", [1, 3])
def test_completed_lessons_query_count(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course, user = make_course([size]), make_user()
    enroll(course, user)
    for lesson in lessons_of(course):
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    caller = Caller(user)

    with django_assert_num_queries(5):  # token, course, enrollment, lessons, count
        body = caller.get(f"courses/{course.slug}/completed-lessons").json()
    assert body["count"] == size


def test_next_lesson_until_none_is_left(course: Course, learner: User) -> None:
    first, second, third = lessons_of(course)
    caller = Caller(learner)
    complete_lesson(user=learner, lesson=first, origin=Origin.WEB)
    unpublish_lesson(lesson=second)

    assert caller.get(f"courses/{course.slug}/next-lesson").json() == {
        "next_lesson": {"key": third.key, "slug": third.slug, "title": third.title}
    }
    complete_lesson(user=learner, lesson=third, origin=Origin.WEB)
    assert caller.get(f"courses/{course.slug}/next-lesson").json() == {"next_lesson": None}


@pytest.mark.parametrize("size", [1, 3])
def test_next_lesson_query_count(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course, user = make_course([size] * size), make_user()
    enroll(course, user)
    caller = Caller(user)

    with django_assert_num_queries(4 + OUTLINES):  # token, course, enrollment, completions
        caller.get(f"courses/{course.slug}/next-lesson")


def test_someone_who_left_is_not_enrolled(course: Course, learner: User) -> None:
    unenroll_from_course(user=learner, course=course, origin=Origin.WEB)

    response = Caller(learner).get(f"courses/{course.slug}/completed-lessons")

    assert refused(response) == (403, "not_enrolled")


def test_course_with_address_in_another_script() -> None:
    course = make_course([1], title="Хлеб")
    publish_lesson(lesson=create_lesson(module=lessons_of(course)[0].module, title="Два", body=""))

    body = Caller().get(f"courses/{course.slug}").json()

    assert (body["title"], body["lesson_count"]) == ("Хлеб", 2)
