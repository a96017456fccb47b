"""The ledger of points, badges, how learners take part, and leaderboards made from the ledger."""

from stepwell.gamification.models.badges import Badge, BadgeAward, BadgeRule
from stepwell.gamification.models.leaderboard import Board, Period
from stepwell.gamification.models.learner import Celebration, GoalUnit, Participation
from stepwell.gamification.models.ledger import LedgerDay, PointEntry

__all__ = [
    "Badge",
    "BadgeAward",
    "BadgeRule",
    "Board",
    "Celebration",
    "GoalUnit",
    "LedgerDay",
    "Participation",
    "Period",
    "PointEntry",
]
