"""Page-shaped reads of gamification."""

from stepwell.gamification.queries.badges import EarnedBadge, get_badges, get_earned_badges
from stepwell.gamification.queries.leaderboard import (
    Leaderboard,
    Place,
    get_leaderboard,
)
from stepwell.gamification.queries.points import (
    Figures,
    LedgerLine,
    WeeklyGoal,
    explain,
    get_figures,
    get_ledger,
    get_participation,
    get_points_of_course,
)

__all__ = [
    "EarnedBadge",
    "Figures",
    "Leaderboard",
    "LedgerLine",
    "Place",
    "WeeklyGoal",
    "explain",
    "get_badges",
    "get_earned_badges",
    "get_figures",
    "get_leaderboard",
    "get_ledger",
    "get_participation",
    "get_points_of_course",
]
