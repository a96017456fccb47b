"""Badges: earning them, and what owners define."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import prepared
from stepwell.gamification.errors import BadBadge
from stepwell.gamification.models import (
    Badge,
    BadgeAward,
    BadgeRule,
    Celebration,
    PointEntry,
)
from stepwell.gamification.queries.account import BadgeToEarn
from stepwell.gamification.rules import Rule
from stepwell.gamification.streaks import places_in_streaks
from stepwell.learning.models import Enrollment

MOST = 10_000
NAME_LENGTH = 60
# Those that Stepwell brings along: key, name, what they are earned by, and how much of it.
BROUGHT_ALONG = (
    ("first-lesson", "First step", BadgeRule.LESSONS, 1),
    ("first-course", "First course", BadgeRule.COURSES, 1),
    ("five-courses", "Five courses", BadgeRule.COURSES, 5),
    ("streak-7", "A week in a row", BadgeRule.STREAK, 7),
    ("streak-30", "A month in a row", BadgeRule.STREAK, 30),
    ("streak-100", "A hundred days in a row", BadgeRule.STREAK, 100),
    ("early", "Early finisher", BadgeRule.EARLY, 7),
    ("come-back", "Welcome back", BadgeRule.COME_BACK, 30),
)


@dataclass(frozen=True)
class Facts:
    """What badges are earned by: lessons on each day, and what has just been added to them."""

    lessons_by_day: dict[date, int]
    skipped: dict[date, int]
    has_new_day: bool
    has_new_course: bool

    @cached_property
    def places(self) -> dict[date, int]:
        """How many days in a row each day made."""
        return places_in_streaks(self.lessons_by_day, self.skipped)


def award_badges(user: User, badges: Iterable[BadgeToEarn], facts: Facts) -> None:
    """Give the learner each of these badges that they have earned, once."""
    for badge in badges:
        evidence = EVIDENCE[badge.rule](user, badge.threshold, facts)
        if evidence:
            award = BadgeAward(user=user, badge_id=badge.pk, at=evidence.at, evidence=evidence)
            news = Celebration(user=user, kind=Celebration.Kind.BADGE, subject=badge.pk)
            BadgeAward.objects.bulk_create([award], ignore_conflicts=True)
            Celebration.objects.bulk_create([news], ignore_conflicts=True)


def create_default_badges() -> None:
    """Put Stepwell's own badges into the database; those that are there stay as they are."""
    Badge.objects.bulk_create(
        [
            Badge(key=key, name=name, rule=rule, threshold=threshold)
            for key, name, rule, threshold in BROUGHT_ALONG
        ],
        ignore_conflicts=True,
    )


def define_badge(*, name: str, rule: BadgeRule, threshold: int) -> Badge:
    """Offer a badge from now on; learners get it with the next thing that counts for it.

    `rebuild_ledger` gives it to those who have earned it already.

    Raises `BadBadge`.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH or not 1 <= threshold <= MOST:
        raise BadBadge
    try:
        with transaction.atomic():
            return Badge.objects.create(name=name, rule=rule, threshold=threshold)
    except IntegrityError:
        raise BadBadge from None


def retire_badge(*, badge: Badge) -> Badge:
    """Offer a badge no longer; who has it keeps it. A second call changes nothing."""
    if badge.retired_at is None:
        badge.retired_at = clock.now()
        badge.save(update_fields=["retired_at"])
    return badge


def offer_badge(*, badge: Badge) -> Badge:
    """Offer a retired badge again. A second call changes nothing."""
    if badge.retired_at is not None:
        badge.retired_at = None
        badge.save(update_fields=["retired_at"])
    return badge


def _nth_lesson(user: User, count: int, facts: Facts) -> PointEntry | None:
    if sum(facts.lessons_by_day.values()) < count:
        return None
    return _nth(user, Rule.LESSON, count)


def _nth_course(user: User, count: int, facts: Facts) -> PointEntry | None:
    return _nth(user, Rule.COURSE, count) if facts.has_new_course else None


def _nth(user: User, rule: Rule, count: int) -> PointEntry | None:
    entries = PointEntry.objects.filter(user=user, rule=rule).order_by("at", "pk")
    return entries[count - 1 : count].first()


def _streak(user: User, length: int, facts: Facts) -> PointEntry | None:
    if not facts.has_new_day:
        return None
    places = facts.places
    return _first_of(user, (day for day in sorted(places) if places[day] == length))


def _early_finish(user: User, days: int, facts: Facts) -> PointEntry | None:
    if not facts.has_new_course:
        return None
    enrollments = Enrollment.objects.filter(user=user, finished_at__isnull=False)
    for enrollment in enrollments.order_by("finished_at", "pk"):
        finished = enrollment.finished_at
        if finished and finished - enrollment.enrolled_at <= timedelta(days=days):
            subject = enrollment.course_id
            return PointEntry.objects.filter(user=user, rule=Rule.COURSE, subject=subject).first()
    return None


def _come_back(user: User, days: int, facts: Facts) -> PointEntry | None:
    if not facts.has_new_day:
        return None
    learned = sorted(facts.lessons_by_day)
    away = timedelta(days=days)
    return _first_of(user, (day for before, day in pairwise(learned) if day - before > away))


@prepared
def _first_lessons(user: int, day: str) -> QuerySet[PointEntry]:
    of_the_day = PointEntry.objects.for_lessons().filter(user=user, day=day)
    return of_the_day.order_by("at", "pk")[:1]


def _first_of(user: User, days: Iterator[date]) -> PointEntry | None:
    """Return the first lesson completed on the first of these days."""
    day = next(days, None)
    return _first_lessons.first(user=user.pk, day=day.isoformat()) if day else None


EVIDENCE: dict[BadgeRule, Callable[[User, int, Facts], PointEntry | None]] = {
    BadgeRule.LESSONS: _nth_lesson,
    BadgeRule.COURSES: _nth_course,
    BadgeRule.STREAK: _streak,
    BadgeRule.EARLY: _early_finish,
    BadgeRule.COME_BACK: _come_back,
}
