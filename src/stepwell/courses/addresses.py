"""What addresses lead to, former ones too; asked only where nothing has the address now."""

from collections.abc import Mapping
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


def address_of_now(place: Mapping[str, Any]) -> tuple[Course, dict[str, Any]] | None:
    """Return the course that an address with former slugs is about, and that address as it is now.

    `place` holds the address's parameters: `slug`, and perhaps `lesson_slug`. Returns `None` if
    they name nothing, or what has this address already. Up to two queries, so ask only where
    nothing was found. Whether somebody may see it is for the gates to say.
    """
    if "lesson_slug" in place:
        lesson = find_lesson(place["slug"], place["lesson_slug"])
        if lesson is None:
            return None
        course, slugs = lesson.course, {"slug": lesson.course.slug, "lesson_slug": lesson.slug}
    else:
        found = find_course(place["slug"])
        if found is None:
            return None
        course, slugs = found, {"slug": found.slug}
    now = {**place, **slugs}
    return None if now == place else (course, now)
