"""Points, level, streak and badges, and the leaderboard."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from stepwell.accounts.models import User
from stepwell.api.callers import current_user
from stepwell.api.errors import Error
from stepwell.api.lists import BoardWish, Window
from stepwell.api.reward_schemas import Leaderboard, Member, MyPoints
from stepwell.api.schemas import Handle
from stepwell.gamification.models import Period
from stepwell.gamification.queries import (
    explain,
    get_earned_badges,
    get_figures,
    get_leaderboard,
    get_ledger,
)
from stepwell.gamification.rules import is_on
from stepwell.learning.access import get_class_course

router = Router(tags=["rewards"])


@router.get("me/points", response={200: MyPoints, frozenset({401, 404, 422}): Error})
def get_my_points(request: HttpRequest, window: Query[Window]) -> MyPoints:
    """The caller's points, level, streak and goal, and the ledger, newest entry first."""
    _require_points()
    user = current_user(request)
    entries, count = window.cut(get_ledger(user))
    return MyPoints.of(get_figures(user), explain(entries), count)


@router.get("leaderboard", response={200: Leaderboard, frozenset({401, 404, 422}): Error})
def show_leaderboard(request: HttpRequest, wish: Query[BoardWish]) -> Leaderboard:
    """The first ten of a period, on the site or in a course of the caller's, and the caller."""
    _require_points()
    viewer = current_user(request)
    course = get_class_course(viewer, wish.course) if wish.course else None
    return Leaderboard.of(get_leaderboard(viewer, Period(wish.period), course))


@router.get("members/{handle}", response={200: Member, frozenset({401, 404}): Error})
def get_member(request: HttpRequest, handle: Handle) -> Member:
    """A person; `rewards` is null for who keeps them to themselves, and where there are none."""
    person = get_object_or_404(User.objects.filter(is_active=True), handle=handle)
    figures = get_figures(person) if is_on() else None
    if figures and not (figures.participation.is_listed or person == current_user(request)):
        figures = None
    return Member.of(person, figures, get_earned_badges(person) if figures else [])


def _require_points() -> None:
    if not is_on():
        raise Http404
