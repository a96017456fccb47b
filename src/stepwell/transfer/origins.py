"""Where a course was imported from, so that the same folder finds the same course again."""

import hashlib
import os
from pathlib import Path

from stepwell.courses.models import Course
from stepwell.transfer.models import Origin

LONGEST = 480  # characters; the field takes 500


def origin_of(folder: Path) -> str:
    """Return the full identity of a folder: its absolute path, with symbolic links resolved.

    A path that the database can't take as text is represented by its digest.
    """
    raw = os.fsencode(folder.resolve())
    text = raw.decode(errors="replace")
    if len(text) <= LONGEST and text.encode() == raw:
        return f"folder:{text}"
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def find_by_origin(origin: str) -> Course | None:
    """Return the course that was imported from here last."""
    row = Origin.objects.filter(place=origin).select_related("course").first() if origin else None
    return row.course if row else None


def remember_origin(*, course: Course, origin: str) -> None:
    """Record where the course comes from; another course of that origin loses it.

    A second call changes nothing.
    """
    if Origin.objects.filter(course=course, place=origin).exists():
        return
    Origin.objects.filter(place=origin).exclude(course=course).delete()
    Origin.objects.update_or_create(course=course, defaults={"place": origin})
