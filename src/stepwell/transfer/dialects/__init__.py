"""How other kinds of Markdown become Stepwell's: one file for each kind."""

from collections.abc import Callable
from dataclasses import dataclass

from stepwell.transfer.findings import Finding
from stepwell.transfer.source_text import Lines


@dataclass(frozen=True)
class Converted:
    """Text in Stepwell's Markdown, and what had to change on the way."""

    lines: Lines
    findings: tuple[Finding, ...] = ()


Dialect = Callable[[Lines, str], Converted]
