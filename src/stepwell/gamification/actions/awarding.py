"""Awards: what the facts of learning have earned, each of them once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef, Q, Subquery, Value

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared, ensure_row, insert_row
from stepwell.courses.models import Lesson, Module
from stepwell.gamification.actions.badges import TO_EARN, Facts, award_badges
from stepwell.gamification.actions.standings import BATCH, count_standings, rebuild_standings
from stepwell.gamification.models import Celebration, PointEntry
from stepwell.gamification.queries.points import BY_DAY, day_of
from stepwell.gamification.rules import Rule, level_of, points_for
from stepwell.learning.models import Enrollment, LessonProgress

# Entries, so that few are left to whoever looks at the leaderboard. What comes before they are
# counted fits into the same batch.
COUNT_EVERY = BATCH * 4 // 5

MINE = {"user": Parameter("user")}


def _without_award(rule: Rule, subject: str) -> Q:
    """Select rows for which the learner was given nothing yet."""
    entries = PointEntry.objects.filter(**MINE, rule=rule)
    return ~Q(Exists(entries.filter(subject=OuterRef(subject))))


def _unfinished(module: str) -> Q:
    """Select modules without lessons that count, or with one that was never completed."""
    counted = Lesson.objects.counted().filter(module=OuterRef(module))
    ever = LessonProgress.objects.filter(**MINE, lesson=OuterRef("pk"))
    return ~Exists(counted) | Exists(counted.filter(~Exists(ever)))


STREAK_DAYS = Prepared(
    lambda: PointEntry.objects.filter(**MINE, rule=Rule.STREAK).values_list("subject", flat=True)
)
# One after the other for each learner: on PostgreSQL at their row, which others may still refer to.
LEARNER = Prepared(lambda: User.objects.select_for_update(no_key=True).filter(pk=Parameter("user")))
# By which rule, for what, its course, and when it was earned. What was done once is owed for good,
# even if it was taken back since.
OWED = Prepared(
    lambda: (
        LessonProgress.objects.filter(_without_award(Rule.LESSON, "lesson"), **MINE)
        .order_by()
        # The course only of those that are owed, instead of a join with all of their lessons.
        .values_list(
            Value(Rule.LESSON),
            "lesson",
            Subquery(Lesson.objects.filter(pk=OuterRef("lesson")).order_by().values("course")),
            "first_completed_at",
        )
        .union(
            Enrollment.objects.filter(
                _without_award(Rule.COURSE, "course"), **MINE, finished_at__isnull=False
            ).values_list(Value(Rule.COURSE), "course", "course", "finished_at"),
            all=True,
        )
    )
)
OWED_MODULES = Prepared(
    lambda: (
        Module.objects.filter(_without_award(Rule.MODULE, "pk"), course=Parameter("course"))
        .exclude(_unfinished("pk"))
        .order_by("pk")
        .values_list(
            "pk",
            "course",
            Subquery(
                LessonProgress.objects.filter(
                    **MINE,
                    lesson__in=Lesson.objects.counted().filter(module=OuterRef(OuterRef("pk"))),
                )
                .order_by("-first_completed_at")
                .values("first_completed_at")[:1]
            ),
        )
    )
)


def award_what_is_owed(*, user: User, thoroughly: bool = False) -> list[PointEntry]:
    """Bring the learner's ledger up to what they did; return the new entries.

    It works from the facts, not from what happened last, so that an award that was missed is made
    up for by the next one, and a second call gives nothing. `thoroughly` also looks at modules and
    badges that nothing new can have earned.
    """
    with transaction.atomic():
        if connection.features.has_select_for_update:  # else the transaction sees to that
            LEARNER(user=user.pk)
        return award_held_learner(user=user, thoroughly=thoroughly)


def award_held_learner(*, user: User, thoroughly: bool = False) -> list[PointEntry]:
    """Do the same within a transaction that holds the learner already."""
    by_day = BY_DAY(user=user.pk)
    lessons = Counter({day: count for day, _points, count in by_day if count})
    new = list(_lessons_and_courses(user, thoroughly))
    days = [entry.day for entry in new if entry.rule == Rule.LESSON]
    has_new_day = thoroughly or not lessons.keys() >= set(days)
    lessons.update(days)
    facts = Facts(
        lessons,
        has_new_day=has_new_day,
        has_new_course=thoroughly or any(entry.rule == Rule.COURSE for entry in new),
    )
    if has_new_day:
        new += _streak_days(user, facts, new)
    if not new and not thoroughly:
        return []
    for entry in new:
        insert_row(entry)
    before = sum(points for _day, points, _lessons in by_day)
    _note_level(user, before, before + sum(entry.points for entry in new))
    award_badges(user, TO_EARN(user=user.pk), facts)
    if any(entry.pk % COUNT_EVERY == 0 for entry in new):
        transaction.on_commit(count_standings, robust=True)
    return new


def rebuild_ledger(progress: Callable[[int], None] = lambda _learners: None) -> int:
    """Award whatever anyone is owed and count all standings anew; return how many entries are new.

    Entries that stand are kept with their points, corrections too. `progress` is called with the
    number of learners done so far; each is done twice.
    """
    count, done = 0, 0
    for user in User.objects.order_by("pk").iterator(chunk_size=500):
        count += len(award_what_is_owed(user=user, thoroughly=True))
        done += 1
        progress(done)
    rebuild_standings(lambda counted: progress(done + counted))
    return count


def _lessons_and_courses(user: User, thoroughly: bool) -> Iterator[PointEntry]:
    owed = sorted(OWED(user=user.pk), key=lambda row: (row[3], row[1]))
    lessons = [row for row in owed if row[0] == Rule.LESSON]
    courses = [row for row in owed if row[0] == Rule.COURSE]
    for rule, subject, course, at in lessons:
        yield _entry(user, rule, subject, at, course)
    # Of the whole course: a module is finished, too, when the last open lesson leaves it.
    touched = dict.fromkeys(row[2] for row in [*lessons, *courses])
    if thoroughly:
        completed = LessonProgress.objects.filter(user=user).order_by("lesson__course")
        touched = dict.fromkeys(completed.values_list("lesson__course", flat=True).distinct())
    for each in touched:
        for module, course, at in OWED_MODULES(user=user.pk, course=each):
            yield _entry(user, Rule.MODULE, module, at, course)
    for rule, subject, course, at in courses:
        yield _entry(user, rule, subject, at, course)


def _streak_days(user: User, facts: Facts, new: list[PointEntry]) -> Iterator[PointEntry]:
    """Give points for each day that made two or more in a row."""
    in_a_row = [day for day in sorted(facts.lessons_by_day) if facts.places[day] > 1]
    given = set(STREAK_DAYS(user=user.pk)) if in_a_row else set()
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
        yield _entry(user, Rule.STREAK, day.toordinal(), begun[day], None)


def _entry(user: User, rule: Rule, subject: int, at: datetime, course: int | None) -> PointEntry:
    return PointEntry(
        user=user,
        rule=rule,
        subject=subject,
        points=points_for(rule),
        at=at,
        day=day_of(user, at),
        course_id=course,
    )


def _note_level(user: User, before: int, after: int) -> None:
    level = level_of(after).number
    if level > level_of(before).number:
        ensure_row(Celebration(user=user, kind=Celebration.Kind.LEVEL, subject=level))
