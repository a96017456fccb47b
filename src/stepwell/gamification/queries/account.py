"""A learner's account: what they were given, what they are owed, and the badges left to earn."""

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
from stepwell.core.prepared import Parameter, Prepared
from stepwell.courses.models import Lesson
from stepwell.gamification.models import Badge, BadgeRule, PointEntry
from stepwell.gamification.queries.points import Days
from stepwell.gamification.rules import Rule
from stepwell.learning.models import Enrollment, LessonProgress

MINE = {"user": Parameter("user")}
DAY = "day"
NO_MOMENT = Value(None, DateTimeField())
NO_DAY = (Value(None, DateField()), Value(""), Value(0))


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

    by_day: Days
    debts: Sequence[Debt]
    badges: Sequence[BadgeToEarn]


def get_account(user: User, course: int | None) -> Account:
    """Return the learner's account, with the modules that they are owed of this course. One query.

    What was done once is owed for good, even if it was taken back since.
    """
    days, debts, badges = [], [], []
    for kind, key, amount, at, day, zone, skipped in ACCOUNT(user=user.pk, course=course):
        if kind == DAY:
            days.append((day, amount, key, zone, skipped))
        elif kind in OWED:
            debts.append(Debt(Rule(kind), key, amount, at))
        else:
            badges.append(BadgeToEarn(key, BadgeRule(kind), amount))
    return Account(days, debts, sorted(badges, key=attrgetter("pk")))


def get_owed_modules(user: User, course: int) -> list[Debt]:
    """Return the modules of a course that the learner is owed. One query."""
    rows = OWED_MODULES(user=user.pk, course=course)
    return [Debt(Rule.MODULE, module, of_course, at) for _rule, module, of_course, at, *_ in rows]


def _without_award(rule: Rule, subject: str) -> Q:
    """Select rows for which the learner was given nothing yet."""
    entries = PointEntry.objects.filter(**MINE, rule=rule)
    return ~Q(Exists(entries.filter(subject=OuterRef(subject))))


# All rows are of one shape, so that one query brings them: what they are, two numbers, a moment, a
# date, a zone and a number of dates. Those of the first say of which types.


def _days() -> QuerySet[PointEntry, Any]:
    entries = PointEntry.objects.filter(**MINE).day_by_day().order_by()
    return entries.values_list(Value(DAY), "lessons", "total", NO_MOMENT, "day", "where", "gone")


def _lessons() -> QuerySet[LessonProgress, Any]:
    # The course only of those that are owed, instead of a join with all of their lessons.
    course = Lesson.objects.filter(pk=OuterRef("lesson")).order_by().values("course")
    owed = LessonProgress.objects.filter(_without_award(Rule.LESSON, "lesson"), **MINE).order_by()
    return owed.values_list(
        Value(Rule.LESSON), "lesson", Subquery(course), "first_completed_at", *NO_DAY
    )


def _courses() -> QuerySet[Enrollment, Any]:
    finished = Enrollment.objects.filter(**MINE, finished_at__isnull=False).order_by()
    return finished.filter(_without_award(Rule.COURSE, "course")).values_list(
        Value(Rule.COURSE), "course", "course", "finished_at", *NO_DAY
    )


def _modules() -> QuerySet[Lesson, Any]:
    """Select modules of which every lesson that counts was completed once, since the last was."""
    # Both of this course, as they always are: PostgreSQL would read the modules of all courses.
    course = {"course": Parameter("course"), "module__course": Parameter("course")}
    counted = Lesson.objects.counted().filter(**course).order_by()
    mine = FilteredRelation("progress", condition=Q(progress__user=MINE["user"]))
    return (
        counted.filter(_without_award(Rule.MODULE, "module"))
        .annotate(mine=mine)
        .values("module", "course")
        .annotate(last=Max("mine__first_completed_at"))
        .alias(lessons=Count("pk"), completed=Count("mine"))
        .filter(lessons=F("completed"))
        .values_list(Value(Rule.MODULE), "module", "course", "last", *NO_DAY)
    )


def _badges() -> QuerySet[Badge, Any]:
    badges = Badge.objects.to_earn(Parameter("user")).order_by()
    return badges.values_list("rule", "pk", "threshold", NO_MOMENT, *NO_DAY)


# What a row of a debt is called, as no rule of a badge is.
OWED = {Rule.LESSON.value, Rule.MODULE.value, Rule.COURSE.value}
ACCOUNT = Prepared(lambda: _lessons().union(_days(), _courses(), _modules(), _badges(), all=True))
OWED_MODULES = Prepared(_modules)
