"""What completing a lesson needs to know of it."""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, FilteredRelation, OuterRef, Q

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared
from stepwell.courses.models import Lesson
from stepwell.learning.models import LessonProgress, done_by

COLUMNS = [field.attname for field in LessonProgress._meta.concrete_fields]
OTHER_OPEN_LESSONS = (
    Lesson.objects.counted()
    .filter(course=OuterRef("course"))
    .exclude(pk=OuterRef("pk"))
    .exclude(done_by(Parameter("user")))
)
STATE = Prepared(
    lambda: (
        Lesson.objects.visible()
        .filter(pk=Parameter("lesson"))
        .annotate(
            mine=FilteredRelation("progress", condition=Q(progress__user=Parameter("user"))),
            has_others=Exists(OTHER_OPEN_LESSONS),
        )
        .values_list("has_others", *(f"mine__{name}" for name in COLUMNS))
    )
)


@dataclass(frozen=True)
class CompletionState:
    """A learner's completion of a visible lesson, and whether the course has other open ones."""

    progress: LessonProgress | None
    has_other_open_lessons: bool


def get_completion_state(user: User, lesson: Lesson) -> CompletionState | None:
    """Return the state of a lesson for a learner, or None if it isn't visible. One query.

    Lock the enrollment first. PostgreSQL would otherwise answer from before it waited for the lock.
    """
    row = STATE.first(user=user.pk, lesson=lesson.pk)
    if row is None:
        return None
    has_others, *values = row
    is_known = values[0] is not None
    progress = LessonProgress.from_db(DEFAULT_DB_ALIAS, COLUMNS, values) if is_known else None
    return CompletionState(progress, bool(has_others))
