"""Verbs on lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.core.characters import without_control_characters
from stepwell.core.keys import new_key
from stepwell.core.slugs import free_slug
from stepwell.courses.actions.address import (
    get_lesson_addresses,
    leave_lesson_address,
    vacate_lesson_address,
)
from stepwell.courses.actions.history import VERSIONED, keep_version
from stepwell.courses.actions.outline import (
    announce_counted_lessons,
    has_counted_lessons,
    hold_outline,
    next_position,
    refresh_place,
    require_active,
    take_out,
    touch_outline,
)
from stepwell.courses.actions.values import require_fitting, require_video
from stepwell.courses.errors import LessonChanged
from stepwell.courses.models import Lesson, LessonVersion, Module, Status
from stepwell.courses.rendering import Render, html_for_course

# What an outline doesn't show: changing these alone leaves all that is kept of it as it is.
UNSEEN = frozenset({"body", "html", "video", "captions", "poster", "source_path", "updated_at"})


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
    captions: str = ""
    poster: str = ""


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
    """Add a draft lesson at the end of a module; a free slug replaces a taken or empty one.

    Raises `BadValue`, `BadVideo`, `ModuleArchived`.
    """
    lesson = NewLesson(title, slug, body, video, minutes, key, source_path)
    return create_lessons(module=module, lessons=[lesson])[0]


def create_lessons(
    *, module: Module, lessons: Sequence[NewLesson], render: Render = html_for_course
) -> list[Lesson]:
    """Add lessons in this order at the end of a module; free slugs replace taken or empty ones.

    Raises `BadValue`, `BadVideo`, `ModuleArchived`.
    """
    for lesson in lessons:
        require_fitting(Lesson, {"title": lesson.title, "video": lesson.video})
        require_video(lesson.video)
    rows = [_new_row(module, lesson, render) for lesson in lessons]
    with transaction.atomic():
        touch_outline(module.course)
        require_active(module)
        # Links to what a lesson was called go on to lead there, unless somebody says otherwise.
        addresses = get_lesson_addresses(module.course)
        taken, archived = addresses.taken, addresses.archived
        first = next_position(module.lessons.all())
        for position, (row, lesson) in enumerate(zip(rows, lessons, strict=True), first):
            row.position = position
            held = taken if lesson.slug else taken | addresses.former
            row.slug = free_slug(
                lesson.slug or lesson.title, is_taken=held.__contains__, fallback="lesson"
            )
            taken.add(row.slug)
        wanted = {row.slug for row in rows}
        for slug in archived & wanted:
            holder = Lesson.objects.get(course=module.course, slug=slug)
            vacate_lesson_address(holder, wanted=wanted)
        Lesson.objects.bulk_create(rows)
    return rows


def _new_row(module: Module, lesson: NewLesson, render: Render) -> Lesson:
    now = clock.now()
    body = without_control_characters(lesson.body)
    return Lesson(
        key=lesson.key or new_key(),
        course=module.course,
        module=module,
        title=lesson.title,
        body=body,
        html=render(module.course, body),
        video=lesson.video,
        captions=lesson.captions,
        poster=lesson.poster,
        minutes=lesson.minutes,
        source_path=lesson.source_path,
        status=lesson.status,
        published_at=now if lesson.status == Status.PUBLISHED else None,
        created_at=now,
        updated_at=now,
    )


def update_lesson(
    *,
    lesson: Lesson,
    author: User | None = None,
    base: int | None = None,
    sitting: str = "",
    render: Render = html_for_course,
    **changes: Any,
) -> Lesson:
    """Set fields of a lesson (title, slug, body, video, captions, poster, minutes, source_path).

    Unchanged values write nothing, so that a second call does no harm. Earlier titles and texts are
    kept as versions, and a former slug leads to the lesson. `base` is the revision that the author
    began with: if somebody has changed title or text since, nothing is written. A repeated request,
    whose title and text the lesson has already, succeeds. What is saved in one `sitting`, such as a
    window of an editor, becomes one version.

    Raises `AddressTaken`, `BadValue`, `BadVideo`, `LessonChanged`.
    """
    return _write(lesson, author, base, render, changes, sitting=sitting)


def restore_version(
    *, version: LessonVersion, author: User, render: Render = html_for_course
) -> Lesson:
    """Give the lesson the title and text of an earlier version; the text until now is kept, too.

    A second call changes nothing.
    """
    changes = {name: getattr(version, name) for name in VERSIONED}
    return _write(version.lesson, author, None, render, changes)


def _write(
    lesson: Lesson,
    author: User | None,
    base: int | None,
    render: Render,
    wished: dict[str, Any],
    *,
    sitting: str = "",
) -> Lesson:
    if "body" in wished:
        wished["body"] = without_control_characters(wished["body"])
    changed = _differing(lesson, wished)
    if not changed:
        return lesson
    if base not in {None, lesson.revision}:
        raise LessonChanged
    require_fitting(Lesson, changed)
    require_video(changed.get("video", ""))
    if "body" in changed:
        changed["html"] = render(lesson.course, changed["body"])
    changed["updated_at"] = clock.now()
    with transaction.atomic():
        (hold_outline if UNSEEN.issuperset(changed) else touch_outline)(lesson.course)
        now = Lesson.objects.only(*VERSIONED, "revision", "updated_at").get(pk=lesson.pk)
        if base not in {None, now.revision}:
            if set(VERSIONED).issuperset(wished) and not _differing(now, wished):
                lesson.refresh_from_db(fields=[*VERSIONED, "html", "revision", "updated_at"])
                return lesson  # the same request came twice at once
            raise LessonChanged
        if "slug" in changed:
            leave_lesson_address(lesson, changed["slug"])
        if not changed.keys().isdisjoint(VERSIONED):
            changed["revision"] = now.revision + 1
            keep_version(now, changed, author, sitting)
        for name, value in changed.items():
            setattr(lesson, name, value)
        lesson.save(update_fields=list(changed))
    return lesson


def _differing(lesson: Lesson, wished: dict[str, Any]) -> dict[str, Any]:
    """Return those of the wished values that the lesson doesn't have."""
    return {name: value for name, value in wished.items() if getattr(lesson, name) != value}


def publish_lessons(*, module: Module, with_empty: bool = True) -> int:
    """Publish all lessons of a module and return how many were drafts; a second call does none.

    On request lessons without text, video and sub-pages stay drafts.
    """
    now = clock.now()
    drafts = Lesson.objects.filter(module=module, archived_at=None, status=Status.DRAFT)
    if not with_empty:
        empty = Lesson.objects.filter(module=module).empty()
        drafts = drafts.exclude(pk__in=empty.values("pk"))
    with transaction.atomic():
        touch_outline(module.course)
        was_empty = not has_counted_lessons(module.course)
        first = Coalesce("published_at", Value(now))
        count = drafts.update(status=Status.PUBLISHED, published_at=first)
        if count and was_empty:
            announce_counted_lessons(module.course)
    return count


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
            refresh_place(lesson)
            if lesson.archived_at is None:
                take_out(lesson, Lesson.objects.filter(module=lesson.module_id))
                announce_counted_lessons(lesson.course)
    return lesson


def restore_lesson(*, lesson: Lesson, module: Module | None = None) -> Lesson:
    """Bring an archived lesson back at the end of its module, or of `module` of the same course.

    A second call changes nothing. Raises `ModuleArchived`.
    """
    if lesson.archived_at is not None:
        with transaction.atomic():
            touch_outline(lesson.course)
            refresh_place(lesson)
            if lesson.archived_at is not None:
                lesson.module = module or lesson.module
                require_active(lesson.module)
                was_empty = not has_counted_lessons(lesson.course)
                lesson.position = next_position(lesson.module.lessons.all())
                lesson.archived_at = None
                lesson.save(update_fields=["archived_at", "position", "module"])
                if was_empty:
                    announce_counted_lessons(lesson.course)
    return lesson


def _set_status(lesson: Lesson, status: Status) -> Lesson:
    if lesson.status == status:
        return lesson
    lesson.status = status
    if status == Status.PUBLISHED and lesson.published_at is None:
        lesson.published_at = clock.now()
    with transaction.atomic():
        touch_outline(lesson.course)
        was_empty = status == Status.PUBLISHED and not has_counted_lessons(lesson.course)
        lesson.save(update_fields=["status", "published_at"])
        if status == Status.DRAFT or was_empty:
            announce_counted_lessons(lesson.course)
    return lesson
