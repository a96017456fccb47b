"""Joining a course, leaving it, and starting it over."""

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning.actions.finish import finish_if_complete
from stepwell.learning.actions.record import ACTIVITY, Kind, lock_enrollment, record
from stepwell.learning.errors import closed
from stepwell.learning.models import Enrollment, LessonProgress, Origin


def enroll_in_course(*, user: User, course: Course, origin: Origin) -> Enrollment:
    """Make the learner a member, continuing where they were; a second call changes nothing.

    A learner who comes back with every lesson completed has finished the course.
    Raises `CourseNotOpen`, `CourseWithdrawn`. Sends `learner_enrolled` when the membership is new
    or renewed, and `learned` and `course_finished` when that finishes the course.
    """
    if not Course.objects.published().filter(pk=course.pk).exists():
        raise closed(course)
    with transaction.atomic():
        now = clock.now()
        enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
            user=user, course=course, defaults={"enrolled_at": now, "last_activity_at": now}
        )
        enrollment.user = user
        if is_new or not enrollment.is_active:
            event = record(enrollment, Kind.ENROLLED, origin)
            if is_new:
                enrollment.enrolled_at = event.at
            enrollment.unenrolled_at = None
            enrollment.save(update_fields=["enrolled_at", "unenrolled_at", *ACTIVITY])
            # Lessons may have gone while they were away. Newcomers have completed nothing.
            if not is_new and enrollment.finished_at is None:
                lock_enrollment(user, course)  # receivers of `learned` need the learner's row too
                finish_if_complete(enrollment, origin)
    return enrollment


def unenroll_from_course(*, user: User, course: Course, origin: Origin) -> Enrollment | None:
    """End the membership and keep every completion; a second call changes nothing.

    Returns the ended enrollment, or None for someone who never enrolled. An unpublished course can
    be left as well. Sends `learner_unenrolled`.
    """
    with transaction.atomic():
        enrollment = Enrollment.objects.select_for_update().filter(user=user, course=course).first()
        if enrollment is not None and enrollment.is_active:
            enrollment.user = user
            event = record(enrollment, Kind.UNENROLLED, origin)
            enrollment.unenrolled_at = event.at
            enrollment.save(update_fields=["unenrolled_at", *ACTIVITY])
    return enrollment


def start_course_over(*, user: User, course: Course, origin: Origin) -> Enrollment:
    """Begin again at the first lesson; the record keeps the earlier attempt readable.

    First completion dates and the date of finishing stay. With nothing completed it changes
    nothing. Raises `NotEnrolled`, `CourseNotOpen`, `CourseWithdrawn`. Sends `course_started_over`.
    """
    if not Course.objects.published().filter(pk=course.pk).exists():
        raise closed(course)
    with transaction.atomic():
        enrollment = lock_enrollment(user, course)
        completed = LessonProgress.objects.completed().filter(user=user, lesson__course=course)
        if completed.update(completed_at=None):
            record(enrollment, Kind.STARTED_OVER, origin)
            enrollment.save(update_fields=ACTIVITY)
    return enrollment
