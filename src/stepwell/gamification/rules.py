"""The owner's rules: whether there are points at all, how many for what, and the levels."""

from bisect import bisect_right
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """What points are given for; `subject` of an entry says which one."""

    LESSON = "lesson", _("lesson completed")
    MODULE = "module", _("module finished")
    COURSE = "course", _("course finished")
    STREAK = "streak", _("day in a row")
    CORRECTION = "correction", _("correction")


@dataclass(frozen=True)
class Level:
    """A level from 1 to 10, and how far it is to the next one; `next_at` is None at the last."""

    number: int
    starts_at: int
    next_at: int | None
    points: int

    @property
    def missing(self) -> int:
        """Points to the next level; 0 at the last."""
        return self.next_at - self.points if self.next_at is not None else 0

    @property
    def percent(self) -> int:
        """How far from this level to the next, rounded down."""
        if self.next_at is None:
            return 100
        done = max(self.points - self.starts_at, 0)
        return 100 * done // (self.next_at - self.starts_at)


def is_on() -> bool:
    """Tell whether the owner wants points, levels, streaks, badges and the leaderboard."""
    return settings.SITE.gamification


def points_for(rule: Rule) -> int:
    """Return what the owner gives for this rule today; entries keep what they were given."""
    amounts = {
        Rule.LESSON: settings.SITE.points_lesson,
        Rule.MODULE: settings.SITE.points_module,
        Rule.COURSE: settings.SITE.points_course,
        Rule.STREAK: settings.SITE.points_streak_day,
    }
    return amounts[rule]


def level_of(points: int) -> Level:
    """Return the level that so many points make; less than none are level 1 too."""
    starts = settings.SITE.level_starts
    number = max(bisect_right(starts, points), 1)
    next_at = starts[number] if number < len(starts) else None
    return Level(number, starts[number - 1], next_at, points)
