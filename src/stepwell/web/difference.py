"""What one text has and another has not, in a form that people can read."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2  # unchanged lines shown before and after what changed
LONGEST = 2_000  # words of a changed passage that are compared with each other
MOST_LINES = 1_000  # that are
# Pairs of equal lines, or of equal words in all passages: more take seconds, and tell little.
MOST_PAIRS = 150_000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


Step = tuple[str, int, int, int, int]  # its kind, and where it begins and ends in both


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: "same", "added", "removed", or "skipped" lines, whose number is its text."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Return the texts as one, word by word where lines changed, without what is far from it."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    steps = _steps(before, after)
    pieces: list[Piece] = []
    pairs = 0
    for number, (kind, i, j, k, m) in enumerate(steps):
        if kind == "equal":
            pieces += _same(before[i:j], is_first=not number, is_last=number == len(steps) - 1)
        else:
            removed, added = "".join(before[i:j]), "".join(after[k:m])
            words = _WORDS.findall(removed), _WORDS.findall(added)
            pairs += _count_pairs(*words)
            if pairs > MOST_PAIRS or max(map(len, words)) > LONGEST:
                pieces += [Piece("removed", removed), Piece("added", added)]
            else:
                pieces += _changed(*words)
    return pieces


def _steps(before: Sequence[str], after: Sequence[str]) -> list[Step]:
    """Return what turns the lines into the others; where it would take long, all that differs."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next(
        (n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head
    )
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(old), len(new)) > MOST_LINES or _count_pairs(old, new) > MOST_PAIRS:
        middle: Sequence[Step] = [("replace", 0, len(old), 0, len(new))]
    else:
        middle = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start, end = len(before) - tail, len(after) - tail
    return [
        *([("equal", 0, head, 0, head)] if head else ()),
        *((kind, i + head, j + head, k + head, m + head) for kind, i, j, k, m in middle),
        *([("equal", start, len(before), end, len(after))] if tail else ()),
    ]


def _same(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    head = [] if is_first else lines[:AROUND]
    tail = [] if is_last else lines[max(len(head), len(lines) - AROUND) :]
    skipped = len(lines) - len(head) - len(tail)
    yield Piece("same", "".join(head))
    if skipped:
        yield Piece("skipped", str(skipped))
    yield Piece("same", "".join(tail))


def _count_pairs(before: Sequence[str], after: Sequence[str]) -> int:
    counts = Counter(after)
    return sum(counts[text] for text in before)


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        yield Piece("removed", "".join(before[i:j]))
        yield Piece("added", "".join(after[k:m]))
