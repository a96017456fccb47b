"""`:::` blocks with fences as long as their nesting asks for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from stepwell.transfer.dialects import Converted
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.source_text import SourceLine, with_code_marked

FENCE = re.compile(r"^(?P<prefix>[ \t>]*):{3,}(?P<head>[^:\n].*|)$")


@dataclass
class _Open:
    place: int
    prefix: str
    head: str
    height: int = 0


def opening(prefix: str, kind: str, title: str, number: int) -> SourceLine:
    """Return the line that opens a block."""
    return SourceLine(f"{prefix}::: {kind} {title}".rstrip(), number)


def closing(prefix: str, number: int) -> SourceLine:
    """Return the line that closes the block opened last."""
    return SourceLine(f"{prefix}:::", number)


def nest_fences(lines: Iterable[SourceLine], path: str) -> Converted:
    """Give each block's fences one colon more than those of the blocks inside it.

    A fence with a word opens a block, a bare one closes the last; what is unbalanced is mended and
    reported.
    """
    result: list[SourceLine] = []
    findings: list[Finding] = []
    stack: list[_Open] = []

    def close(number: int) -> None:
        block = stack.pop()
        colons = ":" * (3 + block.height)
        opener = result[block.place]
        result[block.place] = replace(opener, text=f"{block.prefix}{colons} {block.head}")
        result.append(SourceLine(block.prefix + colons, number))
        if stack:
            stack[-1].height = max(stack[-1].height, block.height + 1)

    last = 1
    for line, is_code in with_code_marked(lines):
        last = line.number
        fence = None if is_code else FENCE.match(line.text)
        if fence is None:
            result.append(line)
        elif head := fence["head"].strip():
            stack.append(_Open(len(result), fence["prefix"], head))
            result.append(line)
        elif stack:
            close(line.number)
        else:
            findings.append(Finding(FindingKind.BLOCK_UNBALANCED, path, line.number, ":::"))
    while stack:
        block = stack[-1]
        findings.append(
            Finding(FindingKind.BLOCK_UNBALANCED, path, result[block.place].number, block.head)
        )
        close(last)
    return Converted(tuple(result), tuple(findings))
