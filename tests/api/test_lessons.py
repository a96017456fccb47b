"""Completing lessons over the API."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.courses.models import Course, Lesson
from stepwell.learning.models import LearningEvent, LessonProgress
from tests.api.calls import Caller
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet
CHANGE = 3  # the fact, the lesson and the enrollment
LEARNED = 2  # the savepoint for receivers of `learned`
# The account, an entry, the first badge's lesson; the badge and its news.
FIRST_AWARD = 3 + 2


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


@pytest.fixture
def learner(course: Course) -> User:
    user = make_user()
    enroll(course, user)
    return user


def events() -> list[tuple[str, str]]:
    return list(LearningEvent.objects.exclude(kind="enrolled").values_list("kind", "origin"))


def test_completion_is_recorded_once(course: Course, lesson: Lesson, learner: User) -> None:
    caller = Caller(learner)
    following = lessons_of(course)[1]

    first = caller.put(f"lessons/{lesson.key}/completion")
    second = caller.put(f"lessons/{lesson.key}/completion")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    row = LessonProgress.objects.get()
    moment = row.first_completed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert first.json() == {
        "lesson": lesson.key,
        "completed": True,
        "completed_at": moment,
        "first_completed_at": moment,
        "progress": {
            "completed": 1,
            "total": 3,
            "percent": 33,
            "next_lesson": {
                "key": following.key,
                "slug": following.slug,
                "title": following.title,
            },
        },
    }
    assert events() == [("completed", "api")]


def test_completion_is_taken_back_once(lesson: Lesson, learner: User) -> None:
    caller = Caller(learner)
    done = caller.put(f"lessons/{lesson.key}/completion").json()

    first = caller.delete(f"lessons/{lesson.key}/completion")
    second = caller.delete(f"lessons/{lesson.key}/completion")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["completed"] is False
    assert first.json()["completed_at"] is None
    assert first.json()["first_completed_at"] == done["first_completed_at"]
    assert first.json()["progress"]["completed"] == 0
    assert events() == [("completed", "api"), ("reopened", "api")]


def test_completion_that_never_was_is_taken_back(lesson: Lesson, learner: User) -> None:
    body = Caller(learner).delete(f"lessons/{lesson.key}/completion").json()

    assert body["completed"] is False
    assert body["completed_at"] is body["first_completed_at"] is None
    assert events() == []


def test_toggle_changes_the_completion_each_time(lesson: Lesson, learner: User) -> None:
    caller = Caller(learner)

    states = [
        caller.post(f"lessons/{lesson.key}/completion/toggle").json()["completed"]
        for _time in range(3)
    ]

    assert states == [True, False, True]
    assert events() == [("completed", "api"), ("reopened", "api"), ("completed", "api")]


def test_completion_is_the_learners_own(course: Course, lesson: Lesson, learner: User) -> None:
    other = make_user()
    enroll(course, other)

    Caller(learner).put(f"lessons/{lesson.key}/completion")

    body = Caller(other).delete(f"lessons/{lesson.key}/completion").json()
    assert (body["completed"], body["progress"]["completed"]) == (False, 0)
    assert list(LessonProgress.objects.completed().values_list("user", flat=True)) == [learner.pk]


def test_completing_the_last_lesson_finishes_the_course(course: Course, learner: User) -> None:
    caller = Caller(learner)

    for lesson in lessons_of(course):
        body = caller.put(f"lessons/{lesson.key}/completion").json()

    assert body["progress"] == {"completed": 3, "total": 3, "percent": 100, "next_lesson": None}
    assert caller.get("me/courses").json()["items"][0]["finished_at"]


@pytest.mark.parametrize("size", [1, 3])
def test_completion_query_count(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course, user = make_course([size + 1] * size), make_user()
    enroll(course, user)
    lesson = lessons_of(course)[0]
    caller = Caller(user)
    path = f"lessons/{lesson.key}/completion"

    with django_assert_num_queries(8 + CHANGE + LEARNED + FIRST_AWARD + OUTLINES):
        caller.put(path)
    with django_assert_num_queries(8 + CHANGE + OUTLINES):
        caller.delete(path)
    # A second award takes a look at the account.
    with django_assert_num_queries(12 + CHANGE + LEARNED + 1 + OUTLINES):
        caller.post(f"{path}/toggle")
