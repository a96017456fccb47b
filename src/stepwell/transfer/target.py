"""Which course an import is about."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from stepwell.accounts.models import User
from stepwell.courses.access import Actor, can_teach
from stepwell.courses.models import Course, CourseQuerySet, Lesson
from stepwell.transfer.choices import Choice
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import NotYourCourse
from stepwell.transfer.origins import find_by_origin
from stepwell.transfer.titles import simplified

MOST_SIMILAR = 5


@dataclass(frozen=True)
class Source:
    """Where a document comes from: the name of its folder or zip file, and its full identity.

    A folder that was unpacked from a zip file has no identity.
    """

    name: str
    origin: str = ""


@dataclass(frozen=True)
class Target:
    """The course to update, or none for a new one, and others that may be meant.

    `is_by_origin` tells that only the folder's place leads to the course, `is_foreign` that the
    document's keys are not those of the course. Where `must_ask`, a person has to choose first.
    """

    course: Course | None = None
    similar: tuple[Course, ...] = ()
    is_by_origin: bool = False
    is_foreign: bool = False
    must_ask: bool = False


def find_target(document: CourseDocument, source: Source, choice: Choice, actor: Actor) -> Target:
    """Find the course by what was chosen, else by its key, else by the source's full identity.

    The `actor` may update only what they teach, and hears of nothing else.

    Raises `NotYourCourse`.
    """
    if choice.is_new:
        return Target()
    by_key = Course.objects.filter(key=document.key).first() if document.key else None
    course = choice.into or by_key or choice.sent_to
    is_by_origin = course is None and not document.key
    if is_by_origin:
        course = find_by_origin(source.origin)
    if course is None:
        similar = tuple(_similar(document, source, actor))
        return Target(similar=similar, must_ask=_must_ask(document, source, similar))
    if not can_teach(actor, course):
        raise NotYourCourse(title=document.title)
    is_elsewhere = choice.into is None and choice.sent_to not in {None, course}
    return Target(
        course,
        similar=(course, choice.sent_to) if is_elsewhere and choice.sent_to else (course,),
        is_by_origin=is_by_origin,
        is_foreign=course != by_key and (choice.into or choice.sent_to) is not None,
        must_ask=is_elsewhere,
    )


def _must_ask(document: CourseDocument, source: Source, similar: tuple[Course, ...]) -> bool:
    """Tell whether a course may be the same: where either place is unknown, nobody can know."""
    if not source.origin:
        return bool(similar)
    return not document.key and any(
        _has_unknown_place(course)
        and simplified(course.title) == simplified(document.title)
        and (course.source == source.name or _shares_titles(course, document))
        for course in similar
    )


def _has_unknown_place(course: Course) -> bool:
    """Tell whether a course was imported from a zip file, or by a version that kept no place."""
    return bool(course.source) and not hasattr(course, "origin")


def _shares_titles(course: Course, document: CourseDocument) -> bool:
    """Tell whether the shorter outline shares half of its lessons' titles with the other."""
    rows = Lesson.objects.active().filter(course=course).values_list("title", flat=True)
    known = {simplified(title) for title in rows}
    here = {simplified(lesson.title) for lesson in document.lessons}
    return bool(known) and 2 * len(known & here) >= min(len(known), len(here))


def _similar(document: CourseDocument, source: Source, actor: Actor) -> Iterator[Course]:
    """Yield courses of the same title, and those of the same name that share lessons."""
    courses: QuerySet[Course] = CourseQuerySet(Course).active()
    if isinstance(actor, User):
        courses = courses.filter(pk__in=CourseQuerySet(Course).taught_by(actor))
    named = Q(title__iexact=document.title) | Q(source=source.name)
    places = {(each.path, simplified(each.title)) for each in document.lessons}
    count = 0
    for course in courses.filter(named).select_related("origin").order_by("pk"):
        has_title = simplified(course.title) == simplified(document.title)
        if has_title or _shares_lessons(course, places):
            yield course
            count += 1
        if count == MOST_SIMILAR:
            return


def _shares_lessons(course: Course, places: set[tuple[str, str]]) -> bool:
    rows = Lesson.objects.active().filter(course=course).values_list("source_path", "title")
    known = {(path, simplified(title)) for path, title in rows}
    return bool(known) and 2 * len(known & places) >= len(known)
