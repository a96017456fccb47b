"""Verbs on a course as a whole."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.characters import without_control_characters
from stepwell.core.keys import new_key
from stepwell.core.slugs import free_slug
from stepwell.courses.actions.address import (
    is_course_address_taken,
    leave_course_address,
    vacate_course_address,
    wait_for_addresses,
)
from stepwell.courses.actions.lesson import publish_lessons, unpublish_lesson
from stepwell.courses.actions.outline import (
    announce_counted_lessons,
    announce_opening,
    touch_outline,
)
from stepwell.courses.actions.values import require_fitting
from stepwell.courses.errors import NotAnInstructor
from stepwell.courses.models import Course, Lesson, Status
from stepwell.courses.rendering import Render, html_for_course


def create_course(
    *,
    title: str,
    slug: str = "",
    summary: str = "",
    description: str = "",
    outcomes: Sequence[str] = (),
    language: str = "en",
    minutes: int = 0,
    key: str = "",
    source: str = "",
    render: Render = html_for_course,
) -> Course:
    """Create a draft course; a taken or empty slug is replaced by a free one.

    Raises `BadValue`.
    """
    description = without_control_characters(description)
    texts = {"title": title, "summary": summary, "outcomes": list(outcomes)}
    require_fitting(Course, texts | {"description": description})
    now = clock.now()
    course = Course(
        key=key or new_key(),
        title=title,
        summary=summary,
        description=description,
        outcomes=list(outcomes),
        language=language,
        minutes=minutes,
        source=source,
        created_at=now,
        updated_at=now,
    )
    course.description_html = render(course, description)
    with transaction.atomic():
        wait_for_addresses()
        course.slug = free_slug(slug or title, is_taken=is_course_address_taken, fallback="course")
        vacate_course_address(course.slug)
        course.save(force_insert=True)
    return course


def update_course(*, course: Course, render: Render = html_for_course, **changes: Any) -> Course:
    """Set fields of a course (title, slug, summary, description, outcomes, language, minutes …).

    Unchanged values write nothing, so that a second call does no harm. A former slug leads to the
    course.

    Raises `AddressTaken`, `BadValue`.
    """
    if "description" in changes:
        changes["description"] = without_control_characters(changes["description"])
    changed = {name: value for name, value in changes.items() if getattr(course, name) != value}
    if not changed:
        return course
    require_fitting(Course, changed)
    if "language" in changed:
        course.language = changed["language"]  # in which rendering puts its words
    if "description" in changed:
        changed["description_html"] = render(course, changed["description"])
    with transaction.atomic():
        if "slug" in changed:
            leave_course_address(course, changed["slug"])
        touch_outline(course)
        for name, value in changed.items():
            setattr(course, name, value)
        course.save(update_fields=list(changed))
    return course


def set_instructors(*, course: Course, instructors: Sequence[User]) -> Course:
    """Make exactly these people the course's instructors; a second call changes nothing.

    Raises `NotAnInstructor`.
    """
    for person in instructors:
        if not person.is_instructor:
            raise NotAnInstructor(email=person.email)
    with transaction.atomic():
        if set(course.instructors.all()) != set(instructors):
            touch_outline(course)
            course.instructors.set(instructors)
    return course


def publish_course(
    *, course: Course, with_lessons: bool = False, with_empty: bool = True
) -> Course:
    """Open the course to learners, on request with all its drafts; a second call does nothing.

    Without empty lessons, those that are drafts stay drafts, and published ones become drafts.
    """
    if not with_lessons and with_empty:
        return _set_status(course, Status.PUBLISHED)
    with transaction.atomic():
        if not with_empty:
            for lesson in Lesson.objects.counted().filter(course=course).empty():
                unpublish_lesson(lesson=lesson)
        for module in course.modules.filter(archived_at=None) if with_lessons else ():
            publish_lessons(module=module, with_empty=with_empty)
        return _set_status(course, Status.PUBLISHED)


def unpublish_course(*, course: Course) -> Course:
    """Close the course to every learner, keeping their progress; a second call changes nothing."""
    return _set_status(course, Status.DRAFT)


def archive_course(*, course: Course) -> Course:
    """Take the course away from everyone, keeping all of it; a second call changes nothing."""
    if course.archived_at is None:
        course.archived_at = clock.now()
        with transaction.atomic():
            touch_outline(course)
            course.save(update_fields=["archived_at"])
    return course


def restore_course(*, course: Course) -> Course:
    """Bring an archived course back as it was; a second call changes nothing."""
    if course.archived_at is not None:
        course.archived_at = None
        with transaction.atomic():
            touch_outline(course)
            course.save(update_fields=["archived_at"])
            announce_counted_lessons(course)
            if course.is_published:
                announce_opening(course)
    return course


def _set_status(course: Course, status: Status) -> Course:
    if course.status == status:
        return course
    course.status = status
    if status == Status.PUBLISHED and course.published_at is None:
        course.published_at = clock.now()
    with transaction.atomic():
        touch_outline(course)
        course.save(update_fields=["status", "published_at"])
        if status == Status.PUBLISHED:
            # While it was closed, the lessons that count may have changed, and nobody finished.
            announce_counted_lessons(course)
            announce_opening(course)
    return course
