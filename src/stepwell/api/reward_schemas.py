"""What the API answers about points, levels, streaks, badges and the leaderboard."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from stepwell.accounts.models import User
from stepwell.api.schemas import Person, Shape
from stepwell.gamification.models import BadgeRule, GoalUnit, Period
from stepwell.gamification.queries import EarnedBadge, Figures, LedgerLine
from stepwell.gamification.queries import Leaderboard as LeaderboardRead
from stepwell.gamification.rules import Rule


class Level(Shape):
    """A level from 1 to 10; `next_at` is null at the last."""

    number: int
    starts_at: int
    next_at: int | None


class Streak(Shape):
    """Days in a row; `is_safe` tells whether today counts already."""

    length: int
    longest: int
    is_safe: bool


class Goal(Shape):
    """What the caller wants to do this week, and has done of it."""

    unit: GoalUnit
    amount: int
    done: int


class LedgerEntry(Shape):
    """What points were given for; `title` is empty for a day of a streak."""

    rule: Rule
    title: str
    points: int
    at: datetime
    day: date

    @classmethod
    def of(cls, line: LedgerLine) -> Self:
        """Return an entry with the title of what it is about, or the reason of a correction."""
        entry = line.entry
        return cls(
            rule=Rule(entry.rule),
            title=line.title or entry.reason,
            points=entry.points,
            at=entry.at,
            day=entry.day,
        )


class MyPoints(Shape):
    """The caller's figures, and a window on their ledger."""

    points: int
    level: Level
    streak: Streak
    goal: Goal | None
    is_listed: bool
    items: list[LedgerEntry]
    count: int

    @classmethod
    def of(cls, figures: Figures, lines: Iterable[LedgerLine], count: int) -> Self:
        """Return the figures with those lines of the whole ledger, which has `count` of them."""
        return cls(
            points=figures.points,
            level=Level.model_validate(figures.level),
            streak=Streak.model_validate(figures.streak),
            goal=figures.goal and Goal.model_validate(figures.goal),
            is_listed=figures.participation.is_listed,
            items=list(map(LedgerEntry.of, lines)),
            count=count,
        )


class Place(Person):
    """Somebody's place; those with the same points share a rank."""

    rank: int
    points: int
    level: int
    is_self: bool


class Leaderboard(Shape):
    """The first ten, and the caller with their neighbors where they are not among them."""

    period: Period
    top: list[Place]
    around: list[Place]

    @classmethod
    def of(cls, board: LeaderboardRead) -> Self:
        """Return the board as the caller sees it."""
        return cls.model_validate(board)


class Badge(Shape):
    """A badge that somebody earned: by which rule and number, and when."""

    name: str
    rule: BadgeRule
    threshold: int
    earned_at: datetime

    @classmethod
    def of(cls, earned: EarnedBadge) -> Self:
        """Return a badge with its date."""
        badge = earned.award.badge
        return cls(
            name=badge.title,
            rule=BadgeRule(badge.rule),
            threshold=badge.threshold,
            earned_at=earned.award.at,
        )


class Rewards(Shape):
    """What somebody reached by learning."""

    points: int
    level: Level
    streak: Streak
    badges: list[Badge]


class Member(Person):
    """Somebody, as everyone who is signed in may see them."""

    rewards: Rewards | None

    @classmethod
    def of(cls, person: User, figures: Figures | None, badges: Iterable[EarnedBadge]) -> Self:
        """Return the person with their figures, or without."""
        rewards = figures and Rewards(
            points=figures.points,
            level=Level.model_validate(figures.level),
            streak=Streak.model_validate(figures.streak),
            badges=list(map(Badge.of, badges)),
        )
        return cls(name=person.name, handle=person.handle, rewards=rewards)
