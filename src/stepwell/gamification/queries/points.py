"""What one learner has: points, level, streak, this week; all from one query of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet, Sum

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import prepared
from stepwell.courses.models import Course, Lesson, Module
from stepwell.gamification.days import LearnerDay, day_after
from stepwell.gamification.models import GoalUnit, LedgerDay, Participation, PointEntry
from stepwell.gamification.rules import Level, Rule, level_of
from stepwell.gamification.streaks import Streak, streak_on, week_of


def get_points_of_course(user: User, course: Course) -> int:
    """Return the points that a learner has from a course. One query."""
    entries = PointEntry.objects.filter(user=user, course=course)
    return entries.aggregate(points=Sum("points"))["points"] or 0


@dataclass(frozen=True)
class WeeklyGoal:
    """What a learner set out to do each week, and how much of it is done in this one."""

    unit: GoalUnit
    amount: int
    done: int

    @property
    def is_reached(self) -> bool:
        return self.done >= self.amount


@dataclass(frozen=True)
class Figures:
    """A learner's figures at a moment, in a time zone.

    `reached` is the latest date that the learner was at when they changed the zone.
    """

    now: datetime
    zone: str
    reached: date | None
    by_day: Sequence[LedgerDay]
    participation: Participation

    @cached_property
    def day(self) -> LearnerDay:
        """The day that it is for the learner."""
        return day_after(last_day(self.by_day), self.now, self.zone, self.reached)

    @property
    def today(self) -> date:
        return self.day.date

    @cached_property
    def points(self) -> int:
        return sum(row.total for row in self.by_day)

    @cached_property
    def level(self) -> Level:
        return level_of(self.points)

    @cached_property
    def lessons_by_day(self) -> dict[date, int]:
        """How many lessons were completed for the first time, on days when there were any."""
        return {row.day: row.lessons for row in self.by_day if row.lessons}

    @cached_property
    def streak(self) -> Streak:
        skipped = {self.today: self.day.skipped} | skipped_before(self.by_day)
        return streak_on(self.today, self.lessons_by_day, skipped)

    @cached_property
    def goal(self) -> WeeklyGoal | None:
        """This week's goal; None for who has set none."""
        if not self.participation.goal_unit:
            return None
        monday = week_of(self.today)
        week = {day: n for day, n in self.lessons_by_day.items() if monday <= day <= self.today}
        unit = GoalUnit(self.participation.goal_unit)
        done = len(week) if unit == GoalUnit.DAYS else sum(week.values())
        return WeeklyGoal(unit, self.participation.goal_amount, done)


@dataclass(frozen=True)
class LedgerLine:
    """An entry of the ledger and the title of what it is for, empty for days and corrections."""

    entry: PointEntry
    title: str

    @property
    def streak_day(self) -> date | None:
        """The day that a point for a streak is about."""
        return date.fromordinal(self.entry.subject) if self.entry.rule == Rule.STREAK else None


def zone_of(user: User) -> str:
    """Return where the learner is."""
    return user.time_zone or settings.TIME_ZONE


def last_day(by_day: Sequence[LedgerDay]) -> LearnerDay | None:
    """Return the last day with a lesson."""
    days = [(row.day, row.where, row.gone) for row in by_day if row.lessons]
    return LearnerDay(*max(days)) if days else None


def skipped_before(by_day: Sequence[LedgerDay]) -> dict[date, int]:
    """Return how many dates a change of the time zone left out before a day, where it did."""
    return {row.day: row.gone for row in by_day if row.gone}


@prepared
def _participation(user: int) -> QuerySet[Participation]:
    return Participation.objects.filter(user=user)


def get_participation(user: User) -> Participation:
    """Return what the learner chose, or what holds for those who chose nothing. One query."""
    return _participation.first(user=user.pk) or Participation(user=user)


@prepared
def _by_day(user: int) -> QuerySet[PointEntry, LedgerDay]:
    return PointEntry.objects.filter(user=user).day_by_day()


def get_figures(user: User) -> Figures:
    """Return points, level, streak and goal as they are now. Two queries."""
    days, participation = _by_day(user=user.pk), get_participation(user)
    return Figures(clock.now(), zone_of(user), user.reached_date, days, participation)


def get_ledger(user: User) -> QuerySet[PointEntry]:
    """Return all that the learner was given, newest first; `explain` tells what for."""
    return (
        PointEntry.objects.filter(user=user)
        .select_related("course", "given_by")
        .order_by("-at", "-pk")
    )


def explain(entries: Iterable[PointEntry]) -> list[LedgerLine]:
    """Return the entries with the titles of what they are about. Two queries."""
    listed = list(entries)
    titles: dict[tuple[str, int], str] = {
        (Rule.COURSE, entry.course.pk): entry.course.title for entry in listed if entry.course
    }
    models: list[tuple[Rule, type[Lesson] | type[Module] | type[Course]]] = [
        (Rule.LESSON, Lesson),
        (Rule.MODULE, Module),
    ]
    for rule, model in models:
        wanted = [entry.subject for entry in listed if entry.rule == rule]
        found = model._default_manager.filter(pk__in=wanted).values_list("pk", "title")
        titles |= {(rule, pk): title for pk, title in found}
    return [LedgerLine(entry, titles.get((entry.rule, entry.subject), "")) for entry in listed]
