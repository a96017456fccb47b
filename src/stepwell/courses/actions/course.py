"""Verbs on a course as a whole."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.keys import new_key
from stepwell.core.slugs import free_slug
from stepwell.courses.actions.outline import announce_hidden_lessons, touch_outline
from stepwell.courses.errors import NotAnInstructor
from stepwell.courses.models import Course, Status
from stepwell.courses.rendering import Render, html_for_course


def create_course(
    *,
    title: str,
    slug: str = "",
    summary: str = "",
    description: str = "",
    outcomes: Sequence[str] = (),
    language: str = "en",
    key: str = "",
    source: str = "",
    render: Render = html_for_course,
) -> Course:
    """Create a draft course; a taken or empty slug is replaced by a free one."""
    now = clock.now()
    course = Course(
        key=key or new_key(),
        title=title,
        summary=summary,
        description=description,
        outcomes=list(outcomes),
        language=language,
        source=source,
        created_at=now,
        updated_at=now,
    )
    course.description_html = render(course, description)
    with transaction.atomic():
        # A row that is always there: on PostgreSQL new courses wait for each other's slugs at it.
        ContentType.objects.select_for_update().get(app_label="courses", model="course")
        course.slug = free_slug(
            slug or title,
            is_taken=lambda slug: Course.objects.filter(slug=slug).exists(),
            fallback="course",
        )
        course.save(force_insert=True)
    return course


def update_course(*, course: Course, render: Render = html_for_course, **changes: Any) -> Course:
    """Set fields of a course (title, slug, summary, description, outcomes, language, source).

    Unchanged values write nothing, so that a second call does no harm.
    """
    changed = {name: value for name, value in changes.items() if getattr(course, name) != value}
    if not changed:
        return course
    for name, value in changed.items():
        setattr(course, name, value)
    if "description" in changed:
        changed["description_html"] = course.description_html = render(course, course.description)
    with transaction.atomic():
        touch_outline(course)
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


def publish_course(*, course: Course) -> Course:
    """Open the course to learners; a second call changes nothing."""
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
            announce_hidden_lessons(course)
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
            # While it was closed, lessons may have gone without anyone finishing by it.
            announce_hidden_lessons(course)
    return course
