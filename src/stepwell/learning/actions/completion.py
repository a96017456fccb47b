"""Completing a lesson, and taking it back."""

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared, insert_row, update_row
from stepwell.courses.models import Lesson
from stepwell.learning.actions.finish import finish_if_complete
from stepwell.learning.actions.record import ACTIVITY, Kind, Origin, lock_enrollment, record
from stepwell.learning.errors import LessonNotVisible
from stepwell.learning.models import Enrollment, LessonProgress

VISIBLE = Prepared(
    lambda: Lesson.objects.visible().filter(pk=Parameter("pk")).values_list("pk", flat=True)
)
PROGRESS = Prepared(
    lambda: LessonProgress.objects.filter(user=Parameter("user"), lesson=Parameter("lesson"))
)


def complete_lesson(*, user: User, lesson: Lesson, origin: str = Origin.WEB) -> LessonProgress:
    """Record that the learner finished the lesson; a second call changes nothing.

    The completion that leaves no visible lesson open also finishes the course.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `lesson_completed`, `course_finished`.
    """
    with transaction.atomic():
        enrollment = _open_lesson(user, lesson)
        progress = PROGRESS.first(user=user.pk, lesson=lesson.pk)
        if progress is None or progress.completed_at is None:
            first = progress.first_completed_at if progress else None
            event = record(enrollment, Kind.COMPLETED, origin, lesson, not_before=first)
            if progress is None:
                progress = LessonProgress(
                    user=user, lesson=lesson, first_completed_at=event.at, completed_at=event.at
                )
                insert_row(progress)
            else:
                progress.completed_at = event.at
                update_row(progress, "completed_at")
        finish_if_complete(enrollment, origin)
        update_row(enrollment, "finished_at", *ACTIVITY)
    return progress


def reopen_lesson(*, user: User, lesson: Lesson, origin: str = Origin.WEB) -> LessonProgress | None:
    """Take the completion back, keeping its first date; a second call changes nothing.

    Returns None where there never was a completion. A finished course stays finished.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `lesson_reopened`.
    """
    with transaction.atomic():
        enrollment = _open_lesson(user, lesson)
        progress = PROGRESS.first(user=user.pk, lesson=lesson.pk)
        if progress is not None and progress.completed_at is not None:
            progress.completed_at = None
            update_row(progress, "completed_at")
            record(enrollment, Kind.REOPENED, origin, lesson)
            update_row(enrollment, *ACTIVITY)
    return progress


def toggle_lesson_complete(
    *, user: User, lesson: Lesson, origin: str = Origin.WEB
) -> LessonProgress | None:
    """Complete an open lesson or reopen a completed one; each call changes the state once.

    Raises `NotEnrolled`, `LessonNotVisible`. Sends what the chosen action sends.
    """
    with transaction.atomic():
        lock_enrollment(user, lesson.course)
        done = LessonProgress.objects.completed().filter(user=user, lesson=lesson).exists()
        action = reopen_lesson if done else complete_lesson
        return action(user=user, lesson=lesson, origin=origin)


def _open_lesson(user: User, lesson: Lesson) -> Enrollment:
    enrollment = lock_enrollment(user, lesson.course)
    if not VISIBLE(pk=lesson.pk):
        raise LessonNotVisible(course=lesson.course)
    return enrollment
