"""Finishing a course: a fact with a date, never taken away."""

from django.db import transaction

from stepwell.courses.models import Course
from stepwell.learning.actions.record import ACTIVITY, Kind, Origin, record
from stepwell.learning.models import Enrollment


def finish(enrollment: Enrollment, origin: str) -> None:
    """Record the finish of a locked enrollment with nothing open, once; the caller saves it."""
    if enrollment.finished_at is None:
        enrollment.finished_at = record(enrollment, Kind.FINISHED, origin).at


def record_finishes(*, course: Course) -> int:
    """Finish the course for every learner to whom it shows as complete; return how many.

    Hiding a lesson can complete a course for those who had only that one left. They see 100 %, so
    lessons added later must not throw them back. A closed course finishes for nobody: its outline
    may be under repair. A second call changes nothing. Sends `course_finished`.
    """
    if not Course.objects.published().filter(pk=course.pk).exists():
        return 0
    complete = (
        Enrollment.objects.active()
        .filter(course=course, finished_at=None)
        .complete()
        .values_list("pk", flat=True)
    )
    count = 0
    for key in list(complete):
        with transaction.atomic():
            enrollments = Enrollment.objects.select_for_update(of=("self",))
            enrollment = enrollments.select_related("user").get(pk=key)
            still_complete = Enrollment.objects.active().complete().filter(pk=key)
            if still_complete.exists():
                finish(enrollment, Origin.OUTLINE)
                enrollment.save(update_fields=["finished_at", *ACTIVITY])
                count += 1
    return count
