"""A course's outline: what is the same for everyone who learns in it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, groupby
from operator import itemgetter
from threading import Lock
from typing import NamedTuple, cast
from urllib.parse import quote

from cachetools import LRUCache
from django.conf import settings
from django.db import connection
from django.urls import reverse

from stepwell.courses.models import OUTLINE_ORDER, Course, Lesson, LessonQuerySet, Page

Address = Callable[[int, str, str], str]  # of a lesson, by its course's id, its key and its slug


class Version(NamedTuple):
    """The columns of a course's row that name its outline."""

    pk: int
    key: str
    outline_version: int


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """A sub-page of a lesson, as the lesson lists it."""

    slug: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class OutlineLesson:
    """A lesson as an outline shows it; `number` counts from 1 through the whole course."""

    id: int
    key: str
    slug: str
    title: str
    minutes: int
    number: int
    url: str
    pages: tuple[OutlinePage, ...]


@dataclass(frozen=True)
class OutlineModule:
    """A module with its counted lessons in order."""

    key: str
    title: str
    summary: str
    lessons: tuple[OutlineLesson, ...]

    @cached_property
    def lesson_ids(self) -> frozenset[int]:
        return frozenset(lesson.id for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Instructor:
    """Who teaches a course, as everyone may see them."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class OutlineCourse:
    """A course as lists show it."""

    id: int
    key: str
    slug: str
    title: str
    summary: str
    language: str
    is_published: bool
    url: str
    cover: str = ""
    minutes: int = 0
    is_archived: bool = False


@dataclass(frozen=True)
class Outline:
    """A course's modules and counted lessons in order; modules without any are left out."""

    version: Version
    course: OutlineCourse
    modules: tuple[OutlineModule, ...]
    instructors: tuple[Instructor, ...] = ()

    @cached_property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def lesson_ids(self) -> frozenset[int]:
        return frozenset(lesson.id for lesson in self.lessons)

    @cached_property
    def places(self) -> dict[int, int]:
        """The index of each lesson in `lessons`, by its id."""
        return {lesson.id: place for place, lesson in enumerate(self.lessons)}

    @cached_property
    def minutes(self) -> int:
        """How long the course takes, as its authors say or as the sum of its lessons."""
        return self.course.minutes or sum(lesson.minutes for lesson in self.lessons)

    def lesson(self, lesson_id: int) -> OutlineLesson:
        """Return a lesson of the outline. Raises `KeyError`."""
        return self.lessons[self.places[lesson_id]]

    def neighbors(self, lesson_id: int) -> tuple[OutlineLesson | None, OutlineLesson | None]:
        """Return the lessons before and after the given one. Raises `KeyError`."""
        place = self.places[lesson_id]
        previous = self.lessons[place - 1] if place else None
        following = self.lessons[place + 1] if place + 1 < len(self.lessons) else None
        return previous, following


def get_outline(course: Course) -> Outline:
    """Return the course's outline; see `get_outlines`."""
    [outline] = get_outlines([Version(course.pk, course.key, course.outline_version)])
    return outline


def get_outlines(versions: Iterable[Version]) -> list[Outline]:
    """Return outlines in the given order, as learners see them while the courses are open.

    They are kept in memory under the version that the course's row names, so that a change is seen
    at once by every process; those not kept yet are read together, with four queries.
    """
    wanted = list(versions)
    with _lock:
        found = [_kept.get(version) for version in wanted]
    if None not in found:
        return cast("list[Outline]", found)
    read = _read([version for version, outline in zip(wanted, found, strict=True) if not outline])
    return [outline or read[version.pk] for version, outline in zip(wanted, found, strict=True)]


def read_preview(course: Course) -> Outline:
    """Return the outline as learners would see it with all drafts published; never kept.

    Its course and lessons lead to their previews in the studio. Three queries.
    """
    about = replace(
        next(_read_courses([course.pk])),
        is_published=True,
        url=reverse("studio-preview", args=[course.slug]),
    )

    def address(_course_id: int, key: str, _slug: str) -> str:
        return reverse("studio-lesson-preview", args=[course.slug, key])

    lessons = Lesson.objects.active().filter(course=course)
    modules = _read_modules(lessons, _read_pages([course.pk], address), address)
    # What is drawn of it is kept as well, apart from what is drawn for learners.
    return Outline(
        Version(course.pk, course.key, -course.outline_version),
        about,
        tuple(modules.get(course.pk, ())),
    )


def _read(versions: Sequence[Version]) -> dict[int, Outline]:
    ids = [version.pk for version in versions]
    courses = {course.id: course for course in _read_courses(ids)}
    starts = {course.id: _lessons_address(course) for course in courses.values()}

    def address(course_id: int, _key: str, slug: str) -> str:
        return f"{starts[course_id]}{quote(slug)}/"

    lessons = Lesson.objects.counted().filter(course__in=courses)
    modules = _read_modules(lessons, _read_pages(courses, address), address)
    instructors = _read_instructors(ids)
    outlines = {
        version.pk: Outline(
            version,
            courses[version.pk],
            tuple(modules.get(version.pk, ())),
            tuple(instructors.get(version.pk, ())),
        )
        for version in versions
    }
    # A transaction may be undone, and its version come again with another content.
    if not connection.in_atomic_block:
        for outline in outlines.values():
            _keep(outline)
    return outlines


def _keep(outline: Outline) -> None:
    # A course too large to be kept is read each time.
    with _lock, suppress(ValueError):
        _kept[outline.version] = outline


def _read_courses(ids: Sequence[int]) -> Iterator[OutlineCourse]:
    names = (
        *("id", "key", "slug", "title", "summary", "language", "status", "archived_at"),
        *("cover", "minutes"),
    )
    for course in Course.objects.filter(pk__in=ids).only(*names):
        yield OutlineCourse(
            id=course.pk,
            key=course.key,
            slug=course.slug,
            title=course.title,
            summary=course.summary,
            language=course.language,
            is_published=course.is_published,
            url=course.get_absolute_url(),
            cover=course.cover,
            minutes=course.minutes,
            is_archived=course.archived_at is not None,
        )


def _read_modules(
    lessons: LessonQuerySet, pages: dict[int, tuple[OutlinePage, ...]], address: Address
) -> dict[int, list[OutlineModule]]:
    rows = lessons.order_by("course", *OUTLINE_ORDER).values_list(
        *("course_id", "module_id", "module__key", "module__title", "module__summary"),
        *("id", "key", "slug", "title", "minutes"),
    )
    found: dict[int, list[OutlineModule]] = defaultdict(list)
    for course_id, in_course in groupby(rows, key=itemgetter(0)):
        numbers = count(1)
        for (_id, key, title, summary), group in groupby(in_course, key=lambda row: row[1:5]):
            in_module = (
                OutlineLesson(
                    id=lesson_id,
                    key=lesson_key,
                    slug=slug,
                    title=name,
                    minutes=minutes,
                    number=next(numbers),
                    url=address(course_id, lesson_key, slug),
                    pages=pages.get(lesson_id, ()),
                )
                for *_names, lesson_id, lesson_key, slug, name, minutes in group
            )
            found[course_id].append(OutlineModule(key, title, summary, tuple(in_module)))
    return found


def _read_pages(courses: Collection[int], address: Address) -> dict[int, tuple[OutlinePage, ...]]:
    rows = (
        Page.objects.filter(lesson__course__in=courses)
        .order_by("lesson", "position", "pk")
        .values_list(
            *("lesson_id", "lesson__course_id", "lesson__key", "lesson__slug"),
            *("slug", "title"),
        )
    )
    return {
        lesson_id: tuple(
            OutlinePage(slug, title, f"{address(course_id, key, lesson)}pages/{quote(slug)}/")
            for _id, course_id, key, lesson, slug, title in group
        )
        for lesson_id, group in groupby(rows, key=itemgetter(0))
    }


def _read_instructors(ids: Sequence[int]) -> dict[int, list[Instructor]]:
    rows = (
        Course.instructors.through.objects.filter(course__in=ids)
        .order_by("user__search_text", "user_id")
        .values_list("course_id", "user__name", "user__handle")
    )
    found: dict[int, list[Instructor]] = defaultdict(list)
    for course_id, name, handle in rows:
        found[course_id].append(Instructor(name, handle))
    return found


def _lessons_address(course: OutlineCourse) -> str:
    """Return what the addresses of all lessons begin with; asking for each would be slow."""
    return reverse("lesson", args=[course.slug, "-"]).removesuffix("-/")


_kept: LRUCache[Version, Outline] = LRUCache(
    settings.SITE.outline_cache, getsizeof=lambda outline: 1 + len(outline.lessons)
)
_lock = Lock()
