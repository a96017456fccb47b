"""Lists of a learner's courses and lessons: only their own, in the right order."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_lesson,
    unpublish_lesson,
)
from stepwell.learning.actions import (
    complete_lesson,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.models import Origin
from stepwell.learning.queries import (
    Progress,
    get_catalog_states,
    get_completed_lessons,
    get_course_state,
    get_earlier_attempts,
    get_enrolled_course,
    get_enrolled_courses_with_progress,
    get_enrollment,
)
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.learning.conftest import join

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner() -> User:
    return make_user()


def test_my_courses_come_by_last_activity_and_are_the_learners_own(learner: User) -> None:
    old, left, touched, recent = (make_course([2], title=title) for title in "ABCD")
    for day, course in enumerate((old, left, touched, recent)):
        with clock.at(MONDAY + timedelta(days=day)):
            join(learner, course)
            join(make_user(), course, completed=2)
    with clock.at(MONDAY + timedelta(days=5)):
        complete_lesson(user=learner, lesson=lessons_of(touched)[0], origin=Origin.WEB)
        unenroll_from_course(user=learner, course=left, origin=Origin.WEB)

    found = get_enrolled_courses_with_progress(learner)

    assert [item.course.title for item in found] == ["C", "D", "A"]
    assert [item.progress.completed for item in found] == [1, 0, 0]


def test_my_courses_are_none_for_somebody_new(learner: User) -> None:
    join(make_user(), make_course([1]), completed=1)

    assert get_enrolled_courses_with_progress(learner) == []


def test_enrollment_is_the_learners_own_active_one(learner: User) -> None:
    course, elsewhere = make_course([1]), make_course([1])
    join(make_user(), course)
    join(learner, elsewhere)
    assert get_enrollment(learner, course) is None
    assert get_enrolled_course(learner, course) is None

    join(learner, course)
    assert get_enrollment(learner, course) is not None

    unenroll_from_course(user=learner, course=course, origin=Origin.WEB)
    assert get_enrollment(learner, course) is None
    assert get_enrolled_course(learner, course) is None


def test_catalog_states_tell_of_the_persons_own_courses_only(learner: User) -> None:
    mine, others, unasked = (make_course([2]) for _course in range(3))
    join(learner, mine, completed=1)
    join(make_user(), others)
    join(learner, unasked)

    states = get_catalog_states(learner, [mine.pk, others.pk])

    assert list(states) == [mine.pk]
    assert states[mine.pk].progress == Progress(1, 2)


def test_catalog_states_of_strangers_are_empty(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    course = make_course([1])
    enroll(course)

    with django_assert_num_queries(0):
        assert get_catalog_states(None, [course.pk]) == {}


def test_course_state_of_a_stranger_holds_the_outline_only(learner: User) -> None:
    course, leaver = make_course([2, 1]), make_user()
    for other in (make_user(), leaver):
        join(other, course, completed=3)
    unenroll_from_course(user=leaver, course=course, origin=Origin.WEB)

    for person in (None, learner, leaver):
        state = get_course_state(person, course)
        assert [lesson.id for lesson in state.outline.lessons] == [
            lesson.pk for lesson in lessons_of(course)
        ]
        assert (state.completed_ids, state.enrolled) == (frozenset(), None)


def test_course_state_of_a_learner_holds_ticks_and_figures(learner: User) -> None:
    course = make_course([2, 1])
    join(learner, course, completed=2)

    state = get_course_state(learner, course)

    assert state.completed_ids == {lesson.pk for lesson in lessons_of(course)[:2]}
    assert state.enrolled is not None
    assert state.enrolled.progress == Progress(2, 3)


def test_completed_lessons_come_in_outline_order_with_their_dates(learner: User) -> None:
    course = make_course([1, 2])
    enroll(course, learner)
    first, second, third = lessons_of(course)
    for day, lesson in enumerate((third, first, second)):
        with clock.at(MONDAY + timedelta(days=day)):
            complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    unpublish_lesson(lesson=second)

    found = [(row.lesson, row.completed_at) for row in get_completed_lessons(learner, course)]

    assert found == [(first, MONDAY + timedelta(days=1)), (third, MONDAY)]


def test_earlier_attempts_stay_readable_whatever_becomes_of_their_lessons(learner: User) -> None:
    course = make_course([2])
    with clock.at(MONDAY):
        join(learner, course, completed=2)
    first, second = lessons_of(course)
    start_course_over(user=learner, course=course, origin=Origin.WEB)

    archive_lesson(lesson=first)
    unpublish_lesson(lesson=second)

    [attempt] = get_earlier_attempts(learner, course)
    assert attempt.completed == ((first, MONDAY), (second, MONDAY))
