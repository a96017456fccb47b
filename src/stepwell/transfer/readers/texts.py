"""Markdown files of a foreign folder, read into Stepwell's Markdown."""

import html
import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from stepwell.core.markdown.cost import TextTooLarge, require_short
from stepwell.core.markdown.link_places import Link
from stepwell.core.markdown.links import Body
from stepwell.core.markdown.videos import parse_video
from stepwell.transfer.dialects import Dialect
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.front_matter import FrontMatter, split_front_matter
from stepwell.transfer.links import is_local
from stepwell.transfer.source_text import (
    Lines,
    join_lines,
    number_of,
    split_lines,
    with_code_marked,
)
from stepwell.transfer.visible import one_line

TITLE_LENGTH = 200
ATX = re.compile(r"^ {0,3}(?P<marks>#{1,6})\s+(?P<title>.*?)(?:\s+#+)?\s*$")
_UNDERLINE = re.compile(r"^ {0,3}=+\s*$")
_VIDEO_LINK = re.compile(
    r"\[!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\(https?://[^()]*\)\]"
    r"\(\s*(?P<address>[^()\s]+)(?:\s+\"[^\"]*\")?\s*\)"
)
_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Text:
    """One page of the source: its title, its body, and the headings that links can name."""

    path: str
    title: str
    body: Body
    lines: Lines
    anchors: frozenset[str]
    fields: FrontMatter
    findings: tuple[Finding, ...]

    @property
    def links(self) -> list[Link]:
        """All links and images of the body."""
        return self.body.links

    def line(self, place: int) -> int:
        """Return the line in the file for a line of the body."""
        return number_of(self.lines, place)


def read_text(folder: SourceFolder, path: str, dialect: Dialect, title: str = "") -> Text:
    """Read a Markdown file; raises `UnreadableSource` for what is broken or hostile."""
    fields = split_front_matter(folder.text(path), path)
    require_possible(fields.body, path)
    lines = split_lines(fields.body, first=fields.first_line)
    converted = dialect(lines, path)
    lines, notes = _play_videos(converted.lines, path)
    found = title or fields.word("title")
    title, lines = _take_title(lines, found, path)
    lines = _trimmed(lines)
    body = read_body(join_lines(lines), path)
    anchors, removed = inspect(body, lines, path)
    findings = (*converted.findings, *notes, *removed)
    return Text(path, title, body, lines, anchors, fields, findings)


def require_possible(text: str, path: str) -> None:
    """Refuse a text of too many characters before it is rewritten. Raises `UnreadableSource`."""
    try:
        require_short(text)
    except TextTooLarge as error:
        raise UnreadableSource(path, str(error)) from error


def read_body(text: str, path: str) -> Body:
    """Parse a text. Raises `UnreadableSource` if it is over a limit."""
    try:
        return Body(text)
    except TextTooLarge as error:
        raise UnreadableSource(path, str(error)) from error


def inspect(body: Body, lines: Lines, path: str) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """Return the anchors of a body and what its page can't hold.

    Raises `UnreadableSource` if it is over a limit or, naming the line, where it holds script.
    """
    try:
        rendered = body.rendered(resolve=_inside, colors_code=False)
    except TextTooLarge as error:
        raise UnreadableSource(path, str(error)) from error
    findings = []
    for removed in rendered.removed:
        line = number_of(lines, removed.line)
        if removed.is_hostile:
            reason = _("The text holds script: %(what)s") % {"what": removed.what}
            raise UnreadableSource(path, reason, line)
        findings.append(Finding(FindingKind.MARKUP_REMOVED, path, line, removed.what))
    anchors = frozenset(html.unescape(name) for name in _ID.findall(rendered.html))
    return anchors, tuple(findings)


def _inside(destination: str) -> str | None:
    """Resolve what lies in the folder; all else is judged by what it says."""
    return "#" if is_local(destination) else None


def plain(text: str) -> str:
    """Return a heading's words without their markup."""
    text = re.sub(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"(`+)\s?(.+?)\s?\1", r"\2", text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return one_line(" ".join(html.unescape(text).split()))


def title_from_name(name: str) -> str:
    """Return words for a file or folder that has no title: "02-first-steps" is "First steps"."""
    words = re.sub(r"^\d+[\s._-]*", "", name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    words = re.sub(r"[-_]+", " ", words).strip() or name
    return words[:1].upper() + words[1:]


def _take_title(lines: Lines, title: str, path: str) -> tuple[str, Lines]:
    """Find the title, and take a heading away from the top that only repeats it."""
    first = next((place for place, line in enumerate(lines) if not _is_empty(line.text)), None)
    heading, length = "", 0
    if first is not None:
        atx = ATX.match(lines[first].text)
        below = lines[first + 1].text if first + 1 < len(lines) else ""
        if atx and (atx["marks"] == "#" or _same(plain(atx["title"]), title)):
            heading, length = plain(atx["title"]), 1
        elif _UNDERLINE.match(below):
            heading, length = plain(lines[first].text), 2
    if first is not None and heading and _same(heading, title or heading):
        lines = lines[:first] + lines[first + length :]
    title = title or heading or _first_heading(lines) or title_from_name(path)
    return title, lines


def _is_empty(text: str) -> bool:
    return not text.strip() or bool(re.fullmatch(r"\s*<!--.*-->\s*", text))


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _first_heading(lines: Lines) -> str:
    for line, is_code in with_code_marked(lines):
        if not is_code and (atx := ATX.match(line.text)) and atx["title"]:
            return plain(atx["title"])
    return ""


def _trimmed(lines: Lines) -> Lines:
    start, end = 0, len(lines)
    while start < end and not lines[start].text.strip():
        start += 1
    while end > start and not lines[end - 1].text.strip():
        end -= 1
    return lines[start:end]


def _play_videos(lines: Lines, path: str) -> tuple[Lines, list[Finding]]:
    """Turn pictures that link to a video into the video: its host is asked only when played."""
    findings: list[Finding] = []
    result = []
    for line, is_code in with_code_marked(lines):
        videos = [] if is_code else list(_VIDEO_LINK.finditer(line.text))
        text = line.text
        for found in reversed(videos):
            if parse_video(found["address"]) is not None:
                player = f"![{found['alt']}]({found['address']})"
                text = text[: found.start()] + player + text[found.end() :]
                findings.append(
                    Finding(FindingKind.VIDEO_REPLACED, path, line.number, found["address"])
                )
        result.append(replace(line, text=text))
    return tuple(result), findings
