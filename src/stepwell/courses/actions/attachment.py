"""Verbs on the files of a course."""

import hashlib

from django.conf import settings
from django.core.files import File
from django.db import transaction

from stepwell.core import clock
from stepwell.courses.actions.outline import touch_outline
from stepwell.courses.errors import AttachmentTooLarge
from stepwell.courses.models import Attachment, Course


def save_attachment(*, course: Course, name: str, content: "File[bytes]") -> Attachment:
    """Keep `content` as the course's attachment `name`, replacing what it held.

    The same content again changes nothing. An earlier version's file stays on disk, so
    that a rolled back transaction loses nothing.

    Raises `AttachmentTooLarge`.
    """
    if content.size > settings.SITE.max_attachment_mb * 1024 * 1024:
        raise AttachmentTooLarge(name=name, limit=settings.SITE.max_attachment_mb)
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    same = Attachment.objects.filter(course=course, name=name, sha256=sha256).first()
    if same is not None:
        return same
    content.seek(0)
    with transaction.atomic():
        touch_outline(course)
        known = Attachment.objects.filter(course=course, name=name).first()
        attachment = known or Attachment(course=course, name=name)
        attachment.sha256, attachment.size = sha256, content.size
        attachment.created_at = clock.now()
        attachment.file.save(name.rpartition("/")[2], content, save=False)
        attachment.save()
    return attachment


def remove_attachment(*, attachment: Attachment) -> None:
    """Take a file away from its course; a second call changes nothing."""
    rows = Attachment.objects.filter(pk=attachment.pk)
    if rows.exists():
        with transaction.atomic():
            touch_outline(attachment.course)
            rows.delete()
