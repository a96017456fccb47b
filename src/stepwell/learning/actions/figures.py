"""Keeping figures of progress, so that lists of thousands of learners can be sorted by them."""

from django.db import transaction
from django.db.models import F

from stepwell.courses.models import Course
from stepwell.learning.models import Enrollment

BATCH = 500  # enrollments, which their learners wait for meanwhile


def count_progress(*, course: Course) -> int:
    """Count the course's outdated kept figures again; return how many were outdated.

    A second call finds nothing to count. Each batch is locked before it is counted, so that no
    completion comes in between. If the outline changes meanwhile, or a learner completes a lesson,
    their figures may stay outdated; the next call counts them.
    """
    version = Course.objects.values_list("outline_version", flat=True).get(pk=course.pk)
    stale = Enrollment.objects.active().filter(course=course).to_be_counted(version).order_by("pk")
    count = 0
    # Found without a lock: nobody waits for a look that finds nothing to count.
    found = list(stale.values_list("pk", flat=True))
    for start in range(0, len(found), BATCH):
        with transaction.atomic():
            # Somebody else may have counted some of them meanwhile.
            held = stale.filter(pk__in=found[start : start + BATCH]).select_for_update()
            count += (
                Enrollment.objects.filter(pk__in=[each.pk for each in held.only("pk")])
                .with_progress()
                .update(
                    completed_count=F("completed"),
                    next_lesson=F("first_open_id"),
                    counted_version=version,
                )
            )
    return count
