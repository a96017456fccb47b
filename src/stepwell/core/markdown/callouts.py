"""Callouts: `::: kind Optional title` … `:::`, and the kinds that GitHub's alerts share."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_KINDS: dict[str, tuple[str, str | Promise]] = {
    "note": ("note", _("Note")),
    "tip": ("tip", _("Tip")),
    "important": ("important", _("Important")),
    "warning": ("warning", _("Warning")),
    "caution": ("warning", _("Caution")),
    "example": ("example", _("Example")),
    "exercise": ("exercise", _("Exercise")),
    "solution": ("solution", _("Solution")),
    "details": ("details", _("Details")),
}
FOLDED = frozenset({"solution", "details"})
_COLONS = re.compile(r":{3,}[ \t]*")
_INFO = re.compile(r"\{?\.?([\w-]+)\}?(?:\s+(.*))?$", re.DOTALL)
_LIST_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_CODE_FENCE = re.compile(r"(`{3,}|~{3,})(.*)$")


def callout_names() -> list[tuple[str, str]]:
    """Return the names by which callouts are written, with their titles in the active language."""
    return [(name, str(title)) for name, (kind, title) in _KINDS.items() if name == kind]


def callout_kind(name: str) -> tuple[str, str] | None:
    """Return the kind and title that a name means, or None if it is unknown."""
    known = _KINDS.get(name.lower())
    return (known[0], str(known[1])) if known else None


def callouts_plugin(md: MarkdownIt) -> None:
    """Read `:::` fences. A fence with a name opens, a bare one closes the innermost, whatever their
    lengths, so that both nesting with shorter fences and with equal ones works."""
    md.block.ruler.before(
        "fence", "callout", _callout, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _callout(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    info = _fence_info(state, start_line)
    if not info:
        return False
    if silent:
        return True
    close_line, is_closed = _closing_line(state, start_line, end_line)
    # Callouts within each other look through the same lines again.
    state.env["cost"].add_parts((close_line - start_line) // 10)
    kind, title = _read_info(info)
    tag, title_tag = ("details", "summary") if kind in FOLDED else ("aside", "p")

    parent_type, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", close_line

    token = state.push("callout_open", tag, 1)
    token.attrSet("class", f"callout callout-{kind}")
    if tag == "aside":
        # By itself an aside is a landmark, and a page of callouts would be full of them.
        token.attrSet("role", "note")
    token.block, token.map, token.info = True, [start_line, close_line], info
    token = state.push("callout_title_open", title_tag, 1)
    if tag == "aside":
        token.attrSet("class", "callout-title")
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = title, [start_line, start_line + 1], []
    state.push("callout_title_close", title_tag, -1)
    state.md.block.tokenize(state, start_line + 1, close_line)
    state.push("callout_close", tag, -1).block = True

    state.parentType, state.lineMax = parent_type, line_max
    state.line = close_line + is_closed
    return True


def read_info(info: str) -> tuple[str, str]:
    """Return the name and title behind a fence's colons; the name may be unknown."""
    match = _INFO.match(info)
    return (match[1].lower(), match[2] or "") if match else (info, "")


def _read_info(info: str) -> tuple[str, str]:
    match = _INFO.match(info)
    known = callout_kind(match[1]) if match else None
    if match and known:
        return known[0], match[2] or known[1]
    return "note", match[1] if match and not match[2] else info


def _fence_info(state: StateBlock, line: int) -> str | None:
    if state.is_code_block(line):
        return None
    return _info_of(_text(state, line))


def _info_of(text: str) -> str | None:
    """Return what a fence says behind its colons, None if the line is no fence."""
    colons = _COLONS.match(text)
    return text[colons.end() :].rstrip(" \t").rstrip(":").rstrip(" \t") if colons else None


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _closing_line(state: StateBlock, start_line: int, end_line: int) -> tuple[int, bool]:
    """The line that closes the callout, or the one where its surroundings end it."""
    depth, code_fence = 1, ""
    for line in range(start_line + 1, end_line):
        text = _text(state, line)
        if text and state.sCount[line] < state.blkIndent:
            return line, False
        item = _LIST_MARKER.sub("", text, count=1)
        if match := _CODE_FENCE.match(text if code_fence else item):
            if not code_fence:
                code_fence = match[1]
            elif match[1].startswith(code_fence) and not match[2].strip():
                code_fence = ""
        elif code_fence or state.is_code_block(line):
            continue
        elif _info_of(item):
            depth += 1
        elif _info_of(text) is not None:
            depth -= 1
            if not depth:
                return line, True
    return end_line, False
