"""The verbs of gamification: the only code that writes its tables."""

from stepwell.gamification.actions.awarding import (
    award_locked_learner,
    award_points,
    rebuild_ledger,
)
from stepwell.gamification.actions.badges import (
    create_default_badges,
    define_badge,
    offer_badge,
    retire_badge,
)
from stepwell.gamification.actions.boards import keep_boards
from stepwell.gamification.actions.correction import correct_points
from stepwell.gamification.actions.participation import (
    News,
    pop_celebrations,
    set_weekly_goal,
    show_on_leaderboard,
)

__all__ = [
    "News",
    "award_locked_learner",
    "award_points",
    "correct_points",
    "create_default_badges",
    "define_badge",
    "keep_boards",
    "offer_badge",
    "pop_celebrations",
    "rebuild_ledger",
    "retire_badge",
    "set_weekly_goal",
    "show_on_leaderboard",
]
