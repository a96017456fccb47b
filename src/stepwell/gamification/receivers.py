"""What gamification does when somebody learned."""

from typing import Any

from django.dispatch import receiver

from stepwell.gamification.actions import award_locked_learner
from stepwell.gamification.rules import is_on
from stepwell.learning.models import Enrollment
from stepwell.learning.signals import learned


@receiver(learned)
def give_points(enrollment: Enrollment, **_rest: Any) -> None:
    """Award what the learner has earned, in the transaction in which they learned.

    It looks at the facts and not at the event, so that the event may be sent twice or get lost.
    """
    if is_on():
        award_locked_learner(user=enrollment.user, course=enrollment.course_id)
