"""What completing a lesson needs to know of it."""

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from stepwell.accounts.models import User
from stepwell.core.prepared import prepared
from stepwell.courses.models import Lesson
from stepwell.learning.models import LessonProgress, done_by

COLUMNS = [field.attname for field in LessonProgress._meta.concrete_fields]


@dataclass(frozen=True)
class CompletionState:
    """A learner's completion of a visible lesson, and whether the course has other open ones."""

    progress: LessonProgress | None
    has_other_open_lessons: bool


@prepared
def _states(user: int, lesson: int) -> QuerySet[Lesson, Any]:
    other_open_lessons = (
        Lesson.objects.counted()
        .filter(course=OuterRef("course"))
        .exclude(pk=OuterRef("pk"))
        .exclude(done_by(user))
    )
    return (
        Lesson.objects.visible()
        .filter(pk=lesson)
        .annotate(
            mine=FilteredRelation("progress", condition=Q(progress__user=user)),
            has_others=Exists(other_open_lessons),
        )
        .values_list("has_others", *(f"mine__{name}" for name in COLUMNS), named=True)
    )


def get_completion_state(user: User, lesson: Lesson) -> CompletionState | None:
    """Return the state of a lesson for a learner, or None if it isn't visible. One query.

    Lock the enrollment first. PostgreSQL would otherwise answer from before it waited for the lock.
    """
    row = _states.first(user=user.pk, lesson=lesson.pk)
    if row is None:
        return None
    progress = None
    if row.mine__id is not None:
        values = [getattr(row, f"mine__{name}") for name in COLUMNS]
        progress = LessonProgress.from_db(DEFAULT_DB_ALIAS, COLUMNS, values)
    return CompletionState(progress, bool(row.has_others))
