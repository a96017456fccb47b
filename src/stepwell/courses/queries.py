"""Page-shaped reads of courses."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from stepwell.accounts.models import User
from stepwell.core.prepared import Prepared
from stepwell.courses.models import VERSION, Attachment, Course, Lesson, Page
from stepwell.courses.outlines import Outline, Version, get_outlines

LONGEST_SEARCH = 200  # characters; what comes after them finds nothing that these don't

CATALOG_SIZE = Prepared(
    lambda: (
        Course.objects.published()
        .order_by()
        .values("status")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )
)


@lru_cache(maxsize=256)
def _window(start: int, stop: int) -> Prepared[Version]:
    """Prepare the reading of a part of the catalog; SQL holds its bounds as figures."""
    return Prepared(lambda: _catalog()[start:stop])


def _catalog() -> QuerySet[Course, Version]:
    return Course.objects.published().values_list(*VERSION)


class Catalog:
    """Outlines of the published courses by title, with `search` of those with every word of it.

    Like a list, of which slices are read with one query each, and the length with one more;
    outlines that are not in memory take four more.
    """

    def __init__(self, search: str = "") -> None:
        self.words = search[:LONGEST_SEARCH].split()

    def __len__(self) -> int:
        return self._found().count() if self.words else CATALOG_SIZE.first() or 0

    def __iter__(self) -> Iterator[Outline]:
        return iter(get_outlines(self._found()))

    def __getitem__(self, part: slice, /) -> list[Outline]:
        if self.words:
            return get_outlines(self._found()[part])
        return get_outlines(_window(part.start or 0, part.stop)())

    def _found(self) -> QuerySet[Course, Version]:
        courses = _catalog()
        for word in self.words:
            courses = courses.filter(Q(title__icontains=word) | Q(summary__icontains=word))
        return courses


def get_courses_taught(person: User) -> list[Course]:
    """Return the published courses that a person teaches. One query."""
    return list(Course.objects.published().filter(instructors=person))


def has_visible_lesson_with(course: Course, pieces: Sequence[str]) -> bool:
    """Tell whether the HTML of a visible lesson, or of a page of one, holds one of the pieces."""
    holds_one = Q()
    for piece in pieces:
        holds_one |= Q(html__contains=piece)
    lessons = Lesson.objects.visible().filter(course=course)
    return (
        lessons.filter(holds_one).exists()
        or Page.objects.filter(holds_one, lesson__in=lessons).exists()
    )


def has_any_course() -> bool:
    """Tell whether the site has its first course, in whatever state."""
    return Course.objects.exists()


def get_attachment(course_key: str, name: str) -> Attachment | None:
    """Return a course's file with its course. One query."""
    return (
        Attachment.objects.select_related("course")
        .filter(course__key=course_key, course__archived_at=None, name=name)
        .first()
    )
