"""A learner's account: awards given, awards missing, and the badges left to earn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)

from stepwell.accounts.models import User
from stepwell.core.prepared import prepared
from stepwell.courses.models import Lesson
from stepwell.gamification.models import Badge, BadgeRule, LedgerDay, PointEntry
from stepwell.gamification.rules import Rule
from stepwell.learning.models import Enrollment, LessonProgress

DAY = "day"
NO_MOMENT = Value(None, DateTimeField())
NO_DAY = (Value(None, DateField()), Value(""), Value(0))
# What a row of a debt is called, as no rule of a badge is.
OWED = {Rule.LESSON.value, Rule.MODULE.value, Rule.COURSE.value}


@dataclass(frozen=True)
class Debt:
    """What a learner has done and was given nothing for yet; days in a row are of no course."""

    rule: Rule
    subject: int
    course: int | None
    at: datetime


@dataclass(frozen=True)
class BadgeToEarn:
    """A badge that is offered and that the learner does not have."""

    pk: int
    rule: BadgeRule
    threshold: int


@dataclass(frozen=True)
class Account:
    """What awarding starts from."""

    by_day: Sequence[LedgerDay]
    debts: Sequence[Debt]
    badges: Sequence[BadgeToEarn]


def get_account(user: User, course: int | None) -> Account:
    """Return the learner's account, with the missing module awards of this course. One query.

    A lesson completed once earns its award, even if the completion was taken back since.
    """
    days, debts, badges = [], [], []
    for row in _account(user=user.pk, course=course):
        if row.kind == DAY:
            days.append(LedgerDay(row.day, row.second, row.first, row.where, row.gone))
        elif row.kind in OWED:
            debts.append(Debt(Rule(row.kind), row.first, row.second, row.at))
        else:
            badges.append(BadgeToEarn(row.first, BadgeRule(row.kind), row.second))
    return Account(days, debts, sorted(badges, key=attrgetter("pk")))


def get_owed_modules(user: User, course: int) -> list[Debt]:
    """Return the modules of a course whose award the learner still misses. One query."""
    rows = _owed_modules(user=user.pk, course=course)
    return [Debt(Rule.MODULE, row.module, row.course, row.last) for row in rows]


def _without_award(user: int, rule: Rule, subject: str) -> Q:
    """Select rows for which the learner was given nothing yet."""
    entries = PointEntry.objects.filter(user=user, rule=rule)
    return ~Q(Exists(entries.filter(subject=OuterRef(subject))))


@prepared
def _account(user: int, course: int | None) -> QuerySet[LessonProgress, Any]:
    """Select all that `get_account` needs as rows of one shape. `_lessons` names their columns.

    The meaning of `first` and `second` depends on `kind`:
    for a day, its lessons and its points;
    for a rule of points, the id that has no award yet, and its course;
    for a rule of a badge, the badge and its threshold.
    """
    others = (_days(user), _courses(user), _modules(user, course), _badges(user))
    return _lessons(user).union(*others, all=True)


@prepared
def _owed_modules(user: int, course: int) -> QuerySet[Lesson, Any]:
    return _modules(user, course)


def _lessons(user: int) -> QuerySet[LessonProgress, Any]:
    # Read the course of the missing ones only, instead of a join with all lessons.
    course = Lesson.objects.filter(pk=OuterRef("lesson")).order_by().values("course")
    owed = LessonProgress.objects.filter(_without_award(user, Rule.LESSON, "lesson"), user=user)
    day, where, gone = NO_DAY
    return (
        owed.order_by()
        .annotate(
            kind=Value(Rule.LESSON),
            first=F("lesson"),
            second=Subquery(course),
            at=F("first_completed_at"),
            day=day,
            where=where,
            gone=gone,
        )
        .values_list("kind", "first", "second", "at", "day", "where", "gone", named=True)
    )


def _days(user: int) -> QuerySet[PointEntry, Any]:
    entries = PointEntry.objects.filter(user=user).day_by_day().order_by()
    return entries.values_list(Value(DAY), "lessons", "total", NO_MOMENT, "day", "where", "gone")


def _courses(user: int) -> QuerySet[Enrollment, Any]:
    finished = Enrollment.objects.filter(user=user, finished_at__isnull=False).order_by()
    return finished.filter(_without_award(user, Rule.COURSE, "course")).values_list(
        Value(Rule.COURSE), "course", "course", "finished_at", *NO_DAY
    )


def _modules(user: int, course: int | None) -> QuerySet[Lesson, Any]:
    """Select modules of which every lesson that counts was completed once, since the last was."""
    # Both of this course, as they always are: PostgreSQL would read the modules of all courses.
    counted = Lesson.objects.counted().filter(course=course, module__course=course).order_by()
    mine = FilteredRelation("progress", condition=Q(progress__user=user))
    return (
        counted.filter(_without_award(user, Rule.MODULE, "module"))
        .annotate(mine=mine)
        .values("module", "course")
        .annotate(last=Max("mine__first_completed_at"))
        .alias(lessons=Count("pk"), completed=Count("mine"))
        .filter(lessons=F("completed"))
        .values_list(Value(Rule.MODULE), "module", "course", "last", *NO_DAY, named=True)
    )


def _badges(user: int) -> QuerySet[Badge, Any]:
    badges = Badge.objects.to_earn(user).order_by()
    return badges.values_list("rule", "pk", "threshold", NO_MOMENT, *NO_DAY)
