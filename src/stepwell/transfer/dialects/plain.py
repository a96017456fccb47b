"""Markdown as GitHub reads it, which Stepwell reads as well."""

from stepwell.transfer.dialects import Converted
from stepwell.transfer.source_text import Lines


def convert_plain(lines: Lines, _path: str) -> Converted:
    """Return the text as it is."""
    return Converted(lines)
