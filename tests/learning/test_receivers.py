"""What learning does when courses change under learners."""

import pytest

from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    create_lesson,
    publish_course,
    publish_lesson,
    restore_course,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, LearningEvent, Origin
from stepwell.learning.queries import get_enrolled_courses_with_progress
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrollment() -> Enrollment:
    """A learner with the last of three lessons open."""
    enrollment = enroll(make_course((2, 1)))
    for lesson in lessons_of(enrollment.course)[:2]:
        complete_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    return enrollment


@pytest.mark.parametrize("hide", [archive_lesson, unpublish_lesson])
def test_hiding_the_last_open_lesson_finishes_the_course_for_good(
    enrollment: Enrollment, hide: object
) -> None:
    course = Course.objects.get()
    last = lessons_of(course)[-1]
    hide(lesson=last)  # type: ignore[operator]  # either action
    enrollment.refresh_from_db()
    assert enrollment.finished_at is not None
    assert LearningEvent.objects.last().origin == "outline"  # type: ignore[union-attr]
    module = course.modules.first()
    assert module
    publish_lesson(lesson=create_lesson(module=module, title="More"))
    [shown] = get_enrolled_courses_with_progress(enrollment.user)
    assert shown.is_finished
    assert not list(find_differences())


def test_archiving_a_module_finishes_the_course(enrollment: Enrollment) -> None:
    archive_module(module=enrollment.course.modules.all()[1])
    enrollment.refresh_from_db()
    assert enrollment.finished_at is not None


def test_hiding_a_lesson_finishes_nothing_for_those_with_another_open(
    enrollment: Enrollment,
) -> None:
    archive_lesson(lesson=lessons_of(enrollment.course)[0])
    enrollment.refresh_from_db()
    assert enrollment.finished_at is None


def test_course_under_repair_finishes_for_nobody_until_it_opens(enrollment: Enrollment) -> None:
    course = Course.objects.get()
    unpublish_course(course=course)
    archive_lesson(lesson=lessons_of(course)[-1])
    enrollment.refresh_from_db()
    assert enrollment.finished_at is None
    publish_course(course=course)
    enrollment.refresh_from_db()
    assert enrollment.finished_at is not None


def test_course_that_comes_back_shorter_finishes(enrollment: Enrollment) -> None:
    course = Course.objects.get()
    archive_course(course=course)
    archive_lesson(lesson=lessons_of(course)[-1])
    enrollment.refresh_from_db()
    assert enrollment.finished_at is None
    restore_course(course=course)
    enrollment.refresh_from_db()
    assert enrollment.finished_at is not None


def test_learner_who_left_is_not_finished_by_a_change(enrollment: Enrollment) -> None:
    Enrollment.objects.update(unenrolled_at=enrollment.enrolled_at)
    archive_lesson(lesson=lessons_of(enrollment.course)[-1])
    enrollment.refresh_from_db()
    assert enrollment.finished_at is None
