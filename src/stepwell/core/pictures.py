"""How large a picture is, read from the first bytes of its file."""

import re
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")  # what browsers show, and no other reader
ORIENTATION = 0x0112  # of a camera; from 5 on the picture lies on its side
LENGTH = re.compile(r"\s*\+?(\d*\.?\d+)\s*(px|pt|pc|in|cm|mm|q|)\s*", re.I)
PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
PIXELS["q"] = PIXELS["mm"] / 4
UNREADABLE = (
    ArithmeticError,
    DefusedXmlException,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
)
MOST_PIXELS = 40_000_000  # as many as cameras take, and little enough to be decoded
LONGEST_SIDE = 20_000  # pixels
FULL_WIDTH = 1600  # pixels; a drawing without a size of its own fills its column


class Size(NamedTuple):
    """In CSS pixels, as browsers show the picture when nobody says otherwise."""

    width: int
    height: int


def can_be_decoded(picture: Image.Image) -> bool:
    """Tell whether an opened picture is small enough for its pixels to be read into memory."""
    return picture.width * picture.height <= MOST_PIXELS and max(picture.size) <= LONGEST_SIDE


def read_size(stream: IO[bytes], name: str) -> Size | None:
    """Return a picture's size; None for any other file, and for one that can't be read."""
    try:
        size = _size_of_drawing(stream) if name.lower().endswith(".svg") else _size(stream)
    except UNREADABLE:
        return None
    return size if size and min(size) > 0 else None


def _size(stream: IO[bytes]) -> Size:
    with Image.open(stream, formats=FORMATS) as picture:
        # PNG may say so behind its pixels, which nobody wants to read for that.
        is_on_its_side = picture.format != "PNG" and picture.getexif().get(ORIENTATION, 1) >= 5
        return Size(*(reversed(picture.size) if is_on_its_side else picture.size))


def _size_of_drawing(stream: IO[bytes]) -> Size | None:
    _event, root = next(iterparse(stream, events=("start",)))
    width, height = _length(root, "width"), _length(root, "height")
    box = re.split(r"[\s,]+", root.get("viewBox", "0 0 0 0").strip())
    _left, _top, across, down = map(float, box)
    ratio = down / across if across else None
    if ratio and not height:
        width = width or FULL_WIDTH
        height = width * ratio
    elif ratio and height and not width:
        width = height / ratio
    return Size(round(width), round(height)) if width and height else None


def _length(root: Element, name: str) -> float | None:
    found = LENGTH.fullmatch(root.get(name, ""))
    return float(found[1]) * PIXELS[found[2].lower()] if found else None
