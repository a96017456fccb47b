"""Encodings of files that people send."""

import pytest

from stepwell.core.characters import charset_of


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        ("größer".encode(), "utf-8"),
        ("größer".encode()[:-3], "utf-8"),
        ("größer".encode("utf-8-sig"), "utf-8"),
        ("größer".encode("utf-16"), "utf-16"),
        ("größer".encode("cp1252"), "windows-1252"),
    ],
)
def test_charset_of_a_text(content: bytes, charset: str) -> None:
    assert charset_of(content) == charset
