"""Who learned most: the top of a board, and one's own place in it.

Nobody is ranked for it: see `Standing` and docs/decisions/0019.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.models import Board, Period, Standing
from stepwell.gamification.queries.points import get_participation
from stepwell.gamification.rules import level_of

# All points of somebody on a board, which make their level.
TOTAL = Subquery(
    Standing.objects.filter(
        user=OuterRef("user"), board__period=Period.ALL, board__course=None
    ).values("points")[:1]
)
TOP = 10
NEIGHBORS = 2  # on either side


@dataclass(frozen=True)
class Place:
    """Somebody's place on a board; those with the same points share a rank."""

    rank: int
    name: str
    handle: str
    points: int
    level: int
    is_self: bool


@dataclass(frozen=True)
class Leaderboard:
    """A board as one person sees it.

    `around` holds their own place with its neighbors, and is empty where they are among the first
    ten or have no points on this board. `is_listed` is False for who has chosen not to be shown.
    """

    period: Period
    top: list[Place]
    around: list[Place]
    is_listed: bool

    @property
    def own(self) -> Place | None:
        return next((place for place in [*self.top, *self.around] if place.is_self), None)


def today() -> date:
    """Return the date where the site is."""
    return clock.now().astimezone(timezone.get_default_timezone()).date()


def get_leaderboard(
    viewer: User, period: Period = Period.WEEK, course: Course | None = None
) -> Leaderboard:
    """Return the first ten of a board and the viewer's own place. Nine queries at most.

    It holds what `count_standings` has counted, so call that before.
    """
    board = Board.objects.filter(
        period=period, starts_on=period.start(today()), course=course
    ).first()
    is_listed = get_participation(viewer).is_listed
    if board is None:
        return Leaderboard(period, [], [], is_listed)
    standings = Standing.objects.filter(board=board, user__is_active=True)
    standings = standings.select_related("user").annotate(total=TOTAL)
    top = _places(standings.shown().best_first().with_rank()[:TOP], viewer)
    own = None
    if is_listed and not any(place.is_self for place in top):
        own = standings.shown().filter(user=viewer).first()
    around = _around(own, standings, viewer) if own else []
    return Leaderboard(period, top, around, is_listed)


def _around(own: Standing, others: Any, viewer: User) -> list[Place]:
    # One look at the index each: those with the same points, then those with more or fewer.
    before = [
        *others.filter(points=own.points, user__lt=own.user_id).order_by("-user")[:NEIGHBORS],
        # Without a second bound, from which SQLite would start to look.
        *others.filter(points__gt=own.points).order_by("points", "-user")[:NEIGHBORS],
    ]
    after = [
        *others.filter(points=own.points, user__gt=own.user_id).order_by("user")[:NEIGHBORS],
        *others.shown().filter(points__lt=own.points).order_by("-points", "user")[:NEIGHBORS],
    ]
    shown = [*before[:NEIGHBORS], own, *after[:NEIGHBORS]]
    ranked = others.filter(pk__in=[each.pk for each in shown]).best_first().with_rank()
    return _places(ranked, viewer)


def _places(standings: Any, viewer: User) -> list[Place]:
    return [
        Place(
            rank=each.rank,
            name=each.user.name,
            handle=each.user.handle,
            points=each.points,
            level=level_of(each.total or 0).number,
            is_self=each.user_id == viewer.pk,
        )
        for each in standings
    ]
