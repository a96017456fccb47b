"""Whom a change of the outline would concern, said before it is made."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from stepwell.courses.models import Course, Lesson, Module
from stepwell.learning.models import Enrollment, EnrollmentQuerySet, LessonProgress


@dataclass(frozen=True, slots=True)
class Impact:
    """How many are enrolled in the course, completed something of it, and would finish by it.

    Some of those who would finish may be suspended, so that no list of learners has them.
    """

    learners: int
    completed: int
    finishing: int = 0
    suspended: int = 0

    @property
    def is_nobody(self) -> bool:
        return not (self.learners or self.completed or self.finishing)


def get_lesson_impact(lesson: Lesson) -> Impact:
    """Return whom hiding a lesson would concern. Three queries."""
    return _impact(lesson.course, Lesson.objects.filter(pk=lesson.pk))


def get_module_impact(module: Module) -> Impact:
    """Return whom hiding a module would concern. Three queries."""
    return _impact(module.course, Lesson.objects.filter(module=module))


def get_course_impact(course: Course) -> Impact:
    """Return whom closing a course would concern. Two queries."""
    return Impact(_learners(course).count(), _completed(course.lessons.all()))


def has_learners(course: Course) -> bool:
    """Tell whether anyone is enrolled, suspended people included. One query."""
    return Enrollment.objects.active().filter(course=course).exists()


def count_completers(lessons: Collection[Lesson]) -> int:
    """Count the people who completed one of these lessons. One query, none without lessons."""
    keys = [lesson.pk for lesson in lessons]
    return _completed(Lesson.objects.filter(pk__in=keys)) if keys else 0


def count_completers_of_each(lessons: Collection[Lesson]) -> dict[int, int]:
    """Count the people who ever completed each lesson, by its id. One query, none without lessons.

    Completions that were taken back count, because their first date belongs to the lesson.
    """
    if not lessons:
        return {}
    rows = LessonProgress.objects.filter(lesson__in=[lesson.pk for lesson in lessons])
    counts = rows.order_by().values("lesson").annotate(people=Count("pk"))
    return dict(counts.values_list("lesson", "people"))


def _impact(course: Course, hidden: QuerySet[Lesson]) -> Impact:
    unfinished = EnrollmentQuerySet(Enrollment).filter(course=course, finished_at=None)
    finishing = unfinished.complete_without(hidden).aggregate(
        all=Count("pk"), suspended=Count("pk", filter=Q(user__is_active=False))
    )
    return Impact(
        learners=_learners(course).count(),
        completed=_completed(hidden),
        finishing=finishing["all"],
        suspended=finishing["suspended"],
    )


def _learners(course: Course) -> EnrollmentQuerySet:
    return EnrollmentQuerySet(Enrollment).of_learners().filter(course=course)


def _completed(lessons: QuerySet[Lesson]) -> int:
    """Count the people who completed one of the lessons."""
    rows = LessonProgress.objects.completed().filter(lesson__in=lessons)
    return rows.values("user").distinct().count()
