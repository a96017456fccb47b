"""Which rows a document's parts are: by key, then by source path, then by an unmistakable title."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db.models import Model

from stepwell.accounts.models import User
from stepwell.core.keys import new_key
from stepwell.courses.access import can_teach
from stepwell.courses.models import Course, CourseQuerySet, Lesson, Module, Page
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import KeyElsewhere, NotYourCourse


class _Part(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def key(self) -> str: ...


P = TypeVar("P", bound=_Part)
R = TypeVar("R", Module, Lesson, Page)


class NewKeys(defaultdict[tuple[str, str], str]):
    """Keys for parts that have none, by kind and path: the same each time that one is asked for."""

    def __init__(self) -> None:
        super().__init__(new_key)


@dataclass(frozen=True)
class Match(Generic[R]):
    """The rows that belong to paths of the source, those that none belongs to, and all keys."""

    rows: dict[str, R]
    others: tuple[R, ...]
    keys: dict[str, str]


@dataclass(frozen=True)
class Identity:
    """Everything that an import knows again in the database."""

    course: Course | None
    course_key: str
    modules: Match[Module]
    lessons: Match[Lesson]
    pages: Match[Page]


def identify(
    document: CourseDocument, source: str, keys: NewKeys, person: User | None = None
) -> Identity:
    """Find what the document is about; what has no row yet gets its key out of `keys`.

    A `person` may update only what they teach. Raises `KeyElsewhere` for a key of another course,
    `NotYourCourse` for that of a course taught by others.
    """
    course = find_course(document, source, person)
    if course is not None and person is not None and not can_teach(person, course):
        raise NotYourCourse(title=document.title)
    modules, lessons, pages = _rows_of(course) if course else ([], [], [])
    sub_pages = [page for lesson in document.lessons for page in lesson.pages]
    return Identity(
        course,
        course.key if course else document.key or keys["course", document.path],
        _match(document.modules, modules, Module, keys),
        _match(document.lessons, lessons, Lesson, keys),
        _match(sub_pages, pages, Page, keys),
    )


def _rows_of(course: Course) -> tuple[list[Module], list[Lesson], list[Page]]:
    """Return the course's rows, all with this same `course`, without the HTML that no one reads."""
    lessons = list(course.lessons.select_related("module").defer("html"))
    homes = {lesson.pk: lesson for lesson in lessons}
    pages = list(Page.objects.filter(lesson__course=course).defer("html"))
    for page in pages:
        page.lesson = homes[page.lesson_id]
    return list(course.modules.all()), lessons, pages


def find_course(document: CourseDocument, source: str, person: User | None = None) -> Course | None:
    """Return the course that a folder was imported from before.

    Without a key it is one from a folder of the same name, with the same title or with at least
    half of its lessons in the same places; for a `person`, one that they teach.
    """
    if document.key:
        return Course.objects.filter(key=document.key).first()
    paths = {lesson.path for lesson in document.lessons}
    best: tuple[int, int, Course] | None = None
    courses = CourseQuerySet(Course).taught_by(person) if person else Course.objects.all()
    for course in courses.filter(source=source).order_by("pk"):
        known = set(
            course.lessons.filter(archived_at=None)
            .exclude(source_path="")
            .values_list("source_path", flat=True)
        )
        is_same, shared = int(course.title == document.title), len(known & paths)
        if not is_same and (not shared or shared * 2 < len(known)):
            continue
        if best is None or (is_same, shared) > best[:2]:
            best = (is_same, shared, course)
    return best[2] if best else None


def _match(
    parts: Sequence[P], rows: Iterable[R], model: type[Model], new_keys: NewKeys
) -> Match[R]:
    free = {row.key: row for row in rows}
    found: dict[str, R] = {}
    unknown = [part.key for part in parts if part.key and part.key not in free]
    taken = model._default_manager.only("key").in_bulk(unknown, field_name="key")
    for part in parts:
        if part.key in free:
            found[part.path] = free.pop(part.key)
        elif part.key in taken:
            raise KeyElsewhere(key=part.key, path=part.path)
    _match_by("path", "source_path", parts, free, found)
    _match_by("title", "title", parts, free, found)
    keys = {
        part.path: found[part.path].key
        if part.path in found
        else part.key or new_keys[model.__name__, part.path]
        for part in parts
    }
    return Match(found, tuple(free.values()), keys)


def _match_by(
    part_field: str, row_field: str, parts: Sequence[P], free: dict[str, R], found: dict[str, R]
) -> None:
    """Pair what is left over by a value that is given once on either side."""
    open_parts = [part for part in parts if not part.key and part.path not in found]
    wanted = Counter(getattr(part, part_field) for part in open_parts)
    offered = Counter(getattr(row, row_field) for row in free.values())
    by_value = {getattr(row, row_field): row for row in free.values()}
    for part in open_parts:
        value = getattr(part, part_field)
        if value and wanted[value] == offered[value] == 1:
            found[part.path] = free.pop(by_value[value].key)
