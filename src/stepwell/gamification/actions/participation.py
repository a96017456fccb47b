"""What learners choose, and celebrating once."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import prepared
from stepwell.gamification.errors import BadGoal
from stepwell.gamification.models import Badge, Celebration, GoalUnit, Participation

MOST = {GoalUnit.DAYS: 7, GoalUnit.LESSONS: 100}


@dataclass(frozen=True)
class News:
    """What somebody just achieved: a level, if they reached one, and badges."""

    level: int | None
    badges: list[Badge]


def set_weekly_goal(*, user: User, unit: GoalUnit | None, amount: int = 0) -> Participation:
    """Set what the learner wants to do each week; without a unit, nothing. Idempotent.

    Raises `BadGoal`.
    """
    if unit is not None and not 1 <= amount <= MOST[unit]:
        raise BadGoal
    goal = {"goal_unit": unit or "", "goal_amount": amount if unit else 0}
    chosen, _is_new = Participation.objects.update_or_create(user=user, defaults=goal)
    return chosen


def show_on_leaderboard(*, user: User, is_listed: bool) -> Participation:
    """Let others see the learner's points, or let nobody; a second call changes nothing."""
    chosen, _is_new = Participation.objects.update_or_create(
        user=user, defaults={"is_listed": is_listed}
    )
    return chosen


@prepared
def _to_show(user: int) -> QuerySet[Celebration]:
    # In order, so that two pages that come to show the same can't hold each other up for good.
    return Celebration.objects.to_show().filter(user=user).order_by("pk")


@prepared
def _badges(badge: int) -> QuerySet[Badge]:
    return Badge.objects.filter(pk=badge)


def pop_celebrations(*, user: User) -> News | None:
    """Return new levels and badges, each one time only; usually one query."""
    waiting = _to_show(user=user.pk)
    if not waiting:
        return None
    with transaction.atomic():
        unshown = Celebration.objects.filter(shown_at=None)
        # If two pages come to show the same, one of them changes the row.
        shown = [
            each for each in waiting if unshown.filter(pk=each.pk).update(shown_at=clock.now())
        ]
    if not shown:
        return None
    levels = [each.subject for each in shown if each.kind == Celebration.Kind.LEVEL]
    badges = sorted(each.subject for each in shown if each.kind == Celebration.Kind.BADGE)
    found = [badge for each in badges for badge in _badges(badge=each)]
    return News(max(levels, default=None), found)
