"""What learning does when courses change."""

from typing import Any

from django.dispatch import receiver

from stepwell.courses.models import Course
from stepwell.courses.signals import lessons_hidden
from stepwell.learning.actions import record_finishes


@receiver(lessons_hidden)
def finish_for_those_with_nothing_open(course: Course, **_rest: Any) -> None:
    """Keep for good what learners now see as complete."""
    record_finishes(course=course)
