"""Finishing a course: a fact with a date, never taken away."""

from django.db import connection, transaction

from stepwell.courses.models import Course
from stepwell.learning.actions.record import ACTIVITY, Kind, record, send_learned
from stepwell.learning.models import Enrollment, Origin

BATCH = 500  # enrollments


def finish(enrollment: Enrollment, origin: Origin) -> None:
    """Record the finish of a locked enrollment. The caller saves `finished_at` and `ACTIVITY`."""
    enrollment.finished_at = record(enrollment, Kind.FINISHED, origin).at


def finish_if_complete(enrollment: Enrollment, origin: Origin) -> bool:
    """Finish the course for a locked enrollment with nothing open; return whether it is complete.

    A second call changes nothing. Sends `learned` and `course_finished`.
    """
    if not Enrollment.objects.complete().filter(pk=enrollment.pk).exists():
        return False
    if enrollment.finished_at is None:
        finish(enrollment, origin)
        enrollment.save(update_fields=["finished_at", *ACTIVITY])
    send_learned(enrollment)
    return True


def record_finishes(*, course: Course) -> int:
    """Finish the course for every learner who sees 100 % of it; return how many.

    Hiding a lesson can complete a course for those who had only that one left. They see 100 %, so
    lessons added later must not throw them back. Suspended learners finish too: they see it when
    they return. A closed course finishes for nobody: its outline may be under repair. A second call
    changes nothing. Sends `learned` and `course_finished`.
    """
    if not Course.objects.published().filter(pk=course.pk).exists():
        return 0
    unfinished = Enrollment.objects.filter(course=course, finished_at=None).order_by("pk")
    _wait_for_learners(course)
    keys = list(unfinished.complete().values_list("pk", flat=True))
    return sum(_finish_if_complete(key) for key in keys)


def _wait_for_learners(course: Course) -> None:
    """Wait until nobody is completing a lesson, or enrolling, by the outline as it was before.

    Such a transaction may have found a lesson open that is hidden now, so it doesn't finish the
    course; and it would be missed here, because it has not committed yet. SQLite needs no waiting:
    one transaction writes at a time there.
    """
    if not connection.features.has_select_for_update:
        return
    unfinished = Enrollment.objects.filter(course=course, finished_at=None).order_by("pk")
    keys = list(unfinished.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            held = unfinished.filter(pk__in=keys[start : start + BATCH])
            list(held.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def _finish_if_complete(key: int) -> bool:
    enrollments = Enrollment.objects.select_for_update(of=("self", "user"), no_key=True)
    return finish_if_complete(enrollments.select_related("user").get(pk=key), Origin.OUTLINE)
