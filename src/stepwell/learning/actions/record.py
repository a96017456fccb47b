"""What all verbs of learning share: the lock on an enrollment, and the entry in the record."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import Parameter, Prepared
from stepwell.core.rows import Insert, write_rows
from stepwell.courses.models import Course, Lesson
from stepwell.learning import signals
from stepwell.learning.errors import NotEnrolled
from stepwell.learning.models import Enrollment, LearningEvent

Kind = LearningEvent.Kind
Origin = LearningEvent.Origin

# What `record` changes of an enrollment, for the caller to save.
ACTIVITY = ("last_activity_at", "counted_version")

SIGNALS = {
    Kind.ENROLLED: signals.learner_enrolled,
    Kind.UNENROLLED: signals.learner_unenrolled,
    Kind.COMPLETED: signals.lesson_completed,
    Kind.REOPENED: signals.lesson_reopened,
    Kind.FINISHED: signals.course_finished,
    Kind.STARTED_OVER: signals.course_started_over,
}

LOCKED_ENROLLMENT = Prepared(
    lambda: (
        Enrollment.objects.select_for_update(of=("self", "user"), no_key=True)
        .filter(user=Parameter("user"), course=Parameter("course"))
        .select_related("user")
        .only(*(field.name for field in Enrollment._meta.concrete_fields), "user__id")
    )
)
Outcome = TypeVar("Outcome")
Tell = Callable[[Enrollment], None]


class ReceiverFailed(Exception):
    """What a receiver of `learned` should have added to a transaction could not be added."""


def lock_enrollment(user: User, course: Course) -> Enrollment:
    """Return the active enrollment, held until the transaction ends.

    Whatever one learner does happens one after the other: on PostgreSQL at this row and at their
    own, on SQLite because the transaction holds the write lock. Raises `NotEnrolled`.
    """
    enrollment = LOCKED_ENROLLMENT.first(user=user.pk, course=course.pk)
    if enrollment is None or not enrollment.is_active:
        raise NotEnrolled(course=course)
    enrollment.user = user
    return enrollment


def note(
    enrollment: Enrollment,
    kind: LearningEvent.Kind,
    origin: str,
    lesson: Lesson | None = None,
    *,
    not_before: datetime | None = None,
) -> LearningEvent:
    """Return a fact for the caller to write, note the activity, and send its signal after commit.

    A finish by a change of the outline is no activity of the learner's. `not_before` is an earlier
    fact that this one must not precede, even if the clock was set back.
    Receivers can't undo a fact: what they raise is logged, never shown to the learner.
    """
    event = LearningEvent(
        user=enrollment.user,
        course_id=enrollment.course_id,
        lesson=lesson,
        kind=kind,
        origin=origin,
        at=max(clock.now(), not_before) if not_before else clock.now(),
    )
    if event.is_activity:
        enrollment.last_activity_at = event.at
        enrollment.counted_version = None
    transaction.on_commit(partial(SIGNALS[kind].send_robust, sender=LearningEvent, event=event))
    return event


def record(enrollment: Enrollment, kind: LearningEvent.Kind, origin: str) -> LearningEvent:
    """Write a fact about a membership at once, as `note` describes it."""
    event = note(enrollment, kind, origin)
    write_rows(Insert(event))
    return event


def with_what_follows(write: Callable[[Tell], Outcome]) -> Outcome:
    """Run `write` in a transaction, to which receivers of `learned` may add; return its outcome.

    `write` calls what it is given once it has written facts about an enrollment that it holds.
    Should a receiver fail, all is written again without it: a savepoint would cost every
    completion more.
    """
    try:
        with transaction.atomic():
            return write(_tell)
    except ReceiverFailed:
        with transaction.atomic():
            return write(_tell_nobody)


def _tell(enrollment: Enrollment) -> None:
    told = signals.learned.send_robust(sender=LearningEvent, enrollment=enrollment)
    for _receiver, failure in told:
        if isinstance(failure, Exception):
            raise ReceiverFailed from failure


def _tell_nobody(_enrollment: Enrollment) -> None:
    pass
