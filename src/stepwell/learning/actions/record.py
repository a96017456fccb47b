"""What all verbs of learning share: the lock on an enrollment, and the entry in the record."""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import prepared
from stepwell.courses.models import Course, Lesson
from stepwell.learning import signals
from stepwell.learning.errors import NotEnrolled
from stepwell.learning.models import Enrollment, LearningEvent, Origin

logger = logging.getLogger(__name__)

Kind = LearningEvent.Kind

# The fields of an enrollment that `record` sets, for the caller to save.
ACTIVITY = ("last_activity_at", "counted_version")

SIGNALS = {
    Kind.ENROLLED: signals.learner_enrolled,
    Kind.UNENROLLED: signals.learner_unenrolled,
    Kind.COMPLETED: signals.lesson_completed,
    Kind.REOPENED: signals.lesson_reopened,
    Kind.FINISHED: signals.course_finished,
    Kind.STARTED_OVER: signals.course_started_over,
}


@prepared
def _locked_enrollments(user: int, course: int) -> QuerySet[Enrollment]:
    return (
        Enrollment.objects.select_for_update(of=("self", "user"), no_key=True)
        .filter(user=user, course=course)
        .select_related("user")
        .only(*(field.name for field in Enrollment._meta.concrete_fields), "user__id")
    )


def lock_enrollment(user: User, course: Course) -> Enrollment:
    """Return the active enrollment, held until the transaction ends.

    Whatever one learner does happens one after the other: on PostgreSQL at this row and at their
    own, on SQLite because the transaction holds the write lock. Raises `NotEnrolled`.
    """
    enrollment = _locked_enrollments.first(user=user.pk, course=course.pk)
    if enrollment is None or not enrollment.is_active:
        raise NotEnrolled(course=course)
    enrollment.user = user
    return enrollment


def record(
    enrollment: Enrollment,
    kind: LearningEvent.Kind,
    origin: Origin,
    lesson: Lesson | None = None,
    *,
    not_before: datetime | None = None,
) -> LearningEvent:
    """Write a fact about a locked enrollment, and send its signal after the commit.

    The caller saves the fields in `ACTIVITY`, except for a finish that a change of the outline
    brought: it is no activity of the learner. The fact is never earlier than `not_before`, even if
    the clock was set back. Errors of receivers are logged; they can't undo the fact.
    """
    now = clock.now()
    event = LearningEvent.objects.create(
        user=enrollment.user,
        course_id=enrollment.course_id,
        lesson=lesson,
        kind=kind,
        origin=origin,
        at=max(now, not_before) if not_before else now,
    )
    if event.is_activity:
        enrollment.last_activity_at = event.at
        enrollment.counted_version = None
    transaction.on_commit(partial(SIGNALS[kind].send_robust, sender=LearningEvent, event=event))
    return event


def send_learned(enrollment: Enrollment) -> None:
    """Let receivers of `learned` write in this transaction, for an enrollment that it has locked.

    If one fails, what all of them wrote is rolled back and the error is logged. The facts stay.
    """
    try:
        with transaction.atomic():
            signals.learned.send(sender=LearningEvent, enrollment=enrollment)
    except Exception:
        logger.exception("A receiver of `learned` failed for enrollment %s", enrollment.pk)
