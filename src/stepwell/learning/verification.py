"""The proof that enrollments and completions are what the record says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from stepwell.accounts.models import User
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress

Kind = LearningEvent.Kind
TABLES = (LearningEvent, Enrollment, LessonProgress)
Facts = dict[str, datetime | None]


@dataclass(frozen=True)
class Difference:
    """One place where a table and the record disagree; `subject` is a course or lesson id."""

    user_id: int
    noun: str
    subject_id: int
    recorded: str
    stored: str

    def __str__(self) -> str:
        return (
            f"{self.noun} {self.subject_id} of learner {self.user_id}: "
            f"the record says {self.recorded}, the table says {self.stored}"
        )


@dataclass
class RebuiltState:
    """One learner's enrollments and completions, rebuilt from the record event by event."""

    enrollments: dict[int, Facts] = field(default_factory=dict)
    completions: dict[int, Facts] = field(default_factory=dict)
    course_of: dict[int, int] = field(default_factory=dict)

    def apply(self, event: LearningEvent) -> None:
        membership = self.enrollments.setdefault(
            event.course_id,
            {"enrolled_at": event.at, "unenrolled_at": None, "finished_at": None},
        )
        if event.is_activity:
            membership["last_activity_at"] = event.at
        if event.kind == Kind.ENROLLED:
            membership["unenrolled_at"] = None
        elif event.kind == Kind.UNENROLLED:
            membership["unenrolled_at"] = event.at
        elif event.kind == Kind.FINISHED:
            membership["finished_at"] = membership["finished_at"] or event.at
        elif event.kind == Kind.STARTED_OVER:
            for lesson, completion in self.completions.items():
                if self.course_of[lesson] == event.course_id:
                    completion["completed_at"] = None
        elif event.lesson_id is not None:
            self.course_of[event.lesson_id] = event.course_id
            completion = self.completions.setdefault(
                event.lesson_id, {"first_completed_at": event.at}
            )
            completion["completed_at"] = event.at if event.kind == Kind.COMPLETED else None


def find_differences(
    progress: Callable[[int], None] = lambda _events: None,
) -> Iterator[Difference]:
    """Yield every difference between the record and the tables, learner by learner.

    `progress` is called with the number of events read so far. Memory is bounded by one learner's
    facts, the time is linear in the record. Learners may go on learning meanwhile: one with a
    difference is compared a second time, with a lock.
    """
    suspects = []
    sources = [_grouped(table.objects.all()) for table in TABLES]
    streams = [next(source, None) for source in sources]
    read = 0
    while any(streams):
        learner = min(head[0] for head in streams if head)
        rows = []
        for place, head in enumerate(streams):
            if head and head[0] == learner:
                rows.append(head[1])
                streams[place] = next(sources[place], None)
            else:
                rows.append([])
        if any(_compare(learner, *rows)):
            suspects.append(learner)
        read += len(rows[0])
        progress(read)
    for learner in suspects:
        yield from _compare(learner, *_read_at_rest(learner))
    yield from _wrong_figures()
    yield from _missing_finishes()
    yield from _figures_of_later_outlines()
    yield from _events_in_other_courses()


def _missing_finishes() -> Iterator[Difference]:
    """Yield enrollments in open courses that are complete and not finished. One query."""
    missing = Enrollment.objects.complete().filter(finished_at=None)
    for user, course in missing.values_list("user_id", "course_id"):
        yield Difference(user, "enrollment in course", course, "all is completed", "not finished")


def _figures_of_later_outlines() -> Iterator[Difference]:
    """Yield kept figures of a version that the outline has not reached: it was set back. One query.

    Figures are counted after the version was read, so a version never is older than theirs.
    """
    later = Enrollment.objects.filter(counted_version__gt=F("course__outline_version"))
    for row in later.select_related("course").iterator():
        yield Difference(
            user_id=row.user_id,
            noun="kept figures of course",
            subject_id=row.course_id,
            recorded=f"outline version {row.course.outline_version}",
            stored=f"outline version {row.counted_version}",
        )


def _events_in_other_courses() -> Iterator[Difference]:
    """Yield events whose course is not that of their lesson, which never changes. One query."""
    events = LearningEvent.objects.exclude(lesson=None).exclude(course=F("lesson__course"))
    rows = events.values_list("user_id", "pk", "lesson_id", "course_id", "lesson__course_id")
    for user, event, lesson, recorded, stored in rows.order_by("pk").iterator():
        noun = f"event {event} about lesson"
        yield Difference(user, noun, lesson, f"course {recorded}", f"course {stored}")


def _wrong_figures() -> Iterator[Difference]:
    """Yield the kept figures that claim to hold and don't. One query."""
    counted = Enrollment.objects.active().filter(counted_version=F("course__outline_version"))
    next_kept, next_counted = Coalesce("next_lesson_id", 0), Coalesce("first_open_id", 0)
    wrong = counted.with_progress().filter(
        ~Q(completed_count=F("completed")) | ~Exact(next_kept, next_counted)
    )
    for row in wrong.iterator():
        yield Difference(
            user_id=row.user_id,
            noun="kept figures of course",
            subject_id=row.course_id,
            recorded=f"{row.completed} completed, next lesson {row.first_open_id or 'none'}",
            stored=f"{row.completed_count} completed, next lesson {row.next_lesson_id or 'none'}",
        )


def _grouped(rows: QuerySet[Any]) -> Iterator[tuple[int, list[Any]]]:
    ordered = rows.order_by("user_id", "pk").iterator(chunk_size=2000)
    for learner, group in groupby(ordered, attrgetter("user_id")):
        yield learner, list(group)


def _read_at_rest(learner: int) -> list[list[Any]]:
    """Read one learner's facts while none can come or change.

    On PostgreSQL every fact refers to the locked person, on SQLite the transaction is the lock.
    """
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=learner))  # none if the person is gone
        return [list(table.objects.filter(user=learner).order_by("pk")) for table in TABLES]


def _compare(
    learner: int,
    events: list[LearningEvent],
    enrollments: list[Enrollment],
    completions: list[LessonProgress],
) -> Iterator[Difference]:
    state = RebuiltState()
    for event in events:
        state.apply(event)
    pairs: list[tuple[str, dict[int, Facts], dict[int, Any]]] = [
        ("enrollment in course", state.enrollments, {row.course_id: row for row in enrollments}),
        ("completion of lesson", state.completions, {row.lesson_id: row for row in completions}),
    ]
    for noun, recorded, stored in pairs:
        for subject in sorted(recorded.keys() | stored.keys()):
            facts, row = recorded.get(subject), stored.get(subject)
            if facts is None or row is None:
                says = "nothing" if facts is None else _words(facts)
                has = "nothing" if row is None else "a row"
                yield Difference(learner, noun, subject, says, has)
                continue
            found = {name: getattr(row, name) for name in facts}
            if found != facts:
                yield Difference(learner, noun, subject, _words(facts), _words(found))


def _words(facts: Facts) -> str:
    return ", ".join(f"{name} {moment or 'never'}" for name, moment in facts.items())
