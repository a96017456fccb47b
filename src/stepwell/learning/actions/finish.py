"""Finishing a course: a fact with a date, never taken away."""

from functools import partial

from stepwell.core.rows import Insert, Update, write_rows
from stepwell.courses.models import Course
from stepwell.learning.actions.record import (
    ACTIVITY,
    Kind,
    Origin,
    Tell,
    note,
    with_what_follows,
)
from stepwell.learning.models import Enrollment, LearningEvent


def finish(enrollment: Enrollment, origin: str) -> LearningEvent:
    """Let a locked enrollment with nothing open be finished; the caller writes it and the fact."""
    event = note(enrollment, Kind.FINISHED, origin)
    enrollment.finished_at = event.at
    return event


def record_finishes(*, course: Course) -> int:
    """Finish the course for every learner to whom it shows as complete; return how many.

    Hiding a lesson can complete a course for those who had only that one left. They see 100 %, so
    lessons added later must not throw them back. A closed course finishes for nobody: its outline
    may be under repair. A second call changes nothing. Sends `learned` and
    `course_finished`.
    """
    if not Course.objects.published().filter(pk=course.pk).exists():
        return 0
    complete = Enrollment.objects.active().filter(course=course, finished_at=None).complete()
    keys = list(complete.values_list("pk", flat=True))
    return sum(with_what_follows(partial(_finish_if_complete, key)) for key in keys)


def _finish_if_complete(key: int, tell: Tell) -> bool:
    enrollments = Enrollment.objects.select_for_update(of=("self", "user"), no_key=True)
    enrollment = enrollments.select_related("user").get(pk=key)
    if not Enrollment.objects.active().complete().filter(pk=key).exists():
        return False
    if enrollment.finished_at is None:
        write_rows(
            Insert(finish(enrollment, Origin.OUTLINE)),
            Update(enrollment, "finished_at", *ACTIVITY),
        )
    tell(enrollment)
    return True
