"""Verbs on the files of a course."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet

from stepwell.core import clock
from stepwell.core.markdown.cost import TextTooLarge
from stepwell.courses.actions.outline import touch_outline
from stepwell.courses.errors import AttachmentTooLarge
from stepwell.courses.models import Attachment, Course, Lesson, Page
from stepwell.courses.rendering import Render, attachment_address, html_for_course, shows_any


@dataclass(frozen=True)
class StoredFile:
    """Content that lies among a course's files, whether or not an attachment names it yet."""

    course_key: str
    place: str
    size: int
    sha256: str


def save_attachment(
    *, course: Course, name: str, content: "File[bytes]", limit_mb: int | None = None
) -> Attachment:
    """Keep `content` as the course's attachment `name`, replacing what it held.

    Texts that show it are rendered again, with its size. The same content again changes nothing.
    An earlier version's file stays on disk, so that a rolled back transaction loses nothing.
    `limit_mb` is how large it may be, if not as large as any attachment.

    Raises `AttachmentTooLarge`.
    """
    _refuse_too_large(name, content, limit_mb)
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    same = Attachment.objects.filter(course=course, name=name, sha256=sha256).first()
    if same is not None:
        return same
    file = store_file(course=course, name=name, content=content, sha256=sha256, limit_mb=limit_mb)
    with transaction.atomic():
        attachment = attach_file(course=course, name=name, file=file)
        show_anew(course=course, names=[name])
    return attachment


def store_file(
    *,
    course: Course,
    name: str,
    content: "File[bytes]",
    sha256: str,
    limit_mb: int | None = None,
) -> StoredFile:
    """Copy `content`, whose hash is known, to where files of the course lie.

    It writes no table, and the course may be one that is yet to be saved. A second call makes
    another copy.

    Raises `AttachmentTooLarge`.
    """
    _refuse_too_large(name, content, limit_mb)
    attachment = Attachment(course=course, name=name, sha256=sha256)
    attachment.file.save(name.rpartition("/")[2], content, save=False)
    return StoredFile(course.key, str(attachment.file.name), content.size, sha256)


def attach_file(*, course: Course, name: str, file: StoredFile) -> Attachment:
    """Make a stored file the course's attachment `name`, in the place of what it held.

    Texts that show it keep the size that they know: see `show_anew`.
    """
    with transaction.atomic():
        touch_outline(course)
        known = Attachment.objects.filter(course=course, name=name).first()
        attachment = known or Attachment(course=course, name=name)
        attachment.file, attachment.sha256, attachment.size = file.place, file.sha256, file.size
        attachment.created_at = clock.now()
        attachment.save()
    return attachment


def remove_stray_files(files: Iterable[StoredFile]) -> None:
    """Delete stored files that no attachment names."""
    places = [file.place for file in files]
    named = set(Attachment.objects.filter(file__in=places).values_list("file", flat=True))
    for place in places:
        if place not in named:
            Attachment._meta.get_field("file").storage.delete(place)


def _refuse_too_large(name: str, content: "File[bytes]", limit_mb: int | None) -> None:
    limit = limit_mb or settings.SITE.max_attachment_mb
    if content.size > limit * 1024 * 1024:
        raise AttachmentTooLarge(name=name, limit=limit)


def remove_attachment(*, attachment: Attachment) -> None:
    """Take a file away from its course; a second call changes nothing."""
    rows = Attachment.objects.filter(pk=attachment.pk)
    if rows.exists():
        with transaction.atomic():
            touch_outline(attachment.course)
            rows.delete()


def show_anew(*, course: Course, names: Collection[str], render: Render = html_for_course) -> None:
    """Render the texts that show one of these pictures, whose size is written there.

    What comes out as it was is not written, so that a second call changes nothing. A text that is
    over the limits by now stays as it is.
    """
    texts: list[tuple[QuerySet[Any], str, str]] = [
        (Course.objects.filter(pk=course.pk), "description", "description_html"),
        (Lesson.objects.filter(course=course), "body", "html"),
        (Page.objects.filter(lesson__course=course), "body", "html"),
    ]
    with transaction.atomic():
        for rows, source, html in texts:
            found = rows.filter(**{f"{html}__contains": attachment_address(course, "")})
            changed = [
                (pk, _rendered(render, course, text, known), known)
                for pk, text, known in found.values_list("pk", source, html).iterator()
                if shows_any(course, known, names)
            ]
            for pk, new, known in changed:
                if new != known:
                    touch_outline(course)
                    rows.filter(pk=pk).update(**{html: new})


def _rendered(render: Render, course: Course, text: str, known: str) -> str:
    try:
        return render(course, text)
    except TextTooLarge:
        return known
