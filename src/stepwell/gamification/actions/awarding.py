"""Awards: what the facts of learning have earned, each of them once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from stepwell.accounts.models import User
from stepwell.core.prepared import prepared
from stepwell.gamification.actions.badges import Facts, award_badges
from stepwell.gamification.days import day_after
from stepwell.gamification.models import Celebration, PointEntry
from stepwell.gamification.queries.account import Account, Debt, get_account, get_owed_modules
from stepwell.gamification.queries.points import last_day, skipped_before, zone_of
from stepwell.gamification.rules import Rule, level_of, points_for
from stepwell.learning.models import LessonProgress


@prepared
def _locked_learners(user: int) -> QuerySet[User]:
    # One after the other for each learner: on PostgreSQL at their row, which others may still
    # refer to.
    return User.objects.select_for_update(no_key=True).filter(pk=user)


def award_points(*, user: User, full: bool = False) -> list[PointEntry]:
    """Award all points that the learner's facts earn and the ledger lacks; return the new entries.

    A failed award comes with the next call, and a second call awards nothing. `full` also checks
    modules and badges that no new fact can have earned.
    """
    with transaction.atomic():
        if connection.features.has_select_for_update:  # else the transaction sees to that
            _locked_learners(user=user.pk)
        return award_locked_learner(user=user, full=full)


def award_locked_learner(
    *, user: User, course: int | None = None, full: bool = False
) -> list[PointEntry]:
    """Like `award_points`, but the caller has locked the learner, who learned in `course`."""
    account = get_account(user, course)
    lessons = Counter({row.day: row.lessons for row in account.by_day if row.lessons})
    new = _entries(user, account, _debts(user, account, course, full))
    days = [entry.day for entry in new if entry.rule == Rule.LESSON]
    skipped = skipped_before(account.by_day)
    has_new_day = full or not lessons.keys() >= set(days)
    lessons.update(days)
    facts = Facts(
        lessons,
        skipped | {entry.day: entry.skipped for entry in new if entry.skipped},
        has_new_day=has_new_day,
        has_new_course=full or any(entry.rule == Rule.COURSE for entry in new),
    )
    if has_new_day:
        new += _streak_days(user, facts, new)
    if not new and not full:
        return []
    PointEntry.objects.bulk_create(new)
    before = sum(row.total for row in account.by_day)
    _note_level(user, before, before + sum(entry.points for entry in new))
    award_badges(user, account.badges, facts)
    return new


def rebuild_ledger(progress: Callable[[int], None] = lambda _learners: None) -> int:
    """Award everyone's missing points; return how many entries are new.

    Existing entries keep their points, corrections too. `progress` is called with the
    number of learners done so far.
    """
    count = 0
    for done, user in enumerate(User.objects.order_by("pk").iterator(chunk_size=500), 1):
        count += len(award_points(user=user, full=True))
        progress(done)
    return count


def _debts(user: User, account: Account, course: int | None, full: bool) -> list[Debt]:
    """Return missing awards in the order in which they were earned, with modules of all courses."""
    owed = sorted(account.debts, key=lambda debt: (debt.at, debt.subject))
    lessons, modules, courses = (
        [debt for debt in owed if debt.rule == rule]
        for rule in (Rule.LESSON, Rule.MODULE, Rule.COURSE)
    )
    # Of whole courses: a module is finished, too, when the last open lesson leaves it.
    touched = dict.fromkeys(debt.course for debt in [*lessons, *courses])
    if full:
        completed = LessonProgress.objects.filter(user=user).order_by("lesson__course")
        touched = dict.fromkeys(completed.values_list("lesson__course", flat=True).distinct())
    for each in touched:
        if each and each != course:
            modules += get_owed_modules(user, each)
    return [*lessons, *modules, *courses]


@prepared
def _days_given(user: int) -> QuerySet[PointEntry, int]:
    given = PointEntry.objects.filter(user=user, rule=Rule.STREAK)
    return given.values_list("subject", flat=True)


def _streak_days(user: User, facts: Facts, new: list[PointEntry]) -> Iterator[PointEntry]:
    """Give points for each day that made two or more in a row."""
    in_a_row = [day for day in sorted(facts.lessons_by_day) if facts.places[day] > 1]
    given = set(_days_given(user=user.pk)) if in_a_row else set()
    owed = [day for day in in_a_row if day.toordinal() not in given]
    lessons = [(entry.day, entry.at) for entry in new if entry.rule == Rule.LESSON]
    just_now = Counter(day for day, _at in lessons)
    if known := [day for day in owed if facts.lessons_by_day[day] > just_now[day]]:
        mine = PointEntry.objects.for_lessons().filter(user=user, day__in=known)
        lessons += mine.values_list("day").annotate(Min("at"))
    begun: dict[date, datetime] = {}
    for day, at in lessons:
        begun[day] = min(at, begun.get(day, at))
    for day in owed:
        yield _entry(user, Debt(Rule.STREAK, day.toordinal(), None, begun[day]), day)


def _entries(user: User, account: Account, debts: Iterable[Debt]) -> list[PointEntry]:
    """Return an entry for each debt, on the day of the learner that its moment belongs to."""
    new = []
    last, zone = last_day(account.by_day), zone_of(user)
    for debt in debts:
        day = day_after(last, debt.at, zone, user.reached_date)
        entry = _entry(user, debt, day.date)
        if debt.rule == Rule.LESSON:
            entry.zone, entry.skipped = day.zone, day.skipped
            last = max(last or day, day, key=attrgetter("date"))
        new.append(entry)
    return new


def _entry(user: User, debt: Debt, day: date) -> PointEntry:
    return PointEntry(
        user=user,
        rule=debt.rule,
        subject=debt.subject,
        points=points_for(debt.rule),
        at=debt.at,
        day=day,
        course_id=debt.course,
    )


def _note_level(user: User, before: int, after: int) -> None:
    level = level_of(after).number
    if level > level_of(before).number:
        news = Celebration(user=user, kind=Celebration.Kind.LEVEL, subject=level)
        Celebration.objects.bulk_create([news], ignore_conflicts=True)
