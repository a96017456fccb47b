"""Lists of addresses, however somebody pastes or saves them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_LINES = 2_000  # at once, since whoever sends them waits
MOST_BYTES = 2_000_000
# What stands between addresses and around them; all the rest may be part of one.
ADDRESS = re.compile(r"[^\s,;<>\"()]+@[^\s,;<>\"()]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list, from 1, and an address in it; without one, its text as it is."""

    line: int
    text: str
    is_address: bool


def read_addresses(text: str) -> list[Entry]:
    """Return the addresses of a list: one a line, with names, or a whole CSV file.

    A line without any is returned as it is, but for the first one with others below: a heading.
    """
    entries = list(_entries(text))
    has_heading = len(entries) > 1 and not entries[0].is_address and entries[0].line == 1
    return entries[1:] if has_heading else entries


def _entries(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), 1):
        found = ADDRESS.findall(line)
        if found:
            yield from (Entry(number, _bare(each), is_address=True) for each in found)
        elif line.strip(" \t,;"):
            yield Entry(number, line.strip()[:100], is_address=False)


def _bare(address: str) -> str:
    """Return an address without quotes around it, full stops behind it, and `mailto:`."""
    return address.removeprefix("mailto:").strip(".:'")


def decoded(content: bytes) -> str | None:
    """Return a file's text, as spreadsheet programs write it; None for one that is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
