"""What gamification does when somebody learned.

Receivers look at the facts and not at the event, so that it may be sent twice or get lost.
"""

from typing import Any

from django.dispatch import receiver

from stepwell.gamification.actions import award_what_is_owed
from stepwell.gamification.rules import is_on
from stepwell.learning.models import LearningEvent
from stepwell.learning.signals import course_finished, lesson_completed


@receiver([lesson_completed, course_finished])
def give_points(event: LearningEvent, **_rest: Any) -> None:
    """Award what the learner has earned."""
    if is_on():
        award_what_is_owed(user=event.user)
