"""The verbs of gamification: the only code that writes its tables."""

from stepwell.gamification.actions.awarding import (
    award_held_learner,
    award_what_is_owed,
    rebuild_ledger,
)
from stepwell.gamification.actions.badges import (
    bring_badges_along,
    define_badge,
    offer_badge,
    retire_badge,
)
from stepwell.gamification.actions.boards import keep_boards
from stepwell.gamification.actions.correction import correct_points
from stepwell.gamification.actions.participation import (
    News,
    celebrate,
    set_weekly_goal,
    show_on_leaderboard,
)

__all__ = [
    "News",
    "award_held_learner",
    "award_what_is_owed",
    "bring_badges_along",
    "celebrate",
    "correct_points",
    "define_badge",
    "keep_boards",
    "offer_badge",
    "rebuild_ledger",
    "retire_badge",
    "set_weekly_goal",
    "show_on_leaderboard",
]
