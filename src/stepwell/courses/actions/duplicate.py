"""A course or lesson once more, to be changed without touching the first."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.core import clock
from stepwell.core.keys import new_key
from stepwell.courses.actions.attachment import StoredFile, attach_file, store_file
from stepwell.courses.actions.course import create_course, set_instructors, update_course
from stepwell.courses.actions.lesson import NewLesson, create_lessons
from stepwell.courses.actions.outline import move_lesson, touch_outline
from stepwell.courses.actions.page import create_page
from stepwell.courses.models import COVER_WIDTHS, Course, Lesson, Module, Page, cover_path

TITLE_LENGTH = 200


def duplicate_course(*, course: Course) -> Course:
    """Create a draft with the same outline, texts, files and instructors, and without learners.

    Links between its lessons lead to its own. A second call makes another one.
    """
    ending = _(" (copy)")
    key = new_key()
    files = _copy_files(course, Course(key=key))
    _copy_cover(course, key)
    with transaction.atomic():
        copy = create_course(
            title=course.title[: TITLE_LENGTH - len(ending)] + ending,
            summary=course.summary,
            language=course.language,
            key=key,
        )
        touch_outline(copy)
        _copy_outline(course, copy)
        for name, file in files.items():
            attach_file(course=copy, name=name, file=file)
        instructors = [each for each in course.instructors.all() if each.is_instructor]
        set_instructors(course=copy, instructors=instructors)
    return copy


def duplicate_lesson(*, lesson: Lesson) -> Lesson:
    """Create a draft with the same text, video and sub-pages right after the lesson.

    Attachments belong to the course, so both use the same. A second call makes another one.
    Raises `ModuleArchived`, `OutlineChanged`.
    """
    ending = _(" (copy)")
    pages = list(lesson.pages.all())
    copier = _Copier({key: new_key() for key in [lesson.key, *(page.key for page in pages)]})
    new = NewLesson(
        title=lesson.title[: TITLE_LENGTH - len(ending)] + ending,
        body=copier.text(lesson.body),
        video=lesson.video,
        captions=lesson.captions,
        poster=lesson.poster,
        minutes=lesson.minutes,
        key=copier.keys[lesson.key],
    )
    with transaction.atomic():
        copy = create_lessons(module=lesson.module, lessons=[new])[0]
        for page in pages:
            create_page(
                lesson=copy,
                title=page.title,
                slug=page.slug,
                body=copier.text(page.body),
                position=page.position,
                key=copier.keys[page.key],
            )
        lessons = lesson.module.lessons.filter(archived_at=None)
        if lesson.position is None:  # archived meanwhile: its copy stays at the end
            return copy
        following = lessons.filter(position__gt=lesson.position).exclude(pk=copy.pk)
        return move_lesson(
            lesson=copy, module=lesson.module, before=following.order_by("position").first()
        )


def _copy_files(course: Course, copy: Course) -> dict[str, StoredFile]:
    stored = {}
    for attachment in course.attachments.all():
        with attachment.file.open("rb") as stream:
            stored[attachment.name] = store_file(
                course=copy,
                name=attachment.name,
                content=File(stream, name=attachment.name),
                sha256=attachment.sha256,
                limit_mb=settings.SITE.max_video_mb,  # whatever it is, it was taken once
            )
    return stored


def _copy_cover(course: Course, key: str) -> None:
    for width in COVER_WIDTHS if course.cover else ():
        with default_storage.open(cover_path(course.key, course.cover, width)) as stream:
            default_storage.save(cover_path(key, course.cover, width), stream)


def _copy_outline(course: Course, copy: Course) -> None:
    modules = list(course.modules.filter(archived_at=None))
    lessons = list(Lesson.objects.active().filter(course=course))
    pages = list(Page.objects.filter(lesson__in=lessons))
    rows: list[Module | Lesson | Page] = [*modules, *lessons, *pages]
    keys = {row.key: new_key() for row in rows} | {course.key: copy.key}
    copier = _Copier(keys)
    homes: dict[int, Module] = {}
    for module in modules:
        homes[module.pk] = copier.row(module, course=copy)
    Module.objects.bulk_create(homes.values())
    own = {each.pk: copier.row(each, course=copy, module=homes[each.module_id]) for each in lessons}
    Lesson.objects.bulk_create(own.values())
    Page.objects.bulk_create(copier.row(page, lesson=own[page.lesson_id]) for page in pages)
    # Texts name lessons and files by key, in Markdown and HTML alike.
    about = {"outcomes": course.outcomes, "minutes": course.minutes, "cover": course.cover}
    update_course(course=copy, description=copier.text(course.description), **about)


class _Copier:
    """Copies rows and texts, and replaces each key in them with a new one."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = keys
        self.pattern = re.compile("|".join(keys))

    def text(self, text: str) -> str:
        return self.pattern.sub(lambda found: self.keys[found[0]], text)

    def row(self, row: Any, **homes: Any) -> Any:
        values = {
            field.name: getattr(row, field.name)
            for field in row._meta.concrete_fields
            if not field.primary_key and not field.is_relation
        }
        values["key"] = self.keys[row.key]
        for name in ("body", "html"):
            if name in values:
                values[name] = self.text(values[name])
        if "created_at" in values:
            values |= {"created_at": clock.now(), "updated_at": clock.now(), "revision": 1}
        return type(row)(**values | homes)
