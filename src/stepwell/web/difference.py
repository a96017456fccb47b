"""What one text has and another has not, in a form that people can read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2  # unchanged lines shown before and after what changed
LONGEST = 2_000  # words of a changed passage that are compared with each other
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: "same", "added", "removed", or "skipped" lines, whose number is its text."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Return the texts as one, word by word where lines changed, without what is far from it."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    for number, (kind, i, j, k, m) in enumerate(steps):
        if kind == "equal":
            pieces += _same(before[i:j], is_first=not number, is_last=number == len(steps) - 1)
        else:
            pieces += _changed("".join(before[i:j]), "".join(after[k:m]))
    return pieces


def _same(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    head = [] if is_first else lines[:AROUND]
    tail = [] if is_last else lines[max(len(head), len(lines) - AROUND) :]
    skipped = len(lines) - len(head) - len(tail)
    yield Piece("same", "".join(head))
    if skipped:
        yield Piece("skipped", str(skipped))
    yield Piece("same", "".join(tail))


def _changed(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > LONGEST:
        yield Piece("removed", old)
        yield Piece("added", new)
        return
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        yield Piece("removed", "".join(before[i:j]))
        yield Piece("added", "".join(after[k:m]))
