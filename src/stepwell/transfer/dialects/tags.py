"""HTML and JSX tags in a text: their places, names and attributes."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_START = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9.]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[A-Za-z_:@][\w:.@-]*)(?P<equals>\s*=\s*)?")
_QUOTED = re.compile(r"""(?s)"([^"]*)"|'([^']*)'""")
_BARE = re.compile(r"[^\s\"'=<>`]+")
_END = re.compile(r"\s*(?P<slash>/?)>")
_SHORT = re.compile(r"\s*\{[^{}]*\}")


@dataclass(frozen=True)
class Tag:
    """A tag; `attributes` hold plain values, `expressions` the ones in braces."""

    name: str
    end: int
    is_closing: bool = False
    is_empty: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    expressions: Mapping[str, str] = field(default_factory=dict)


def read_tag(text: str, place: int) -> Tag | None:
    """Return the tag that starts at `place`, or None if there is no complete one."""
    start = _START.match(text, place)
    if start is None:
        return None
    name, place = start["name"], start.end()
    attributes: dict[str, str] = {}
    expressions: dict[str, str] = {}
    while (end := _END.match(text, place)) is None:
        if short := _SHORT.match(text, place):  # {fw}: a value without a name
            place = short.end()
            continue
        found = _ATTRIBUTE.match(text, place)
        if found is None:
            return None
        place = found.end()
        if found["equals"] is None:
            attributes[found["name"]] = ""
        elif text[place : place + 1] == "{":
            stop = _brace_end(text, place)
            if stop is None:
                return None
            expressions[found["name"]] = text[place + 1 : stop - 1].strip()
            place = stop
        elif value := _QUOTED.match(text, place):
            attributes[found["name"]] = html.unescape(
                value[1] if value[1] is not None else value[2]
            )
            place = value.end()
        elif bare := _BARE.match(text, place):
            attributes[found["name"]] = html.unescape(bare[0])
            place = bare.end()
        else:
            return None
    return Tag(name, end.end(), bool(start["close"]), bool(end["slash"]), attributes, expressions)


def _brace_end(text: str, place: int) -> int | None:
    depth, quote = 0, ""
    while place < len(text):
        mark = text[place]
        if quote:
            if mark == "\\":
                place += 1
            elif mark == quote:
                quote = ""
        elif mark in "\"'`":
            quote = mark
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    return None
