"""Verbs on lessons."""

from typing import Any

from django.db import transaction

from stepwell.core import clock
from stepwell.core.keys import new_key
from stepwell.core.slugs import free_slug
from stepwell.courses.actions.outline import (
    announce_hidden_lessons,
    next_position,
    touch_outline,
)
from stepwell.courses.models import Lesson, Module, Status
from stepwell.courses.rendering import render_for_course


def create_lesson(
    *,
    module: Module,
    title: str,
    slug: str = "",
    body: str = "",
    video: str = "",
    minutes: int = 0,
    key: str = "",
    source_path: str = "",
) -> Lesson:
    """Add a draft lesson at the end of a module; a free slug replaces a taken or empty one."""
    course, now = module.course, clock.now()
    lesson = Lesson(
        key=key or new_key(),
        course=course,
        module=module,
        title=title,
        body=body,
        video=video,
        minutes=minutes,
        source_path=source_path,
        created_at=now,
        updated_at=now,
    )
    _render(lesson)
    with transaction.atomic():
        touch_outline(course)
        lesson.slug = free_slug(
            slug or title,
            is_taken=lambda slug: course.lessons.filter(slug=slug).exists(),
            fallback="lesson",
        )
        lesson.position = next_position(module.lessons.all())
        lesson.save(force_insert=True)
    return lesson


def update_lesson(*, lesson: Lesson, **changes: Any) -> Lesson:
    """Set fields of a lesson (title, slug, body, video, minutes, source_path).

    Unchanged values write nothing, so that a second call does no harm.
    """
    changed = {name: value for name, value in changes.items() if getattr(lesson, name) != value}
    if not changed:
        return lesson
    for name, value in changed.items():
        setattr(lesson, name, value)
    if "body" in changed:
        _render(lesson)
    lesson.updated_at = clock.now()
    with transaction.atomic():
        touch_outline(lesson.course)
        lesson.save(update_fields=[*changed, "html", "updated_at"])
    return lesson


def publish_lesson(*, lesson: Lesson) -> Lesson:
    """Let the lesson count and be seen wherever its course is; a second call changes nothing."""
    return _set_status(lesson, Status.PUBLISHED)


def unpublish_lesson(*, lesson: Lesson) -> Lesson:
    """Hide the lesson, keeping its completions; a second call changes nothing."""
    return _set_status(lesson, Status.DRAFT)


def archive_lesson(*, lesson: Lesson) -> Lesson:
    """Take a lesson out of the outline, keeping its completions; a second call changes nothing."""
    if lesson.archived_at is None:
        with transaction.atomic():
            touch_outline(lesson.course)
            lesson.archived_at = clock.now()
            lesson.save(update_fields=["archived_at"])
            announce_hidden_lessons(lesson.course)
    return lesson


def restore_lesson(*, lesson: Lesson, module: Module | None = None) -> Lesson:
    """Bring an archived lesson back at the end of its module, or of `module` of the same course.

    A second call changes nothing.
    """
    if lesson.archived_at is not None:
        with transaction.atomic():
            touch_outline(lesson.course)
            lesson.module = module or lesson.module
            lesson.position = next_position(lesson.module.lessons.all())
            lesson.archived_at = None
            lesson.save(update_fields=["archived_at", "position", "module"])
    return lesson


def _set_status(lesson: Lesson, status: Status) -> Lesson:
    if lesson.status == status:
        return lesson
    lesson.status = status
    if status == Status.PUBLISHED and lesson.published_at is None:
        lesson.published_at = clock.now()
    with transaction.atomic():
        touch_outline(lesson.course)
        lesson.save(update_fields=["status", "published_at"])
        if status == Status.DRAFT:
            announce_hidden_lessons(lesson.course)
    return lesson


def _render(lesson: Lesson) -> None:
    lesson.html = render_for_course(lesson.course, lesson.body).html
