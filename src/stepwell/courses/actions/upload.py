"""Files that people send: looked at before they are kept."""

import hashlib
import unicodedata
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from stepwell.core.svg import HostileSvg, refuse_hostile_svg
from stepwell.courses.actions.attachment import save_attachment
from stepwell.courses.errors import BadFile
from stepwell.courses.models import Attachment, Course

NAME_LENGTH = 120
NAME_BYTES = 200  # of what comes before the ending; file systems take 255 for all
MOST_SVG = 5_000_000  # bytes; one that is cut there is broken XML
# How files of a kind begin, so that nothing else comes under their name.
SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "gif": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    "avif": lambda head: head[4:8] == b"ftyp" and b"avif" in head[8:32],
    "pdf": lambda head: b"%PDF-" in head,
    "mp4": lambda head: head[4:8] == b"ftyp",
    "m4a": lambda head: head[4:8] == b"ftyp",
    "webm": lambda head: head.startswith(b"\x1aE\xdf\xa3"),
    "vtt": lambda head: head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"),
    "zip": lambda head: head.startswith(b"PK"),
    "gz": lambda head: head.startswith(b"\x1f\x8b"),
}
SIGNATURES["jpeg"] = SIGNATURES["jpg"]
SIGNATURES |= dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), SIGNATURES["zip"])


def upload_attachment(
    *, course: Course, file: "File[bytes]", name: str, is_video: bool = False
) -> Attachment:
    """Keep a file that somebody sent as an attachment under a free name like its own.

    The same content under the same name again is the attachment that is there.

    Raises `AttachmentTooLarge`, `BadFile`.
    """
    name = clean_name(name)
    require_harmless(file, name)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    path = PurePosixPath(name)
    number = 1
    # If another file is saved under this name at once, the later one replaces it, as in an import.
    while course.attachments.filter(name=name).exclude(sha256=sha256).exists():
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    limit = settings.SITE.max_video_mb if is_video else settings.SITE.max_attachment_mb
    return save_attachment(course=course, name=name, content=file, limit_mb=limit)


def clean_name(name: str) -> str:
    """Return a file's name without folders and without characters that can't be seen.

    Raises `BadFile` for one that ends as no file that is taken.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    shown = "".join(" " if letter.isspace() else letter for letter in last)
    kept = "".join(letter for letter in shown if not unicodedata.category(letter).startswith("C"))
    stem, _dot, ending = " ".join(kept.split()).rpartition(".")
    ending = ending.lower()
    if ending not in settings.SITE.attachment_types.split():
        raise BadFile(
            name=f"“{last[:60]}”",
            reason=_("Files of its kind are not taken; put it into a zip file."),
        )
    short = stem.strip(" .")[:NAME_LENGTH].encode()[:NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"{short or _('file')}.{ending}"


def require_harmless(file: "File[bytes]", name: str) -> None:
    """Refuse a file that is not what its name says, or a drawing that does more than show.

    Raises `BadFile`.
    """
    ending = name.rpartition(".")[2]
    file.seek(0)
    head = file.read(1024)
    is_right = SIGNATURES.get(ending)
    if is_right and not is_right(head):
        raise BadFile(name=f"“{name}”", reason=_("It is not the kind of file that its name says."))
    if ending == "svg":
        file.seek(0)
        try:
            # A copy, since parsers close what they have read.
            refuse_hostile_svg(BytesIO(file.read(MOST_SVG)))
        except HostileSvg as error:
            raise BadFile(name=f"“{name}”", reason=error.reason) from None
