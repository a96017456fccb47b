"""What is read takes a fixed number of queries, however much there is."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.courses.actions import create_lesson, publish_lesson
from stepwell.courses.models import Course
from stepwell.learning.queries import (
    get_catalog_states,
    get_completed_lesson_ids,
    get_course_state,
    get_earlier_attempts,
    get_enrolled_course,
    get_enrolled_courses_with_progress,
    get_enrollment,
    get_lesson_state,
)
from tests.factories import make_course, make_user
from tests.learning.conftest import join

pytestmark = pytest.mark.django_db


OUTLINES = 4


@pytest.fixture
def learner() -> User:
    return make_user()


def crowd(user: User, courses: int, lessons: int) -> list[Course]:
    """Make courses, one more than asked of them finished, that the learner is half-way through."""
    under_way = [make_course([lessons, lessons]) for _course in range(courses)]
    for course in under_way:
        join(user, course, completed=lessons)
    finished = make_course([1])
    join(user, finished, completed=1)
    return [*under_way, finished]


@pytest.mark.parametrize(("courses", "lessons"), [(1, 1), (3, 3), (30, 1), (1, 30)])
def test_lists_take_as_many_queries_however_much_there_is(
    learner: User, courses: int, lessons: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = crowd(learner, courses, lessons)

    with django_assert_num_queries(2 + OUTLINES):
        assert len(get_enrolled_courses_with_progress(learner)) == courses + 1
    with django_assert_num_queries(2 + OUTLINES):
        assert len(get_catalog_states(learner, [course.pk for course in made])) == courses + 1


@pytest.mark.parametrize("lessons", [1, 3, 30])
def test_one_course_takes_as_many_queries_however_many_lessons_it_has(
    learner: User, lessons: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([lessons])
    join(learner, course, completed=lessons)
    publish_lesson(lesson=create_lesson(module=course.modules.get(), title="New"))

    with django_assert_num_queries(2 + OUTLINES):
        get_course_state(learner, course)
    with django_assert_num_queries(OUTLINES):
        get_course_state(None, course)
    with django_assert_num_queries(1 + OUTLINES):
        get_lesson_state(learner, course)
    with django_assert_num_queries(2 + OUTLINES):
        get_enrolled_course(learner, course)
    with django_assert_num_queries(1):
        get_enrollment(learner, course)
    with django_assert_num_queries(1):
        get_completed_lesson_ids(learner, course)
    with django_assert_num_queries(1):
        get_earlier_attempts(learner, course)
