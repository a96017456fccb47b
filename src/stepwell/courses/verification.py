"""The proof that outlines are in order."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet

from stepwell.core.verification import Difference
from stepwell.courses.models import Course, Lesson, Module

MICROSECONDS = 1_000_000


def find_differences() -> Iterator[Difference]:
    """Yield every fault of an outline. Five queries, linear in modules and lessons."""
    yield from _wrong_positions("modules of course", Module._base_manager.all(), "course_id")
    yield from _wrong_positions("lessons of module", Lesson._base_manager.all(), "module_id")
    elsewhere = Lesson._base_manager.exclude(course=F("module__course"))
    for lesson, course, home in elsewhere.values_list("pk", "course_id", "module__course_id"):
        yield Difference(f"lesson {lesson}", f"course {home}, as its module", f"course {course}")
    yield from _versions_set_back()


def _wrong_positions(noun: str, rows: QuerySet[Any], parent: str) -> Iterator[Difference]:
    """Yield parents whose active rows are not numbered from 1 without gaps, and archived ones."""
    numbers = (
        rows.filter(archived_at=None)
        .values(parent)
        .order_by(parent)
        .annotate(n=Count("pk"), different=Count("position", distinct=True))
        .annotate(first=Min("position"), last=Max("position"))
        .exclude(first=1, last=F("n"), different=F("n"))
    )
    for row in numbers:
        siblings = rows.filter(archived_at=None, **{parent: row[parent]})
        found = sorted(siblings.values_list("position", flat=True), key=lambda n: (n is None, n))
        yield Difference(
            f"positions of {noun} {row[parent]}",
            f"1 to {row['n']}",
            ", ".join(map(str, found)),
        )
    placed = rows.exclude(archived_at=None).exclude(position=None)
    for key, position in placed.values_list("pk", "position"):
        yield Difference(f"position of archived {noun} {key}", "none", str(position))


def _versions_set_back() -> Iterator[Difference]:
    """Yield outlines whose version is older than one of their lessons.

    A version is a time in microseconds at least. Every new, published or archived lesson raises it,
    and every archived module. With an older version, processes go on showing an earlier outline.
    """
    courses = Course.objects.order_by("pk").values_list(
        "pk",
        "outline_version",
        Max("lessons__created_at"),
        Max("lessons__published_at"),
        Max("lessons__archived_at"),
        Max("modules__archived_at"),
    )
    for course, version, *moments in courses:
        times = (moment.timestamp() for moment in moments if moment is not None)
        least = int(max(times, default=0) * MICROSECONDS)
        if version < least:
            yield Difference(
                f"outline version of course {course}", f"{least} or more", str(version)
            )
