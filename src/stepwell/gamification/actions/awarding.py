"""Awards: what the facts of learning have earned, each of them once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, Subquery

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared, insert_row
from stepwell.courses.models import Lesson, Module
from stepwell.gamification.actions.badges import Facts, award_badges
from stepwell.gamification.actions.standings import count_standings, rebuild_standings
from stepwell.gamification.models import Celebration, PointEntry
from stepwell.gamification.queries.points import BY_DAY, day_of
from stepwell.gamification.rules import Rule, level_of, points_for
from stepwell.gamification.streaks import places_in_streaks
from stepwell.learning.models import Enrollment, LessonProgress

COUNT_EVERY = 500  # entries, so that few are left to whoever looks at the leaderboard

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


# One after the other for each learner: on PostgreSQL at their row, which others may still refer to.
LEARNER = Prepared(lambda: User.objects.select_for_update(no_key=True).filter(pk=Parameter("user")))
# What is owed, its course, and when it was earned. What was done once is owed for good,
# even if it was taken back since.
OWED_LESSONS = Prepared(
    lambda: (
        LessonProgress.objects.filter(_without_award(Rule.LESSON, "lesson"), **MINE)
        .order_by("first_completed_at", "pk")
        .values_list("lesson", "lesson__course", "first_completed_at")
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
OWED_COURSES = Prepared(
    lambda: (
        Enrollment.objects.filter(
            _without_award(Rule.COURSE, "course"), **MINE, finished_at__isnull=False
        )
        .order_by("finished_at", "pk")
        .values_list("course", "finished_at")
    )
)


def award_what_is_owed(*, user: User, thoroughly: bool = False) -> list[PointEntry]:
    """Bring the learner's ledger up to what they did; return the new entries.

    It works from the facts, not from what happened last, so that an award that was missed is made
    up for by the next one, and a second call gives nothing. `thoroughly` also looks at modules and
    badges that nothing new can have earned.
    """
    with transaction.atomic():
        [learner] = LEARNER(user=user.pk)
        new = list(_award_lessons_and_courses(learner, thoroughly))
        if not new and not thoroughly:
            return []
        by_day = BY_DAY(user=learner.pk)
        lessons = {day: count for day, _points, count in by_day if count}
        new_days = _days_just_begun(new, lessons)
        streak = list(_award_streak(learner, list(lessons))) if new_days or thoroughly else []
        points = sum(points for _day, points, _lessons in by_day)
        facts = Facts(
            lessons,
            has_new_day=bool(new_days) or thoroughly,
            has_new_course=thoroughly or any(entry.rule == Rule.COURSE for entry in new),
        )
        before = points - sum(entry.points for entry in new)
        _note_level(learner, before, points + sum(entry.points for entry in streak))
        award_badges(learner, facts)
        new += streak
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


def _award_lessons_and_courses(user: User, thoroughly: bool) -> Iterator[PointEntry]:
    lessons, courses = OWED_LESSONS(user=user.pk), OWED_COURSES(user=user.pk)
    for lesson, course, at in lessons:
        yield _award(user, Rule.LESSON, lesson, at, course)
    # Of the whole course: a module is finished, too, when the last open lesson leaves it.
    touched = dict.fromkeys([*(row[1] for row in lessons), *(row[0] for row in courses)])
    if thoroughly:
        completed = LessonProgress.objects.filter(user=user).order_by("lesson__course")
        touched = dict.fromkeys(completed.values_list("lesson__course", flat=True).distinct())
    for each in touched:
        for module, course, at in OWED_MODULES(user=user.pk, course=each):
            yield _award(user, Rule.MODULE, module, at, course)
    for course, finished_at in courses:
        yield _award(user, Rule.COURSE, course, finished_at, course)  # type: ignore[arg-type]  # not None: owed once finished


def _days_just_begun(new: list[PointEntry], lessons: dict[date, int]) -> set[date]:
    """Return the days all of whose lessons are among the new entries."""
    days = [entry.day for entry in new if entry.rule == Rule.LESSON]
    return {day for day in days if days.count(day) == lessons[day]}


def _award_streak(user: User, days: list[date]) -> Iterator[PointEntry]:
    """Give points for each day that made two or more in a row."""
    mine = PointEntry.objects.filter(user=user)
    given = set(mine.filter(rule=Rule.STREAK).values_list("subject", flat=True))
    places = places_in_streaks(days)
    owed = [day for day in days if places[day] > 1 and day.toordinal() not in given]
    begun = mine.filter(rule=Rule.LESSON, day__in=owed).order_by("day").values_list("day")
    for day, at in begun.annotate(at_first=Min("at")) if owed else ():
        yield _award(user, Rule.STREAK, day.toordinal(), at, None)


def _award(user: User, rule: Rule, subject: int, at: datetime, course: int | None) -> PointEntry:
    entry = PointEntry(
        user=user,
        rule=rule,
        subject=subject,
        points=points_for(rule),
        at=at,
        day=day_of(user, at),
        course_id=course,
    )
    insert_row(entry)
    return entry


def _note_level(user: User, before: int, after: int) -> None:
    level = level_of(after).number
    if level > level_of(before).number:
        Celebration.objects.get_or_create(user=user, kind=Celebration.Kind.LEVEL, subject=level)
