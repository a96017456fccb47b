"""Verbs on lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from stepwell.courses.rendering import Render, html_for_course


@dataclass(frozen=True)
class NewLesson:
    """What a lesson is created with; without a slug its title gives one."""

    title: str
    slug: str = ""
    body: str = ""
    video: str = ""
    minutes: int = 0
    key: str = ""
    source_path: str = ""
    status: Status = Status.DRAFT


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
    lesson = NewLesson(title, slug, body, video, minutes, key, source_path)
    return create_lessons(module=module, lessons=[lesson])[0]


def create_lessons(
    *, module: Module, lessons: Sequence[NewLesson], render: Render = html_for_course
) -> list[Lesson]:
    """Add lessons in this order at the end of a module; free slugs replace taken or empty ones."""
    rows = [_new_row(module, lesson, render) for lesson in lessons]
    with transaction.atomic():
        touch_outline(module.course)
        taken = set(module.course.lessons.values_list("slug", flat=True))
        first = next_position(module.lessons.all())
        for position, (row, lesson) in enumerate(zip(rows, lessons, strict=True), first):
            row.position = position
            row.slug = free_slug(
                lesson.slug or lesson.title, is_taken=taken.__contains__, fallback="lesson"
            )
            taken.add(row.slug)
        Lesson.objects.bulk_create(rows)
    return rows


def _new_row(module: Module, lesson: NewLesson, render: Render) -> Lesson:
    now = clock.now()
    return Lesson(
        key=lesson.key or new_key(),
        course=module.course,
        module=module,
        title=lesson.title,
        body=lesson.body,
        html=render(module.course, lesson.body),
        video=lesson.video,
        minutes=lesson.minutes,
        source_path=lesson.source_path,
        status=lesson.status,
        published_at=now if lesson.status == Status.PUBLISHED else None,
        created_at=now,
        updated_at=now,
    )


def update_lesson(*, lesson: Lesson, render: Render = html_for_course, **changes: Any) -> Lesson:
    """Set fields of a lesson (title, slug, body, video, minutes, source_path).

    Unchanged values write nothing, so that a second call does no harm.
    """
    changed = {name: value for name, value in changes.items() if getattr(lesson, name) != value}
    if not changed:
        return lesson
    for name, value in changed.items():
        setattr(lesson, name, value)
    if "body" in changed:
        changed["html"] = lesson.html = render(lesson.course, lesson.body)
    lesson.updated_at = clock.now()
    with transaction.atomic():
        touch_outline(lesson.course)
        lesson.save(update_fields=[*changed, "updated_at"])
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
