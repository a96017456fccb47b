"""What addresses lead to, former ones too; asked only where nothing has the address now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from stepwell.courses.models import Course, FormerAddress, Lesson


def find_course(slug: str) -> Course | None:
    """Return the course that has this address, or had it before. One query.

    Courses that are not archived come first, then the one that has the address now.
    """
    former = FormerAddress.objects.filter(lesson=None, slug=slug)
    found = Course.objects.filter(Q(slug=slug) | Q(pk__in=former.values("course")))
    return min(
        found, key=lambda each: (each.archived_at is not None, each.slug != slug), default=None
    )


def find_lesson(course_slug: str, slug: str) -> Lesson | None:
    """Return the lesson that has this address, or had it before, in any state. Two queries.

    Lessons of the outline come first, then the one that has the address now. The course is found
    by its former addresses too.
    """
    course = find_course(course_slug)
    if course is None:
        return None
    former = FormerAddress.objects.filter(course=course, slug=slug, lesson__isnull=False)
    found = Lesson.objects.filter(
        Q(slug=slug) | Q(pk__in=former.values("lesson")), course=course
    ).select_related("module")
    lesson = min(found, key=lambda each: (not each.is_active, each.slug != slug), default=None)
    if lesson is not None:
        lesson.course = course
    return lesson


@dataclass(frozen=True)
class Place:
    """What a former address is about, and the parameters of its address now."""

    course: Course
    lesson: Lesson | None
    parameters: dict[str, Any]


def address_of_now(parameters: Mapping[str, Any]) -> Place | None:
    """Return where an address with former slugs leads.

    `parameters` holds `slug`, and perhaps `lesson_slug`. Returns `None` if they name nothing, or
    what has this address already. Up to two queries, so ask only where nothing was found. Whether
    somebody may see it is for the gates to say.
    """
    if "lesson_slug" in parameters:
        lesson = find_lesson(parameters["slug"], parameters["lesson_slug"])
        course = lesson.course if lesson else None
    else:
        lesson, course = None, find_course(parameters["slug"])
    if course is None:
        return None
    now = {**parameters, "slug": course.slug}
    if lesson is not None:
        now["lesson_slug"] = lesson.slug
    return None if now == parameters else Place(course, lesson, now)
