"""Completing a lesson, and taking it back."""

from functools import partial

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared
from stepwell.core.rows import Insert, Update, write_rows
from stepwell.courses.models import Lesson
from stepwell.learning.actions.finish import finish
from stepwell.learning.actions.record import (
    ACTIVITY,
    Kind,
    Origin,
    Tell,
    lock_enrollment,
    note,
    with_what_follows,
)
from stepwell.learning.errors import LessonNotVisible
from stepwell.learning.models import Enrollment, LessonProgress

MINE = Q(progress__user=Parameter("user"))
COLUMNS = [field.attname for field in LessonProgress._meta.concrete_fields]
# Of a visible lesson: whether any other one of its course is open, and the learner's completion.
STATE = Prepared(
    lambda: (
        Lesson.objects.visible()
        .filter(pk=Parameter("lesson"))
        .annotate(
            mine=FilteredRelation("progress", condition=MINE),
            has_others=Exists(
                Lesson.objects.counted()
                .filter(course=OuterRef("course"))
                .exclude(pk=OuterRef("pk"))
                .exclude(
                    Exists(
                        LessonProgress.objects.completed().filter(
                            user=Parameter("user"), lesson=OuterRef("pk")
                        )
                    )
                )
            ),
        )
        .values_list("has_others", *(f"mine__{name}" for name in COLUMNS))
    )
)


def complete_lesson(*, user: User, lesson: Lesson, origin: str = Origin.WEB) -> LessonProgress:
    """Record that the learner finished the lesson; a second call changes nothing.

    The completion that leaves no visible lesson open also finishes the course.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `learned`, `lesson_completed`,
    `course_finished`.
    """
    return with_what_follows(partial(_complete, user, lesson, origin))


def reopen_lesson(*, user: User, lesson: Lesson, origin: str = Origin.WEB) -> LessonProgress | None:
    """Take the completion back, keeping its first date; a second call changes nothing.

    Returns None where there never was a completion. A finished course stays finished.
    Raises `NotEnrolled`, `LessonNotVisible`. Sends `lesson_reopened`.
    """
    with transaction.atomic():
        enrollment, progress, _has_others = _hold(user, lesson)
        if progress is not None and progress.completed_at is not None:
            progress.completed_at = None
            write_rows(
                Insert(note(enrollment, Kind.REOPENED, origin, lesson)),
                Update(progress, "completed_at"),
                Update(enrollment, *ACTIVITY),
            )
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


def _complete(user: User, lesson: Lesson, origin: str, tell: Tell) -> LessonProgress:
    enrollment, progress, has_others = _hold(user, lesson)
    finishes = not has_others and enrollment.finished_at is None
    if progress is not None and progress.completed_at is not None and not finishes:
        return progress
    facts: list[Insert | Update] = []
    if progress is None or progress.completed_at is None:
        first = progress.first_completed_at if progress else None
        event = note(enrollment, Kind.COMPLETED, origin, lesson, not_before=first)
        facts.append(Insert(event))
        if progress is None:
            progress = LessonProgress(
                user=user, lesson=lesson, first_completed_at=event.at, completed_at=event.at
            )
            facts.append(Insert(progress))
        else:
            progress.completed_at = event.at
            facts.append(Update(progress, "completed_at"))
    if finishes:
        facts.append(Insert(finish(enrollment, origin)))
    write_rows(*facts, Update(enrollment, "finished_at", *ACTIVITY))
    tell(enrollment)
    return progress


def _hold(user: User, lesson: Lesson) -> tuple[Enrollment, LessonProgress | None, bool]:
    """Hold the enrollment; return it, the completion if there ever was one, and if others are open.

    Asked in two steps, since PostgreSQL would answer from before it waited for the lock.
    """
    enrollment = lock_enrollment(user, lesson.course)
    state = STATE.first(user=user.pk, lesson=lesson.pk)
    if state is None:
        raise LessonNotVisible(course=lesson.course, lesson=lesson)
    has_others, *row = state
    progress = LessonProgress.from_db(DEFAULT_DB_ALIAS, COLUMNS, row) if row[0] else None
    return enrollment, progress, bool(has_others)
