"""Source lines that remember where they came from while a dialect rewrites them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(?P<marks>`{3,}|~{3,})(?P<info>.*)$")


@dataclass(frozen=True)
class SourceLine:
    """One line of text and the number of the line in the file that it stems from."""

    text: str
    number: int


Lines = tuple[SourceLine, ...]


def split_lines(text: str, *, first: int = 1) -> Lines:
    """Return the lines of `text`, numbered from `first`."""
    return tuple(SourceLine(line, first + place) for place, line in enumerate(text.split("\n")))


def join_lines(lines: Iterable[SourceLine]) -> str:
    return "\n".join(line.text for line in lines)


def number_of(lines: Lines, place: int) -> int:
    """Return the file's line number for the 1-based `place` in the rewritten text."""
    return lines[min(max(place, 1), len(lines)) - 1].number if lines else 1


def single_spaced(lines: Iterable[SourceLine]) -> Lines:
    """Return the lines with one blank line wherever several follow each other outside code."""
    result: list[SourceLine] = []
    for line, is_code in with_code_marked(lines):
        is_blank = not line.text.strip(" \t>")
        if is_code or not (is_blank and result and result[-1].text.strip() == line.text.strip()):
            result.append(line)
    return tuple(result)


def with_code_marked(lines: Iterable[SourceLine]) -> Iterator[tuple[SourceLine, bool]]:
    """Yield each line and whether it is part of a fenced code block."""
    marks = ""
    for line in lines:
        fence = FENCE.match(line.text)
        if not marks:
            if fence and not (fence["marks"][0] == "`" and "`" in fence["info"]):
                marks = fence["marks"]
            yield line, bool(marks)
            continue
        yield line, True
        if fence and fence["marks"].startswith(marks) and not fence["info"].strip():
            marks = ""
