"""The learners of a course over JSON, for those who teach it."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.actions import set_instructors, unpublish_course
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.api.calls import Caller, refused
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet
PATHS = pytest.mark.parametrize("path", ["courses/course/learners", "courses/course/drop-off"])


@pytest.fixture
def course() -> Course:
    return make_course([2])


@pytest.fixture
def caller(course: Course) -> Caller:
    teacher = make_instructor()
    set_instructors(course=course, instructors=[teacher])
    return Caller(teacher)


def join(course: Course, name: str, *, completed: int = 0) -> User:
    user = enroll(course, make_user(name)).user
    for lesson in lessons_of(course)[:completed]:
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    return user


def test_learner_is_shown_with_progress_and_dates(caller: Caller, course: Course) -> None:
    with clock.at(MONDAY):
        user = join(course, "Ada Learner", completed=1)
    second = lessons_of(course)[1]

    with clock.at(MONDAY + timedelta(days=2)):
        body = caller.get("courses/course/learners").json()

    assert body == {
        "items": [
            {
                "name": "Ada Learner",
                "handle": user.handle,
                "email": user.email,
                "progress": {
                    "completed": 1,
                    "total": 2,
                    "percent": 50,
                    "next_lesson": {"key": second.key, "slug": second.slug, "title": second.title},
                },
                "last_activity_at": "2024-01-01T09:00:00Z",
                "idle_days": 2,
                "enrolled_at": "2024-01-01T09:00:00Z",
                "finished_at": None,
            }
        ],
        "count": 1,
    }


def test_learners_are_sorted_searched_and_cut(caller: Caller, course: Course) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        join(course, "Ada", completed=1)
    join(course, "Bo", completed=2)
    join(course, "Cy")

    def names(query: str) -> list[str]:
        body = caller.get(f"courses/course/learners?{query}").json()
        return [item["name"] for item in body["items"]]

    assert names("sort=-progress") == ["Bo", "Ada", "Cy"]
    assert names("sort=progress&limit=1&offset=1") == ["Ada"]
    assert names("q=bo") == ["Bo"]
    assert names("stuck=14") == ["Ada"]
    assert names(f"at={lessons_of(course)[0].key}") == ["Cy"]


@pytest.mark.parametrize(("query", "field"), [("sort=email", "sort"), ("stuck=-1", "stuck")])
def test_wish_out_of_bounds(caller: Caller, query: str, field: str) -> None:
    response = caller.get(f"courses/course/learners?{query}")

    assert refused(response) == (422, "invalid")
    assert list(response.json()["error"]["fields"]) == [field]


def test_drop_off_is_shown_lesson_by_lesson(caller: Caller, course: Course) -> None:
    first, second = lessons_of(course)
    with clock.at(clock.now() - timedelta(days=10)):
        join(course, "Ada", completed=1)
    join(course, "Bo", completed=2)
    names = [{"key": each.key, "slug": each.slug, "title": each.title} for each in (first, second)]

    body = caller.get("courses/course/drop-off?stuck=10").json()

    assert body == {
        "learner_count": 2,
        "lessons": [
            names[0] | {"completed": 2, "standing": 0, "stuck": 0},
            names[1] | {"completed": 1, "standing": 1, "stuck": 1},
        ],
    }
    assert caller.get("courses/course/drop-off").json()["lessons"][1]["stuck"] == 0
    assert refused(caller.get("courses/course/drop-off?stuck=x")) == (422, "invalid")


@PATHS
def test_class_is_there_for_those_who_teach_it_alone(
    caller: Caller, course: Course, path: str
) -> None:
    owner = Caller(make_user(role=Role.OWNER))
    member = Caller(join(course, "Member"))

    assert refused(Caller().get(path)) == (401, "not_signed_in")
    for other in (member, Caller(make_instructor())):
        assert refused(other.get(path)) == (404, "not_found")
    unpublish_course(course=course)
    for teacher in (caller, owner):
        assert teacher.get(path).status_code == 200
    assert refused(member.get(path)) == (404, "not_found")
    assert refused(owner.get(path.replace("course/", "nowhere/"))) == (404, "not_found")


@pytest.mark.parametrize("size", [1, 3])
def test_query_count(
    size: int, caller: Caller, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(size):
        join(course, f"Learner {number}")
    caller.get("courses/course/learners")

    # The token; course, version, stale figures; rows, count.
    with django_assert_num_queries(6 + OUTLINES):
        assert len(caller.get("courses/course/learners").json()["items"]) == size
    with django_assert_num_queries(5 + OUTLINES):
        caller.get("courses/course/drop-off")
