"""What gamification does when somebody learned, left a course, was suspended, or is back.

Receivers look at the facts and not at the event, so that it may be sent twice or get lost.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from stepwell.accounts.models import User
from stepwell.gamification.actions import award_held_learner, recount
from stepwell.gamification.models import PointEntry
from stepwell.gamification.rules import is_on
from stepwell.learning.models import Enrollment, LearningEvent
from stepwell.learning.signals import learned, learner_enrolled, learner_unenrolled


@receiver(learned)
def give_points(enrollment: Enrollment, **_rest: Any) -> None:
    """Award what the learner has earned, in the transaction in which they learned."""
    if is_on():
        award_held_learner(user=enrollment.user, course=enrollment.course_id)


@receiver([learner_enrolled, learner_unenrolled])
def change_boards_of_course(event: LearningEvent, **_rest: Any) -> None:
    """Take somebody who left a course off its boards, and put them back when they enroll again."""
    if not is_on():
        return
    if PointEntry.objects.filter(user=event.user_id, course=event.course_id).exists():
        recount([event.user_id])


@receiver(post_save, sender=User)
def put_on_boards_or_take_off(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_rest: Any
) -> None:
    """Rank only those who can sign in; signing in saves a date alone, and costs nothing here."""
    may_have_changed = update_fields is None or "is_active" in update_fields
    if is_on() and not created and may_have_changed:
        recount([instance.pk])
