"""How large pictures are, as browsers show them."""

from io import BytesIO

import pytest
from PIL import Image

from stepwell.core.pictures import FULL_WIDTH, ORIENTATION, read_size


def picture(kind: str, *, orientation: int = 1) -> BytesIO:
    """A black picture, 30 by 20 as it is stored."""
    stream, exif = BytesIO(), Image.Exif()
    exif[ORIENTATION] = orientation
    Image.new("RGB", (30, 20)).save(stream, kind, exif=exif)
    stream.seek(0)
    return stream


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_size_of_every_kind_that_browsers_show(kind: str) -> None:
    assert read_size(picture(kind), f"a.{kind}") == (30, 20)


@pytest.mark.parametrize(("orientation", "size"), [(1, (30, 20)), (3, (30, 20)), (6, (20, 30))])
def test_photo_that_lies_on_its_side_is_measured_upright(
    orientation: int, size: tuple[int, int]
) -> None:
    assert read_size(picture("JPEG", orientation=orientation), "a.jpg") == size


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640" height="200"', (640, 200)),
        ('width="1in" height="25.4mm"', (96, 96)),
        ('width="12pt" height=" 1PC "', (16, 16)),
        ('width="100" viewBox="0 0 24 12"', (100, 50)),
        ('height="100" viewBox="0,0,24,12"', (200, 100)),
        ('width="100%" height="40" viewBox="0 0 24 12"', (80, 40)),
        ('viewBox="0 0 24 12"', (FULL_WIDTH, FULL_WIDTH / 2)),
        ('width="100%" height="100%" viewBox="0 0 24 12"', (FULL_WIDTH, FULL_WIDTH / 2)),
        ('width="100"', None),
        ('viewBox="0 0 0 0"', None),
        ('viewBox="0 0 24"', None),
        ('viewBox="nan nan nan nan"', None),
        ('viewBox="0 0 1 1e400"', None),
        ("", None),
    ],
)
def test_size_of_a_drawing(attributes: str, size: tuple[int, int] | None) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><path d="M0 0"/></svg>'

    assert read_size(BytesIO(drawing.encode()), "a.svg") == size


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b""),
        ("a.png", b"not a picture"),
        ("a.png", picture("PNG").getvalue()[:20]),
        ("a.txt", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
        ("a.svg", b""),
        ("a.svg", b"<svg width="),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg width="9" height="9"/>'),
    ],
)
def test_what_cannot_be_read_has_no_size(name: str, content: bytes) -> None:
    assert read_size(BytesIO(content), name) is None
