"""The cover of a course: a picture, cut and scaled to the sizes that pages use."""

import hashlib
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from stepwell.courses.actions.outline import touch_outline
from stepwell.courses.errors import BadPicture
from stepwell.courses.models import COVER_WIDTHS, Course, cover_path

if TYPE_CHECKING:
    from PIL.Image import Image

RATIO = 16 / 9
QUALITY = 82


def set_cover(
    *, course: Course, picture: "File[bytes]", focus: tuple[float, float] = (0.5, 0.5)
) -> Course:
    """Show the picture as the course's cover, cut to 16:9 around `focus` (shares from top left).

    It is written as WebP in the sizes that pages use, without what cameras add. The same picture
    again changes nothing.

    Raises `BadPicture`.
    """
    image = _decoded(picture)
    width = min(image.width, round(image.height * RATIO))
    left = round((image.width - width) * min(max(focus[0], 0), 1))
    height = round(width / RATIO)
    top = round((image.height - height) * min(max(focus[1], 0), 1))
    cut = image.crop((left, top, left + width, top + height))
    files = {each: _scaled(cut, each) for each in COVER_WIDTHS}
    name = hashlib.sha256(b"".join(files.values())).hexdigest()[:20]
    if name == course.cover:
        return course
    for each, content in files.items():
        path = cover_path(course.key, name, each)
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
    return _show(course, name)


def remove_cover(*, course: Course) -> Course:
    """Show the drawn cover again; a second call changes nothing."""
    return _show(course, "") if course.cover else course


def _show(course: Course, name: str) -> Course:
    """Name the cover; files of earlier ones stay, for pages that are still being read."""
    with transaction.atomic():
        touch_outline(course)
        course.cover = name
        course.save(update_fields=["cover"])
    return course


def _decoded(picture: "File[bytes]") -> "Image":
    # Costs 20 MB a process, and only choosing a cover needs it.
    from PIL import Image, ImageOps

    from stepwell.core.pictures import FORMATS, UNREADABLE, can_be_decoded

    refused = BadPicture(name=f"“{(picture.name or '')[:60]}”")
    try:
        picture.seek(0)
        with (
            warnings.catch_warnings(action="error"),
            Image.open(picture, formats=FORMATS) as opened,
        ):
            if not can_be_decoded(opened) or min(opened.size) < 16:
                raise refused
            turned = ImageOps.exif_transpose(opened) or opened
            return turned.convert("RGB")
    except (*UNREADABLE, Image.DecompressionBombWarning):
        raise refused from None


def _scaled(image: "Image", width: int) -> bytes:
    from PIL.Image import Resampling

    width = min(width, image.width)
    scaled = image.resize((width, max(round(width / RATIO), 1)), Resampling.LANCZOS)
    out = BytesIO()
    scaled.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
