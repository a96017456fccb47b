"""The page that introduces a course: its title and its description."""

from dataclasses import dataclass, replace

from stepwell.core.markdown.links import Body
from stepwell.transfer.dialects import Dialect
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers.texts import ATX, Text, plain, read_text
from stepwell.transfer.source_text import Lines, join_lines, with_code_marked


@dataclass(frozen=True)
class FrontPage:
    """A title, and the text between it and the next heading."""

    title: str
    introduction: Text


def read_front_page(folder: SourceFolder, path: str, dialect: Dialect) -> FrontPage:
    """Read a README or index: text around the introduction is reported as left out."""
    text = read_text(folder, path, dialect)
    headings = [
        (place, found)
        for place, (line, is_code) in enumerate(with_code_marked(text.lines))
        if not is_code and (found := ATX.match(line.text))
    ]
    start, title = 0, text.title
    for place, found in headings:
        if found["marks"] == "#":
            start, title = place + 1, plain(found["title"])
            break
    end = next((place for place, _found in headings if place >= start), len(text.lines))
    findings = (
        *(finding for finding in text.findings if _is_within(finding, text.lines[start:end])),
        *_left_out(text.path, text.lines[: max(0, start - 1)]),
        *_left_out(text.path, text.lines[end:]),
    )
    lines = text.lines[start:end]
    body = Body(join_lines(lines).strip("\n"))
    skipped = len(join_lines(lines)) - len(join_lines(lines).lstrip("\n"))
    return FrontPage(title, replace(text, body=body, lines=lines[skipped:], findings=findings))


def _is_within(finding: Finding, lines: Lines) -> bool:
    return bool(lines) and lines[0].number <= (finding.line or 0) <= lines[-1].number


def _left_out(path: str, lines: Lines) -> list[Finding]:
    filled = [line for line in lines if line.text.strip()]
    if not filled:
        return []
    first, last = filled[0].number, filled[-1].number
    return [Finding(FindingKind.TEXT_LEFT_OUT, path, first, f"{first}-{last}")]
