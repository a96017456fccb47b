"""Page-shaped reads of learning.

Progress is one thing everywhere: the counted lessons of a course, and those of them that are done.
`models.done_by` says in SQL what is done, `done_in` says it over an outline, and nothing else does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Exists, ExpressionWrapper, Field, OuterRef, Q, QuerySet

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.prepared import prepared
from stepwell.courses.models import Course, Lesson
from stepwell.courses.outlines import (
    Outline,
    OutlineCourse,
    OutlineLesson,
    Version,
    get_outline,
    get_outlines,
)
from stepwell.learning.models import (
    Enrollment,
    LearningEvent,
    LessonProgress,
    VideoPosition,
    done_by,
)

# A field of no kind, because Django would convert each row of any other.
IS_COMPLETED = ExpressionWrapper(Q(completed_at__isnull=False), Field())
DATES = ("enrolled_at", "finished_at", "last_activity_at")


class Dates(Protocol):
    """The dates of an enrollment: the object has them, and the rows of reads here."""

    @property
    def enrolled_at(self) -> datetime: ...
    @property
    def finished_at(self) -> datetime | None: ...
    @property
    def last_activity_at(self) -> datetime: ...


@dataclass(frozen=True)
class Progress:
    """Completed visible lessons against all visible lessons of a course."""

    completed: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all of them; 0 for a course without lessons."""
        return 100 * self.completed // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed


@dataclass(frozen=True)
class CourseProgress:
    """A course's outline, and which of its lessons one learner has completed."""

    outline: Outline
    completed_ids: frozenset[int]

    @property
    def course(self) -> OutlineCourse:
        return self.outline.course

    @cached_property
    def progress(self) -> Progress:
        return Progress(len(self.completed_ids), len(self.outline.lessons))

    @cached_property
    def module_progress(self) -> list[Progress]:
        """The same figures module by module, in outline order."""
        return [
            Progress(len(module.lesson_ids & self.completed_ids), len(module.lessons))
            for module in self.outline.modules
        ]

    @cached_property
    def next_lesson(self) -> OutlineLesson | None:
        """The first open lesson; none while the course is closed."""
        if not self.is_available:
            return None
        return next(
            (each for each in self.outline.lessons if each.id not in self.completed_ids), None
        )

    @property
    def is_available(self) -> bool:
        return self.course.is_published


@dataclass(frozen=True)
class EnrolledCourse(CourseProgress):
    """A course as My learning shows it to one learner."""

    enrolled_at: datetime
    finished_at: datetime | None
    last_activity_at: datetime
    new_lesson_count: int

    @property
    def is_finished(self) -> bool:
        """Nothing is open but what has come since the learner finished."""
        was_finished = self.finished_at is not None
        open_count = self.progress.total - self.progress.completed
        return self.progress.is_complete or (was_finished and open_count == self.new_lesson_count)


@dataclass(frozen=True)
class CourseState:
    """A course's outline with one learner's ticks and figures; `enrolled` is None for strangers."""

    outline: Outline
    completed_ids: frozenset[int]
    enrolled: CourseProgress | None
    was_started_over: bool = False


@dataclass(frozen=True)
class Attempt:
    """An earlier pass through a course, closed by starting over."""

    started_at: datetime
    ended_at: datetime
    completed: tuple[tuple[Lesson, datetime], ...]


@prepared
def _enrollments_in(user: int, course: int) -> QuerySet[Enrollment]:
    return Enrollment.objects.active().filter(user=user, course=course)


def get_enrollment(user: User, course: Course) -> Enrollment | None:
    """Return the learner's active enrollment in the course. One query."""
    return _enrollments_in.first(user=user.pk, course=course.pk)


@prepared
def _enrollments(user: int) -> QuerySet[Enrollment, Any]:
    mine = Enrollment.objects.active().filter(user=user).order_by("-last_activity_at", "-pk")
    version = ("course_id", "course__key", "course__outline_version")
    return mine.values_list(*version, *DATES, named=True)


def get_enrolled_courses_with_progress(user: User) -> list[EnrolledCourse]:
    """Return the learner's courses, last activity first. Two queries, however much there is.

    Four more read the outlines that are not in memory. Courses closed by their instructors are
    among them, archived ones too: they are the learner's.
    """
    return _enrolled_courses(user, _enrollments(user=user.pk))


@prepared
def _memberships(user: int, course: int) -> QuerySet[Enrollment, Any]:
    started_over = LearningEvent.objects.filter(
        user=OuterRef("user"), course=OuterRef("course"), kind=LearningEvent.Kind.STARTED_OVER
    )
    return (
        Enrollment.objects.active()
        .filter(user=user, course=course)
        .annotate(was_started_over=Exists(started_over.order_by()))
        .values_list(*DATES, "was_started_over", named=True)
    )


def get_enrolled_course(user: User, course: Course) -> EnrolledCourse | None:
    """Return one course as My learning would show it, or None. As many queries as that."""
    membership = _memberships.first(user=user.pk, course=course.pk)
    return _state(user.pk, course, membership) if membership else None


def get_state_of(enrollment: Enrollment, course: Course) -> EnrolledCourse:
    """Return the figures of an enrollment in the course, ended or not. One query."""
    return _state(enrollment.user_id, course, enrollment)


@prepared
def _completions_in(user: int, course: int) -> QuerySet[LessonProgress, Any]:
    mine = LessonProgress.objects.filter(user=user, lesson__course=course)
    return mine.annotate(is_completed=IS_COMPLETED).values_list(
        "lesson_id", "is_completed", named=True
    )


def _state(user_id: int, course: Course, dates: Dates) -> EnrolledCourse:
    completions = _by_lesson(_completions_in(user=user_id, course=course.pk))
    return _enrolled_course(get_outline(course), dates, completions)


def get_catalog_states(user: User | None, courses: Iterable[int]) -> dict[int, EnrolledCourse]:
    """Return, by course id, the state of those courses that the person is enrolled in."""
    if user is None:
        return {}
    wanted = set(courses)
    mine = [row for row in _enrollments(user=user.pk) if row.course_id in wanted]
    return {item.course.id: item for item in _enrolled_courses(user, mine)}


@prepared
def _completions(user: int) -> QuerySet[LessonProgress, Any]:
    mine = LessonProgress.objects.filter(user=user).annotate(is_completed=IS_COMPLETED)
    return mine.values_list("lesson_id", "is_completed", named=True)


def _enrolled_courses(user: User, rows: list[Any]) -> list[EnrolledCourse]:
    outlines = get_outlines(
        Version(row.course_id, row.course__key, row.course__outline_version) for row in rows
    )
    completions = _by_lesson(_completions(user=user.pk)) if rows else {}
    return [
        _enrolled_course(outline, row, completions)
        for outline, row in zip(outlines, rows, strict=True)
    ]


def _by_lesson(completions: list[Any]) -> dict[int, int]:
    """Return the lessons that were ever completed, each with whether it still is."""
    return {row.lesson_id: row.is_completed for row in completions}


def _enrolled_course(outline: Outline, dates: Dates, completions: dict[int, int]) -> EnrolledCourse:
    """Compute one learner's progress; `completions` may hold those of other courses as well."""
    touched = outline.lesson_ids & completions.keys()
    return EnrolledCourse(
        outline=outline,
        enrolled_at=dates.enrolled_at,
        finished_at=dates.finished_at,
        last_activity_at=dates.last_activity_at,
        completed_ids=done_in(outline, completions),
        # A finished learner completed all there was: what they never completed has come since.
        new_lesson_count=len(outline.lessons) - len(touched) if dates.finished_at else 0,
    )


def done_in(outline: Outline, completions: dict[int, int]) -> frozenset[int]:
    """Return the ids of the outline's lessons that a learner has completed and not taken back.

    `completions` has every lesson that they ever completed, and whether it is completed now.
    """
    touched = outline.lesson_ids & completions.keys()
    return frozenset(lesson for lesson in touched if completions[lesson])


def get_course_state(user: User | None, course: Course) -> CourseState:
    """Return what the course page shows. No query for strangers, two for learners.

    Four more read the outline when it is not in memory.
    """
    membership = _memberships.first(user=user.pk, course=course.pk) if user else None
    if user is None or membership is None:
        return CourseState(get_outline(course), frozenset(), None)
    enrolled = _state(user.pk, course, membership)
    completed_ids, was_started_over = enrolled.completed_ids, membership.was_started_over
    return CourseState(enrolled.outline, completed_ids, enrolled, was_started_over)


def get_lesson_state(user: User, course: Course) -> CourseState:
    """Return what lesson pages show of the course to a learner who is known to be in it. One query.

    Four more read the outline when it is not in memory.
    """
    outline = get_outline(course)
    completions = _by_lesson(_completions_in(user=user.pk, course=course.pk))
    completed = done_in(outline, completions)
    return CourseState(outline, completed, CourseProgress(outline, completed))


def preview_state(outline: Outline) -> CourseState:
    """Return what a learner who has just enrolled would see of an outline; no query, no trace."""
    now = clock.now()
    enrolled = EnrolledCourse(outline, frozenset(), now, None, now, 0)
    return CourseState(outline, frozenset(), enrolled)


def get_completed_lesson_ids(user: User, course: Course) -> set[int]:
    """Return the ids of the course's counted lessons that the learner has completed. One query."""
    done = Lesson.objects.counted().filter(done_by(user), course=course)
    return set(done.values_list("pk", flat=True))


def get_kept_progress(user: User, course: Course) -> Progress:
    """Return the progress from which one who is not enrolled would go on. One query."""
    completed = get_completed_lesson_ids(user, course)
    return Progress(len(completed), len(get_outline(course).lessons))


def get_completed_lessons(user: User, course: Course) -> QuerySet[LessonProgress]:
    """Return the completions that progress counts, with their lessons, in outline order."""
    return (
        LessonProgress.objects.completed()
        .filter(user=user, lesson__in=Lesson.objects.counted().filter(course=course))
        .select_related("lesson")
        .order_by("lesson__module__position", "lesson__module_id", "lesson__position", "lesson_id")
    )


def get_video_position(user: User, lesson: Lesson) -> int:
    """Return how many seconds into the lesson's video the learner was. One query."""
    rows = VideoPosition.objects.filter(user=user, lesson=lesson)
    return rows.values_list("seconds", flat=True).first() or 0


def get_earlier_attempts(user: User, course: Course) -> list[Attempt]:
    """Return the passes through the course that the learner closed by starting over. One query.

    `CourseState.was_started_over` tells whether there are any.
    """
    attempts: list[Attempt] = []
    standing: dict[Lesson, datetime] = {}
    started_at: datetime | None = None
    for event in LearningEvent.objects.filter(user=user, course=course).select_related("lesson"):
        started_at = started_at or event.at
        if event.kind == LearningEvent.Kind.COMPLETED and event.lesson:
            standing[event.lesson] = event.at
        elif event.kind == LearningEvent.Kind.REOPENED and event.lesson:
            standing.pop(event.lesson, None)
        elif event.kind == LearningEvent.Kind.STARTED_OVER:
            attempts.append(Attempt(started_at, event.at, tuple(standing.items())))
            standing, started_at = {}, event.at
    return attempts
