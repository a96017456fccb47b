"""Lists of addresses, however somebody pastes or saves them."""

from collections.abc import Iterator
from dataclasses import dataclass

from stepwell.core.pasted_addresses import find_emails

MOST_LINES = 2_000  # at once, since the sender waits for them
MOST_BYTES = 2_000_000


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
        found = find_emails(line)
        if found:
            yield from (Entry(number, each, is_address=True) for each in found)
        elif line.strip(" \t,;"):
            yield Entry(number, line.strip()[:100], is_address=False)


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
