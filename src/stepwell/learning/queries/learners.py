"""The learners of a course, as those who teach it see them.

Progress and next lesson are the kept figures of docs/decisions/0017. Views call `count_progress`
first, which counts outdated figures again. Lists and figures leave out suspended people, so that
all of them are about the same learners.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import add
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from stepwell.accounts.models import Invitation, User
from stepwell.core import clock
from stepwell.core.folding import words_to_find
from stepwell.courses.models import OUTLINE_ORDER, Course, Lesson
from stepwell.courses.outlines import Outline, OutlineLesson, OutlineModule, get_outline
from stepwell.learning.models import Enrollment, LessonProgress, PendingEnrollment
from stepwell.learning.queries.progress import Progress

LONGEST_SEARCH = 200  # characters; what comes after them finds nothing that these don't
CHUNK = 1_000  # rows in memory at once while all are walked through

# What learners can be sorted by; with a hyphen before it, the other way round.
COLUMNS: dict[str, list[F]] = {
    "name": [F("user__search_text")],
    "progress": [F("completed_count")],
    "next_lesson": [F(f"next_lesson__{name}") for name in OUTLINE_ORDER],
    "last_activity": [F("last_activity_at")],
    "enrolled": [F("enrolled_at")],
    "finished": [F("finished_at")],
}
SORTS = tuple(f"{hyphen}{column}" for column in COLUMNS for hyphen in ("", "-"))
NEWEST_FIRST = "-last_activity"

# Texts of a course that its row in a list can do without.
LONG = ("description", "description_html")
FIELDS = (
    *("user__name", "user__handle", "user__email", "completed_count", "next_lesson_id"),
    *("last_activity_at", "enrolled_at", "finished_at"),
)


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner of a course, as those who teach it see them."""

    name: str
    handle: str
    email: str
    progress: Progress
    next_lesson: OutlineLesson | None
    last_activity_at: datetime
    enrolled_at: datetime
    finished_at: datetime | None

    @property
    def idle_days(self) -> int:
        """Whole days without any activity in the course."""
        return (clock.now() - self.last_activity_at).days


class Learners:
    """The learners of a course in the order of `sort`, ties by when they first enrolled.

    With `search` those whose name or email holds every word of it, with `stuck_for` those with
    whom nothing happened for so many days, with `at` those whose next lesson has this key. Rows
    without a value in the sorted column come last, either way.

    Like a list, of which slices are read with one query each, and the length with one more. All
    rows are walked through without being held in memory at once.
    """

    def __init__(
        self,
        course: Course,
        *,
        search: str = "",
        sort: str = NEWEST_FIRST,
        stuck_for: int | None = None,
        at: str = "",
    ) -> None:
        self.course = course
        self.words = words_to_find(search[:LONGEST_SEARCH])
        self.sort = sort
        self.stuck_for = stuck_for
        self.at = at

    def __len__(self) -> int:
        return self._found().count()

    def __iter__(self) -> Iterator[Learner]:
        outline = get_outline(self.course)
        for row in self._rows().iterator(chunk_size=CHUNK):
            yield _learner(outline, row)

    def __getitem__(self, part: slice, /) -> list[Learner]:
        outline = get_outline(self.course)
        return [_learner(outline, row) for row in self._rows()[part]]

    def _found(self) -> QuerySet[Enrollment]:
        found = Enrollment.objects.of_learners().filter(course=self.course)
        if self.stuck_for is not None:
            found = found.stuck_for(self.stuck_for)
        if self.at:
            found = found.filter(next_lesson__key=self.at)
        for word in self.words:
            found = found.filter(user__search_text__contains=word)
        return found

    def _rows(self) -> QuerySet[Enrollment, tuple[Any, ...]]:
        is_reversed = self.sort.startswith("-")
        order = [
            column.desc(nulls_last=True) if is_reversed else column.asc(nulls_last=True)
            for column in COLUMNS[self.sort.removeprefix("-")]
        ]
        return self._found().order_by(*order, "pk").values_list(*FIELDS)


def _learner(outline: Outline, row: tuple[Any, ...]) -> Learner:
    name, handle, email, completed, next_lesson_id, last_activity_at, enrolled_at, finished_at = row
    total = len(outline.lessons)
    place = outline.places.get(next_lesson_id)
    return Learner(
        name=name,
        handle=handle,
        email=email,
        # An outline that shrank since they were counted, a moment ago, must not show 3 of 2.
        progress=Progress(min(completed, total), total),
        next_lesson=None if place is None else outline.lessons[place],
        last_activity_at=last_activity_at,
        enrolled_at=enrolled_at,
        finished_at=finished_at,
    )


def get_pending_enrollments(course: Course) -> list[PendingEnrollment]:
    """Return those who are enrolled as soon as they have an account, or the course is open.

    `is_withdrawn` tells whether an owner withdrew the invitation that was mailed.
    """
    invitation = Invitation.objects.filter(email=OuterRef("email"))
    is_withdrawn = Q(user=None, sent_at__isnull=False) & ~Exists(invitation)
    pending = course.pending_enrollments.select_related("user").annotate(
        is_withdrawn=ExpressionWrapper(is_withdrawn, BooleanField())
    )
    return sorted(pending, key=lambda each: each.address)


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """How many learners completed a lesson, have it as their next one, and are stuck there."""

    lesson: OutlineLesson
    completed: int
    standing: int
    stuck: int

    def share(self, learner_count: int) -> Progress:
        """Return those who completed it of all learners; percent is rounded down."""
        return Progress(self.completed, learner_count)


@dataclass(frozen=True)
class DropOff:
    """How far the learners of a course have come, lesson by lesson in outline order."""

    learner_count: int
    modules: tuple[tuple[OutlineModule, tuple[LessonFigures, ...]], ...]

    @property
    def lessons(self) -> tuple[LessonFigures, ...]:
        return tuple(lesson for _module, lessons in self.modules for lesson in lessons)

    @property
    def most_standing(self) -> int:
        return max((lesson.standing for lesson in self.lessons), default=0)


def get_drop_off(course: Course, *, stuck_for: int) -> DropOff:
    """Return for each counted lesson how many completed it, and for how many it is the next.

    Stuck are those with whom nothing happened for `stuck_for` days.
    """
    learners = Enrollment.objects.of_learners().filter(course=course)
    is_stuck = Q(pk__in=learners.stuck_for(stuck_for))
    standing = learners.values_list("next_lesson_id").annotate(
        done=Value(0), standing=Count("pk"), stuck=Count("pk", filter=is_stuck)
    )
    completed = (
        LessonProgress.objects.completed()
        # A sum has no index: SQLite must go learner by learner, whose rows lie side by side. By
        # the index of lessons it jumps through all of the table, for several times as long.
        .annotate(step=F("lesson_id") + 0)
        .filter(
            user__in=learners.values("user"),
            step__in=Lesson.objects.counted().filter(course=course).values("pk"),
        )
        .values_list("lesson_id")
        .annotate(done=Count("pk"), standing=Value(0), stuck=Value(0))
    )
    figures: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    learner_count = 0
    for lesson_id, *counts in standing.union(completed, all=True):
        figures[lesson_id] = list(map(add, figures[lesson_id], counts))
        learner_count += counts[1]
    modules = get_outline(course).modules
    return DropOff(
        learner_count,
        tuple(
            (module, tuple(LessonFigures(each, *figures[each.id]) for each in module.lessons))
            for module in modules
        ),
    )


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course as the studio lists it to those who teach it."""

    course: Course
    learner_count: int = 0
    finished_count: int = 0
    last_activity_at: datetime | None = None


class TaughtCourses:
    """The courses that a person teaches, drafts too, by title.

    Like a list, of which slices are read with two queries each, and the length with one more.
    """

    def __init__(self, person: User) -> None:
        self.courses = Course.objects.active().taught_by(person)

    def __len__(self) -> int:
        return self.courses.count()

    def __getitem__(self, part: slice, /) -> list[TaughtCourse]:
        courses = list(self.courses.defer(*LONG)[part])
        figures = {
            course_id: counts
            for course_id, *counts in Enrollment.objects.of_learners()
            .filter(course__in=courses)
            .values_list("course_id")
            .annotate(Count("pk"), Count("finished_at"), Max("last_activity_at"))
        }
        return [TaughtCourse(course, *figures.get(course.pk, ())) for course in courses]
