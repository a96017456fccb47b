"""Completing a lesson, and taking it back."""

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.courses.models import Lesson
from stepwell.learning.actions.finish import finish
from stepwell.learning.actions.record import (
    ACTIVITY,
    Kind,
    lock_enrollment,
    record,
    send_learned,
)
from stepwell.learning.errors import LessonNotVisible
from stepwell.learning.models import LessonProgress, Origin
from stepwell.learning.queries.completion import get_completion_state


@transaction.atomic
def complete_lesson(*, user: User, lesson: Lesson, origin: Origin) -> LessonProgress:
    """Record that the learner finished the lesson; a second call changes nothing.

    The completion that leaves no visible lesson open also finishes the course.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `learned`, `lesson_completed`,
    `course_finished`.
    """
    enrollment = lock_enrollment(user, lesson.course)
    state = get_completion_state(user, lesson)
    if state is None:
        raise LessonNotVisible(course=lesson.course, lesson=lesson)
    progress = state.progress or LessonProgress(user=user, lesson=lesson)
    is_new = progress.completed_at is None
    finishes = not state.has_other_open_lessons and enrollment.finished_at is None
    if not is_new and not finishes:
        return progress
    if is_new:
        first = progress.first_completed_at
        event = record(enrollment, Kind.COMPLETED, origin, lesson, not_before=first)
        progress.completed_at = event.at
        progress.first_completed_at = first or event.at
        progress.save()
    if finishes:
        finish(enrollment, origin)
    enrollment.save(update_fields=["finished_at", *ACTIVITY])
    send_learned(enrollment)
    return progress


@transaction.atomic
def reopen_lesson(*, user: User, lesson: Lesson, origin: Origin) -> LessonProgress | None:
    """Take the completion back, keeping its first date; a second call changes nothing.

    Returns None if the learner never completed the lesson. A finished course stays finished.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `lesson_reopened`.
    """
    enrollment = lock_enrollment(user, lesson.course)
    state = get_completion_state(user, lesson)
    if state is None:
        raise LessonNotVisible(course=lesson.course, lesson=lesson)
    progress = state.progress
    if progress is not None and progress.completed_at is not None:
        progress.completed_at = None
        progress.save(update_fields=["completed_at"])
        record(enrollment, Kind.REOPENED, origin, lesson)
        enrollment.save(update_fields=ACTIVITY)
    return progress


def toggle_lesson_complete(*, user: User, lesson: Lesson, origin: Origin) -> LessonProgress | None:
    """Complete an open lesson or reopen a completed one; each call changes the state once.

    Raises `NotEnrolled`, `LessonNotVisible`. Sends what the chosen action sends.
    """
    with transaction.atomic():
        lock_enrollment(user, lesson.course)
        done = LessonProgress.objects.completed().filter(user=user, lesson=lesson).exists()
        action = reopen_lesson if done else complete_lesson
        return action(user=user, lesson=lesson, origin=origin)
