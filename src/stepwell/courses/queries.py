"""Page-shaped reads of courses."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Q, QuerySet, Value

from stepwell.accounts.models import User
from stepwell.core.folding import fold, words_to_find
from stepwell.core.prepared import Prepared, prepared
from stepwell.courses.models import (
    Attachment,
    Course,
    Lesson,
    LessonVersion,
    Module,
    Page,
    Status,
)
from stepwell.courses.outlines import Outline, Version, get_outlines

LONGEST_SEARCH = 200  # characters; what comes after them finds nothing that these don't


@prepared
def _catalog_size() -> QuerySet[Course, int]:
    # One row, grouped by nothing: `count` would be no queryset to prepare.
    all_of_them = Course.objects.published().order_by().values(every=Value(True))
    return all_of_them.annotate(n=Count("pk")).values_list("n", flat=True)


@lru_cache(maxsize=256)
def _window(start: int, stop: int) -> Prepared[[], Version]:
    """Prepare the reading of a part of the catalog; SQL holds its bounds as figures."""
    return prepared(lambda: _catalog()[start:stop])


def _catalog() -> QuerySet[Course, Version]:
    """Select the catalog's courses; the rows have the names of a `Version`."""
    return Course.objects.published().values_list(*Version._fields, named=True)


class Catalog:
    """Outlines of the published courses by title, with `search` of those with every word of it.

    Like a list, of which slices are read with one query each, and the length with one more;
    outlines that are not in memory take four more.
    """

    def __init__(self, search: str = "") -> None:
        self.words = words_to_find(search[:LONGEST_SEARCH])

    def __len__(self) -> int:
        return self._found().count() if self.words else _catalog_size.first() or 0

    def __iter__(self) -> Iterator[Outline]:
        return iter(get_outlines(self._found()))

    def __getitem__(self, part: slice, /) -> list[Outline]:
        if self.words:
            return get_outlines(self._found()[part])
        return get_outlines(_window(part.start or 0, part.stop)())

    def _found(self) -> QuerySet[Course, Version]:
        courses = _catalog()
        for word in self.words:
            courses = courses.filter(search_text__contains=word)
        return courses


def get_courses_taught(person: User) -> list[Course]:
    """Return the published courses that a person teaches. One query."""
    return list(Course.objects.published().filter(instructors=person))


def has_visible_lesson_with(course: Course, pieces: Sequence[str], video: str) -> bool:
    """Tell whether the HTML of a visible lesson, or of a page of one, holds one of the pieces.

    Or whether it is a visible lesson's video, or belongs to it.
    """
    holds_one = Q()
    for piece in pieces:
        holds_one |= Q(html__contains=piece)
    lessons = Lesson.objects.visible().filter(course=course)
    return (
        lessons.filter(holds_one | Q(video=video) | Q(captions=video) | Q(poster=video)).exists()
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


@dataclass(frozen=True, slots=True)
class TreeLesson:
    """A lesson as the studio's outline shows it."""

    key: str
    title: str
    minutes: int
    is_published: bool
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class TreeModule:
    """A module as the studio's outline shows it, with drafts and without lessons too."""

    key: str
    title: str
    lessons: tuple[TreeLesson, ...]
    archived_at: datetime | None

    @property
    def draft_count(self) -> int:
        return sum(not lesson.is_published for lesson in self.lessons)


def get_tree(course: Course) -> list[TreeModule]:
    """Return the course's outline as its authors see it. Two queries."""
    lessons = Lesson.objects.active().filter(course=course).in_outline_order()
    return _tree(course.modules.filter(archived_at=None), lessons)


def get_archived(course: Course) -> list[TreeModule]:
    """Return what left the course's outline: whole modules, and lessons with theirs. Two queries.

    Of a module that is still there, only the archived lessons are listed.
    """
    lessons = Lesson.objects.filter(course=course).exclude(
        archived_at=None, module__archived_at=None
    )
    tree = _tree(course.modules.all(), lessons.in_outline_order())
    return [module for module in tree if module.archived_at or module.lessons]


def _tree(modules: QuerySet[Module], lessons: QuerySet[Lesson]) -> list[TreeModule]:
    found: dict[int, list[TreeLesson]] = defaultdict(list)
    fields = ("module_id", "key", "title", "minutes", "status", "archived_at")
    for module_id, key, title, minutes, status, archived_at in lessons.values_list(*fields):
        is_published = status == Status.PUBLISHED
        found[module_id].append(TreeLesson(key, title, minutes, is_published, archived_at))
    return [
        TreeModule(key, title, tuple(found[pk]), archived_at)
        for pk, key, title, archived_at in modules.values_list("pk", "key", "title", "archived_at")
    ]


def get_archived_courses(person: User) -> list[Course]:
    """Return the archived courses that a person teaches, the last one first. One query."""
    courses = Course.objects.taught_by(person).exclude(archived_at=None)
    return list(courses.defer("description", "description_html").order_by("-archived_at"))


def get_versions(lesson: Lesson) -> list[LessonVersion]:
    """Return the texts that a lesson had, the one of now first, with their authors. One query."""
    return list(lesson.versions.select_related("author").defer("body"))


def get_empty_lessons(
    course: Course, *, module: Module | None = None, with_drafts: bool = True
) -> list[Lesson]:
    """Return the lessons of a course, or of one module, that have nothing to show. One query."""
    lessons = Lesson.objects.active().filter(course=course)
    lessons = lessons if module is None else lessons.filter(module=module)
    lessons = lessons if with_drafts else lessons.filter(status=Status.PUBLISHED)
    return list(lessons.empty().in_outline_order())


def is_empty(lesson: Lesson) -> bool:
    """Tell whether a lesson has nothing to show. One query."""
    return Lesson.objects.filter(pk=lesson.pk).empty().exists()


def get_latest_version(lesson: Lesson) -> LessonVersion | None:
    """Return the text that a lesson has now, as its history holds it. One query."""
    return lesson.versions.select_related("author").first()


def get_attachment_uses(course: Course) -> list[tuple[Attachment, list[str]]]:
    """Return the course's files, each with the titles of the lessons that name it. Two queries."""
    texts = [
        (lesson.title, " ".join([lesson.html, lesson.video, lesson.captions, lesson.poster]))
        for lesson in Lesson.objects.active().filter(course=course).in_outline_order()
    ]
    found = []
    for attachment in sorted(course.attachments.all(), key=lambda each: fold(each.name)):
        attachment.course = course
        address = attachment.get_absolute_url().replace("&", "&amp;")
        names = (address, f"assets/{attachment.name}")
        found.append(
            (attachment, [title for title, text in texts if any(n in text for n in names)])
        )
    return found
