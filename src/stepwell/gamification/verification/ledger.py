"""The ledger and badges against the facts that earn them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from stepwell.accounts.models import User
from stepwell.core.verification import Difference
from stepwell.courses.models import Course, Lesson, Module
from stepwell.gamification.days import LearnerDay, day_after, is_zone
from stepwell.gamification.models import Badge, BadgeAward, BadgeRule, Celebration, PointEntry
from stepwell.gamification.rules import Rule
from stepwell.gamification.streaks import places_in_streaks
from stepwell.learning.models import Enrollment, LessonProgress

TABLES: tuple[type[Any], ...] = (PointEntry, LessonProgress, Enrollment, BadgeAward, Celebration)
MICROSECONDS = 1_000_000
# From the date of a moment in UTC to the day that it belongs to, in any zone and after any change.
FURTHEST = timedelta(days=1)
# What entries of these rules alone have, besides what all of them have.
DETAILS = {
    "course_id": {Rule.LESSON, Rule.MODULE, Rule.COURSE},
    "given_by_id": {Rule.CORRECTION},
    "reason": {Rule.CORRECTION},
    "zone": {Rule.LESSON},
    "skipped": {Rule.LESSON},
}


@dataclass
class School:
    """What is the same for all learners. Five queries."""

    course_of: dict[int, int] = field(
        default_factory=lambda: dict(Lesson.objects.values_list("pk", "course_id"))
    )
    course_of_module: dict[int, int] = field(
        default_factory=lambda: dict(Module.objects.values_list("pk", "course_id"))
    )
    version_of: dict[int, int] = field(
        default_factory=lambda: dict(Course.objects.values_list("pk", "outline_version"))
    )
    module_of: dict[int, int] = field(
        default_factory=lambda: dict(Lesson.objects.counted().values_list("pk", "module_id"))
    )
    badges: list[Badge] = field(default_factory=lambda: list(Badge.objects.all()))
    counted: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for lesson, module in self.module_of.items():
            self.counted[module].add(lesson)


@dataclass
class Learner:
    """One learner's entries, facts and badges."""

    key: int
    entries: list[PointEntry]
    completions: list[LessonProgress]
    enrollments: list[Enrollment]
    awards: list[BadgeAward]
    news: list[Celebration]

    def by_subject(self, rule: Rule) -> dict[int, PointEntry]:
        return {entry.subject: entry for entry in self.entries if entry.rule == rule}

    def differs(self, what: str, expected: str, found: str) -> Difference:
        return Difference(f"{what} of learner {self.key}", expected, found)


def find_differences() -> Iterator[Difference]:
    """Yield entries and badges that are missing, changed, or given for nothing."""
    school = School()
    suspects = [each.key for each in _learners() if any(_compare(school, each))]
    for key in suspects:
        with transaction.atomic():
            list(User.objects.select_for_update().filter(pk=key))
            rows = [list(table.objects.filter(user=key).order_by("pk")) for table in TABLES]
            yield from list(_compare(School(), Learner(key, *rows)))


def _learners() -> Iterator[Learner]:
    streams = [_by_learner(table.objects.all()) for table in TABLES]
    heads = [next(stream, None) for stream in streams]
    while any(heads):
        key = min(head[0] for head in heads if head)
        rows: list[list[Any]] = [[] for _table in TABLES]
        for place, head in enumerate(heads):
            if head and head[0] == key:
                rows[place] = head[1]
                heads[place] = next(streams[place], None)
        yield Learner(key, *rows)


def _by_learner(rows: QuerySet[Any]) -> Iterator[tuple[int, list[Any]]]:
    ordered = rows.order_by("user_id", "pk").iterator(chunk_size=2_000)
    for learner, group in groupby(ordered, attrgetter("user_id")):
        yield learner, list(group)


def _compare(school: School, learner: Learner) -> Iterator[Difference]:
    yield from _details(learner)
    yield from _skipped_dates(learner)
    yield from _lessons(school, learner)
    yield from _modules(school, learner)
    yield from _courses(learner)
    yield from _streak_days(learner)
    yield from _badges(school, learner)


def _details(learner: Learner) -> Iterator[Difference]:
    """Compare the day of each entry with its moment, and find what its rule doesn't give."""
    for entry in learner.entries:
        date_there = entry.at.astimezone(UTC).date()
        if abs(entry.day - date_there) > FURTHEST:
            yield learner.differs(f"day of entry {entry.pk}", f"about {date_there}", str(entry.day))
        for name, rules in DETAILS.items():
            if entry.rule not in rules and (found := getattr(entry, name)):
                what = f"{name.removesuffix('_id')} of entry {entry.pk} for a {entry.rule}"
                yield learner.differs(what, "none", str(found))


def _skipped_dates(learner: Learner) -> Iterator[Difference]:
    """Compare how many dates were left out before each day with the zones of the days."""
    last: LearnerDay | None = None
    for entry in learner.entries:
        if entry.rule != Rule.LESSON:
            continue
        if not is_zone(entry.zone):
            yield learner.differs(f"zone of entry {entry.pk}", "a time zone", f"“{entry.zone}”")
            return
        day = LearnerDay(entry.day, entry.zone, entry.skipped)
        new = day_after(last, entry.at, entry.zone)
        if last and day.date == last.date:
            expected = {0, last.skipped}
        else:
            expected = {new.skipped if new.date == day.date else 0}
        if day.skipped not in expected:
            yield learner.differs(
                f"dates skipped before entry {entry.pk}", str(max(expected)), str(day.skipped)
            )
        last = max(last or day, day, key=attrgetter("date"))


def _lessons(school: School, learner: Learner) -> Iterator[Difference]:
    facts = {each.lesson_id: each.first_completed_at for each in learner.completions}
    yield from _entries(learner, Rule.LESSON, facts, school.course_of)


def _modules(school: School, learner: Learner) -> Iterator[Difference]:
    given = learner.by_subject(Rule.MODULE)
    completed = {each.lesson_id for each in learner.completions}
    for module in sorted({school.module_of[each] for each in completed & school.module_of.keys()}):
        is_finished = school.counted[module] <= completed
        if module not in given and is_finished and _is_due(school, learner, module):
            yield learner.differs(f"points for module {module}", "an entry", "none")
    moments = {each.first_completed_at for each in learner.completions}
    for module, entry in given.items():
        if entry.at not in moments:
            yield learner.differs(
                f"entry {entry.pk} for module {module}", "the moment of a lesson", str(entry.at)
            )
        course = school.course_of_module.get(module)
        if course is None or course != entry.course_id:
            yield learner.differs(
                f"entry {entry.pk} for module {module}",
                f"course {course}" if course else "no entry, as there is no such module",
                f"course {entry.course_id}",
            )


def _is_due(school: School, learner: Learner, module: int) -> bool:
    """Tell whether the learner completed a lesson of the module's course as its outline is now.

    A module that a change of the outline finished is given with the next lesson.
    """
    course = school.course_of_module[module]
    last = max(
        each.completed_at or each.first_completed_at
        for each in learner.completions
        if school.course_of.get(each.lesson_id) == course
    )
    return int(last.timestamp() * MICROSECONDS) > school.version_of[course]


def _courses(learner: Learner) -> Iterator[Difference]:
    facts = {each.course_id: each.finished_at for each in learner.enrollments if each.finished_at}
    yield from _entries(learner, Rule.COURSE, facts, {course: course for course in facts})


def _entries(
    learner: Learner, rule: Rule, facts: dict[int, datetime], course_of: dict[int, int]
) -> Iterator[Difference]:
    """Compare the entries of a rule with the moments of what they are given for."""
    given = learner.by_subject(rule)
    for subject in sorted(facts.keys() | given.keys()):
        what = f"points for {rule.value} {subject}"
        moment, entry = facts.get(subject), given.get(subject)
        if entry is None:
            # What is gone itself is reported where something refers to it.
            if subject in course_of:
                yield learner.differs(what, "an entry", "none")
        elif moment is None or subject not in course_of:
            yield learner.differs(what, "none, as nothing was done for them", f"entry {entry.pk}")
        elif (entry.at, entry.course_id) != (moment, course_of[subject]):
            yield learner.differs(
                what,
                f"{moment} in course {course_of[subject]}",
                f"{entry.at} in course {entry.course_id}",
            )


def _streak_days(learner: Learner) -> Iterator[Difference]:
    given = learner.by_subject(Rule.STREAK)
    moments = {each.first_completed_at for each in learner.completions}
    places = _places(learner)
    for day, place in places.items():
        if place > 1 and day.toordinal() not in given:
            yield learner.differs(f"points for {day} in a row", "an entry", "none")
    for subject, entry in given.items():
        if not 1 <= subject <= date.max.toordinal():
            yield learner.differs(f"entry {entry.pk} in a row", "the number of a day", str(subject))
            continue
        day = date.fromordinal(subject)
        if entry.day != day or day not in places:
            yield learner.differs(
                f"entry {entry.pk} for {day} in a row",
                f"{day}, with a lesson",
                f"{entry.day}" if day in places else "no lesson on that day",
            )
        elif entry.at not in moments:
            yield learner.differs(
                f"entry {entry.pk} for {day} in a row", "the moment of a lesson", str(entry.at)
            )


def _places(learner: Learner) -> dict[date, int]:
    lessons = learner.by_subject(Rule.LESSON).values()
    skipped = {entry.day: entry.skipped for entry in lessons if entry.skipped}
    return places_in_streaks({entry.day for entry in lessons}, skipped)


def _badges(school: School, learner: Learner) -> Iterator[Difference]:
    held = {award.badge_id: award for award in learner.awards}
    mine = {entry.pk: entry for entry in learner.entries}
    celebrated = {each.subject for each in learner.news if each.kind == Celebration.Kind.BADGE}
    for badge in school.badges:
        has_earned, award = _has_earned(learner, badge), held.get(badge.pk)
        # A badge of the owner's comes with the next lesson, so it may not be there yet.
        is_due = has_earned and badge.key and badge.retired_at is None
        if award is None and (is_due or badge.pk in celebrated):
            yield learner.differs(f"badge “{badge.name}”", "earned", "missing")
        elif award is not None and not (has_earned and award.evidence_id in mine):
            yield learner.differs(f"badge “{badge.name}”", "not earned", f"award {award.pk}")
        elif award is not None:
            yield from _evidence(learner, badge, award, mine[award.evidence_id])


def _evidence(
    learner: Learner, badge: Badge, award: BadgeAward, entry: PointEntry
) -> Iterator[Difference]:
    """Compare an award with the entry that earned it."""
    rule = Rule.COURSE if badge.rule in {BadgeRule.COURSES, BadgeRule.EARLY} else Rule.LESSON
    what = f"badge “{badge.name}”"
    if entry.rule != rule:
        yield learner.differs(what, f"earned by a {rule}", f"earned by entry {entry.pk}")
    elif badge.rule in {BadgeRule.LESSONS, BadgeRule.COURSES}:
        earlier = [each for each in learner.by_subject(rule).values() if each.at <= entry.at]
        if len(earlier) < badge.threshold:
            yield learner.differs(
                what, f"earned by {rule} number {badge.threshold}", f"earned by entry {entry.pk}"
            )
    if award.at != entry.at:
        yield learner.differs(what, f"earned {entry.at}", f"earned {award.at}")


def _has_earned(learner: Learner, badge: Badge) -> bool:
    if badge.rule == BadgeRule.LESSONS:
        return len(learner.by_subject(Rule.LESSON)) >= badge.threshold
    courses = learner.by_subject(Rule.COURSE)
    if badge.rule == BadgeRule.COURSES:
        return len(courses) >= badge.threshold
    if badge.rule == BadgeRule.STREAK:
        return max(_places(learner).values(), default=0) >= badge.threshold
    if badge.rule == BadgeRule.EARLY:
        return any(
            each.finished_at - each.enrolled_at <= timedelta(days=badge.threshold)
            for each in learner.enrollments
            if each.finished_at and each.course_id in courses
        )
    away = timedelta(days=badge.threshold)
    return any(day - before > away for before, day in pairwise(sorted(_places(learner))))
