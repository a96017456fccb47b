"""Markdown of the Carpentries Workbench: `:::` blocks, attribute lists, definition lists."""

import re
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.core.markdown.anchors import slug_of
from stepwell.transfer.dialects import Converted
from stepwell.transfer.dialects.containers import closing, nest_fences, opening
from stepwell.transfer.dialects.inline_html import escape
from stepwell.transfer.findings import Finding, FindingKind
from stepwell.transfer.source_text import Lines, SourceLine, single_spaced, with_code_marked

BLOCKS: dict[str, tuple[str, str | Promise]] = {
    "callout": ("note", ""),
    "caution": ("warning", ""),
    "challenge": ("exercise", ""),
    "checklist": ("note", _("Checklist")),
    "discussion": ("note", _("Discussion")),
    "hint": ("details", _("Hint")),
    "important": ("important", ""),
    "instructor": ("details", _("For instructors")),
    "instructors": ("details", _("For instructors")),
    "keypoints": ("important", _("Key points")),
    "note": ("note", ""),
    "objectives": ("note", _("What you will learn")),
    "prereq": ("note", _("Prerequisites")),
    "prerequisite": ("note", _("Prerequisites")),
    "questions": ("note", _("Questions")),
    "solution": ("solution", ""),
    "spoiler": ("details", ""),
    "testimonial": ("note", _("Testimonial")),
    "tip": ("tip", ""),
    "warning": ("warning", ""),
}
TABS = frozenset({"tab", "group-tab"})
USUAL_TITLES = frozenset({"solution", "prerequisites", "prerequisite", "answer"})
_FENCE = re.compile(r"^[ \t]*:{3,}[ \t]*(?P<head>[^:]*?)[ \t]*:*[ \t]*$")
_KIND = re.compile(r"\{?\s*\.?(?P<kind>[\w-]+)(?P<rest>.*)$", re.S)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.*?)(?:\s+#+)?\s*$")
_HEADING_ATTRIBUTES = re.compile(r"^(\s{0,3}#{1,6}\s.*?)\s*\{[:]?\s*[#.][^{}]*\}\s*$")
_BLOCK_ATTRIBUTES = re.compile(r"^[\s>]*\{:[^{}]*\}\s*$")
_IMAGE_ATTRIBUTES = re.compile(
    r"!\[(?P<text>(?:[^\[\]\\]|\\.)*)\]\((?P<link>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?P<title>\s+\"[^\"]*\")?\)\{:?(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^{}\"'])*)\}"
)
_ALT = re.compile(r"""\balt\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_SPAN = re.compile(r"(?<!!)\[(?P<text>[^\[\]]+)\]\{[#.:][^{}]*\}")
_DEFINITION = re.compile(r"^:\s{1,3}(?P<text>\S.*)$")
_LINK_TO_ANCHOR = re.compile(r"\]\(#(?P<anchor>[^)\s]+)\)")


def convert_carpentries(lines: Lines, path: str) -> Converted:
    """Turn the Workbench's Markdown into Stepwell's; no block is left out."""
    whole = _definitions(_attributes(lines))
    anchors = {found["anchor"] for line in whole for found in _LINK_TO_ANCHOR.finditer(line.text)}
    blocks = _Blocks(path, anchors)
    for line, is_code in with_code_marked(whole):
        blocks.read(line, is_code=is_code)
    nested = nest_fences(blocks.result, path)
    return Converted(single_spaced(nested.lines), (*blocks.findings, *nested.findings))


@dataclass
class _Blocks:
    """Renames fences, and moves the heading at the head of a block into its title."""

    path: str
    anchors: set[str]
    result: list[SourceLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    pending: SourceLine | None = None
    title: str = ""
    tabs: list[bool] = field(default_factory=list)

    def read(self, line: SourceLine, *, is_code: bool) -> None:
        fence = None if is_code else _FENCE.match(line.text)
        heading = None if is_code else _HEADING.match(line.text)
        if self.pending is not None and not line.text.strip():
            return
        if fence is not None:
            self._flush()
            self._fence(line, fence["head"])
        elif heading and self.pending is not None and slug_of(heading["title"]) not in self.anchors:
            usual = heading["title"].strip().lower() in USUAL_TITLES
            self._flush(heading["title"] if not usual else "")
        elif heading and self.open and self.open[-1] in TABS:
            self._next_tab(heading["title"], line.number)
        else:
            self._flush()
            self.result.append(line)

    def _fence(self, line: SourceLine, head: str) -> None:
        if not head:
            if self.open and self.open.pop() in TABS and not self.tabs.pop():
                return
            self.result.append(line)
            return
        found = _KIND.match(head)
        name = found["kind"].lower() if found else head.lower()
        is_accordion = name == "solution" and "challenge" not in self.open
        self.open.append(name)
        if name in TABS:
            self.tabs.append(False)
            return
        kind, title = BLOCKS.get(name, ("note", name.replace("-", " ").capitalize()))
        if name not in BLOCKS:
            self.findings.append(Finding(FindingKind.BLOCK_UNKNOWN, self.path, line.number, name))
        self.pending = opening("", "details" if is_accordion else kind, "", line.number)
        self.title = str(title)

    def _flush(self, title: str = "") -> None:
        if self.pending is not None:
            words = f"{self.pending.text} {title or self.title}".rstrip()
            number = self.pending.number
            self.result += [replace(self.pending, text=words), SourceLine("", number)]
            self.pending = None

    def _next_tab(self, title: str, number: int) -> None:
        if self.tabs[-1]:
            self.result.append(closing("", number))
        self.tabs[-1] = True
        self.result += [opening("", "example", title, number), SourceLine("", number)]


def _attributes(lines: Lines) -> list[SourceLine]:
    """Take attribute lists away, after using the description of images."""
    result: list[SourceLine] = []
    for line, is_code in with_code_marked(lines):
        if is_code:
            result.append(line)
        elif not _BLOCK_ATTRIBUTES.match(line.text):
            text = _HEADING_ATTRIBUTES.sub(r"\1", line.text)
            result.append(replace(line, text=_IMAGE_ATTRIBUTES.sub(_describe, text)))
    return result


def _describe(image: re.Match[str]) -> str:
    alt = _ALT.search(image["attributes"])
    words = (alt["double"] or alt["single"] or "") if alt else ""
    caption = image["title"] or ""
    if words and image["text"] and not caption:
        caption = ' "' + image["text"].replace('"', "”") + '"'
    text = escape(re.sub(r"\\(.)", r"\1", words)) if words else image["text"]
    return f"![{text}]({image['link']}{caption})"


def _definitions(lines: list[SourceLine]) -> list[SourceLine]:
    """Turn each defined term into a heading, so that links to it find their anchor."""
    result: list[SourceLine] = []
    level = 2
    for line, is_code in with_code_marked(lines):
        heading = None if is_code else re.match(r"^\s{0,3}(#{1,6})\s", line.text)
        if heading:
            level = min(len(heading[1]) + 1, 6)
        definition = None if is_code else _DEFINITION.match(line.text)
        if definition and result and result[-1].text.strip():
            term = result[-1]
            result[-1] = replace(term, text=f"{'#' * level} {_SPAN.sub(_words, term.text).strip()}")
            result += [SourceLine("", line.number), replace(line, text=definition["text"])]
        else:
            result.append(line)
    return [
        line if is_code else replace(line, text=_SPAN.sub(_words, line.text))
        for line, is_code in with_code_marked(result)
    ]


def _words(span: re.Match[str]) -> str:
    return span["text"]
