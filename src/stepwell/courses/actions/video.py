"""The video of a lesson: one of another site, or a file with captions and a poster."""

from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from stepwell.core.markdown.videos import parse_video
from stepwell.courses.actions.lesson import update_lesson
from stepwell.courses.actions.upload import clean_name, require_harmless, upload_attachment
from stepwell.courses.actions.values import ASSETS
from stepwell.courses.errors import BadFile, BadVideo
from stepwell.courses.models import Lesson

MOST_CAPTIONS = 2_000_000  # bytes; a day of speech


def set_video(
    *,
    lesson: Lesson,
    link: str = "",
    file: "File[bytes] | None" = None,
    captions: "File[bytes] | None" = None,
    poster: "File[bytes] | None" = None,
    **also: Any,
) -> Lesson:
    """Give the lesson a video by its address or as a file; neither takes it away.

    Files that are not given stay as they are while the video does. `also` are other fields to set,
    as `update_lesson` takes them. Nothing is kept unless all of it is right. A second call changes
    nothing.

    Raises `AddressTaken`, `AttachmentTooLarge`, `BadFile`, `BadValue`, `BadVideo`.
    """
    sent: dict[str, File[bytes]] = {}
    if file is not None:
        sent["video"] = _checked(file, ("mp4", "webm"), _("Take an MP4 or WebM file."))
    elif link and link != lesson.video and parse_video(link) is None:
        raise BadVideo
    if captions is not None:
        sent["captions"] = _as_webvtt(captions)
    if poster is not None:
        pictures = ("png", "jpg", "jpeg", "webp", "avif")
        sent["poster"] = _checked(poster, pictures, _("Take a picture."))
    update_lesson(lesson=lesson, **also)
    changes: dict[str, Any] = {"video": link} | {
        name: _stored(lesson, each, name) for name, each in sent.items()
    }
    if not changes["video"].startswith(ASSETS):
        changes |= {"captions": "", "poster": ""}
    return update_lesson(lesson=lesson, **changes)


def _stored(lesson: Lesson, file: "File[bytes]", role: str) -> str:
    name, is_video = file.name or "", role == "video"
    stored = upload_attachment(course=lesson.course, file=file, name=name, is_video=is_video)
    return f"{ASSETS}{stored.name}"


def _checked(file: "File[bytes]", endings: tuple[str, ...], advice: str) -> "File[bytes]":
    """Return a file that may be kept as what it is to be."""
    name = file.name or ""
    if name.rpartition(".")[2].lower() not in endings:
        raise BadFile(name=f"“{name[:60]}”", reason=advice)
    require_harmless(file, clean_name(name))
    return file


def _as_webvtt(file: "File[bytes]") -> "File[bytes]":
    """Return captions as WebVTT, in which SubRip differs by its first line and its commas."""
    name = file.name or ""
    shown = f"“{name[:60]}”"
    if file.size > MOST_CAPTIONS:
        raise BadFile(name=shown, reason=_("It is larger than 2 MB, which no captions are."))
    if not name.lower().endswith(".srt"):
        _checked(file, ("vtt", "srt"), _("Take a WebVTT or SubRip file."))
        file.seek(0)
    try:
        text = file.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadFile(name=shown, reason=_("Its text can’t be read. Save it as UTF-8.")) from None
    if name.lower().endswith(".srt"):
        lines = (line.replace(",", ".") if "-->" in line else line for line in text.split("\n"))
        text = "WEBVTT\n\n" + "\n".join(lines)
        file.name = f"{name[:-4]}.vtt"
    return ContentFile(text.encode(), name=file.name)
