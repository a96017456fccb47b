"""The video of a lesson: one of another site, or a file with captions and a poster."""

from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from stepwell.core.markdown.videos import parse_video
from stepwell.courses.actions.lesson import update_lesson
from stepwell.courses.actions.upload import upload_attachment
from stepwell.courses.errors import BadFile, BadVideo
from stepwell.courses.models import Lesson

MOST_CAPTIONS = 2_000_000  # bytes; a day of speech
ASSETS = "assets/"


def set_video(
    *,
    lesson: Lesson,
    link: str = "",
    file: "File[bytes] | None" = None,
    captions: "File[bytes] | None" = None,
    poster: "File[bytes] | None" = None,
) -> Lesson:
    """Give the lesson a video by its address or as a file; neither takes it away.

    Files that are not given stay as they are while the video does. A second call changes nothing.

    Raises `AttachmentTooLarge`, `BadFile`, `BadVideo`.
    """
    changes: dict[str, Any] = {"video": _video(lesson, link, file)}
    if captions is not None:
        changes["captions"] = _stored(lesson, _as_webvtt(captions), captions.name or "")
    if poster is not None:
        _require_ending(poster, ("png", "jpg", "jpeg", "webp", "avif"), _("Take a picture."))
        changes["poster"] = _stored(lesson, poster, poster.name or "")
    if not changes["video"].startswith(ASSETS):
        changes |= {"captions": "", "poster": ""}
    return update_lesson(lesson=lesson, **changes)


def _video(lesson: Lesson, link: str, file: "File[bytes] | None") -> str:
    if file is not None:
        _require_ending(file, ("mp4", "webm"), _("Take an MP4 or WebM file."))
        return _stored(lesson, file, file.name or "", is_video=True)
    if link != lesson.video and link and parse_video(link) is None:
        raise BadVideo
    return link


def _stored(lesson: Lesson, file: "File[bytes]", name: str, *, is_video: bool = False) -> str:
    stored = upload_attachment(course=lesson.course, file=file, name=name, is_video=is_video)
    return f"{ASSETS}{stored.name}"


def _require_ending(file: "File[bytes]", endings: tuple[str, ...], advice: str) -> None:
    name = file.name or ""
    if name.rpartition(".")[2].lower() not in endings:
        raise BadFile(name=f"“{name[:60]}”", reason=advice)


def _as_webvtt(file: "File[bytes]") -> "File[bytes]":
    """Return captions as WebVTT, in which SubRip differs by its first line and its commas."""
    name = file.name or ""
    _require_ending(file, ("vtt", "srt"), _("Take a WebVTT or SubRip file."))
    refused = BadFile(name=f"“{name[:60]}”", reason=_("Its text can’t be read. Save it as UTF-8."))
    if file.size > MOST_CAPTIONS:
        raise refused
    try:
        text = file.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise refused from None
    if name.lower().endswith(".srt"):
        lines = (line.replace(",", ".") if "-->" in line else line for line in text.split("\n"))
        text = "WEBVTT\n\n" + "\n".join(lines)
        file.name = f"{name[:-4]}.vtt"
    return ContentFile(text.encode(), name=file.name)
