"""Finishing: in an open course, an active enrollment at 100 % is finished, whatever brought it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    publish_course,
    publish_lesson,
    publish_lessons,
    restore_course,
    restore_lesson,
    restore_module,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course
from stepwell.gamification.models import PointEntry
from stepwell.learning.actions import (
    complete_lesson,
    enroll_by_email,
    enroll_in_course,
    unenroll_from_course,
)
from stepwell.learning.models import Enrollment, LearningEvent, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def learner() -> User:
    """Somebody who completed the first of two lessons on Monday."""
    with clock.at(MONDAY):
        enrollment = enroll(make_course([2]))
        complete_lesson(
            user=enrollment.user, lesson=lessons_of(enrollment.course)[0], origin=Origin.WEB
        )
    return enrollment.user


def course() -> Course:
    return Course.objects.get()


def leave(learner: User) -> None:
    unenroll_from_course(user=learner, course=course(), origin=Origin.WEB)
    archive_lesson(lesson=lessons_of(course())[1])


def enroll_again(learner: User) -> None:
    leave(learner)
    enroll_in_course(user=learner, course=course(), origin=Origin.WEB)


def enroll_again_by_email(learner: User) -> None:
    leave(learner)
    enroll_by_email(course=course(), emails=[learner.email], by=make_instructor())


def enroll_again_when_the_course_opens(learner: User) -> None:
    leave(learner)
    unpublish_course(course=course())
    enroll_by_email(course=course(), emails=[learner.email], by=make_instructor())
    publish_course(course=course())


def come_back_after_suspension(learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(is_active=False)
    archive_lesson(lesson=lessons_of(course())[1])
    User.objects.filter(pk=learner.pk).update(is_active=True)


def restore_one_lesson(_learner: User) -> None:
    for lesson in lessons_of(course()):
        archive_lesson(lesson=lesson)
    restore_lesson(lesson=lessons_of(course())[0])


def publish_one_lesson(_learner: User) -> None:
    for lesson in lessons_of(course()):
        unpublish_lesson(lesson=lesson)
    publish_lesson(lesson=lessons_of(course())[0])


def publish_all_that_is_left(_learner: User) -> None:
    first, second = lessons_of(course())
    unpublish_lesson(lesson=first)
    archive_lesson(lesson=second)
    publish_lessons(module=first.module)


def restore_a_module(_learner: User) -> None:
    module = course().modules.get()
    archive_module(module=module)
    archive_lesson(lesson=lessons_of(course())[1])
    restore_module(module=module)


def open_with_fewer_lessons(_learner: User) -> None:
    unpublish_course(course=course())
    archive_lesson(lesson=lessons_of(course())[1])
    publish_course(course=course())


def restore_with_fewer_lessons(_learner: User) -> None:
    archive_course(course=course())
    archive_lesson(lesson=lessons_of(course())[1])
    restore_course(course=course())


@pytest.mark.parametrize(
    "reach_all",
    [
        enroll_again,
        enroll_again_by_email,
        enroll_again_when_the_course_opens,
        come_back_after_suspension,
        restore_one_lesson,
        publish_one_lesson,
        publish_all_that_is_left,
        restore_a_module,
        open_with_fewer_lessons,
        restore_with_fewer_lessons,
    ],
)
def test_learner_with_everything_completed_has_finished(
    learner: User, reach_all: Callable[[User], None]
) -> None:
    with clock.at(TUESDAY):
        reach_all(learner)

    enrollment = Enrollment.objects.get()
    assert enrollment.finished_at == TUESDAY
    assert PointEntry.objects.filter(user=learner, rule="course").exists()
    assert LearningEvent.objects.filter(kind="finished").count() == 1
    assert list(find_differences()) == []


def test_finish_by_a_change_of_the_outline_is_no_activity(learner: User) -> None:
    with clock.at(TUESDAY):
        archive_lesson(lesson=lessons_of(course())[1])

    enrollment = Enrollment.objects.get()
    assert (enrollment.finished_at, enrollment.last_activity_at) == (TUESDAY, MONDAY)
    assert list(find_differences()) == []


def test_enrolling_again_with_a_lesson_open_finishes_nothing(learner: User) -> None:
    unenroll_from_course(user=learner, course=course(), origin=Origin.WEB)

    assert enroll_in_course(user=learner, course=course(), origin=Origin.WEB).finished_at is None


def test_enrolling_again_in_a_course_without_lessons_finishes_nothing(learner: User) -> None:
    unenroll_from_course(user=learner, course=course(), origin=Origin.WEB)
    archive_module(module=course().modules.get())

    assert enroll_in_course(user=learner, course=course(), origin=Origin.WEB).finished_at is None


def test_somebody_else_is_not_finished(learner: User) -> None:
    other = enroll(course(), make_user())
    archive_lesson(lesson=lessons_of(course())[1])

    other.refresh_from_db()
    assert other.finished_at is None
