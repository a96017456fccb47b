"""Find destinations in a source, and write new ones in their places."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from .parsing import Destination
from .raw_html import Attribute, Tag, read_raw_html
from .source_places import SourcePlaces

ADDRESS_ATTRIBUTES = frozenset({"href", "poster", "src"})
_AUTOLINK = re.compile(r"(?:https?|mailto):[^<>\x00-\x20]*")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MARKUP = re.compile(r"([\\`*_\[\]<>&$~!])")

Locate = Callable[[int], int | None]
Write = Callable[[str, str], str]


@dataclass(frozen=True)
class Link:
    """A destination as its author wrote it: escapes and entities resolved, percent signs kept.

    `line` counts from 1. A reference definition in use is one link, on the definition's line.
    """

    line: int
    destination: str
    is_image: bool


@dataclass(frozen=True)
class LinkPlace:
    """A link, the stretch of source that holds it (None: not found), and how to fill that anew:
    `write` takes the stretch as it is and the new destination."""

    link: Link
    span: tuple[int, int] | None
    write: Write


def read_places(source: str, tokens: Sequence[Token], env: Mapping[str, Any]) -> list[LinkPlace]:
    """Every link of the source in order, each definition once for links and once for images.

    `tokens` and `env` are the source's own, as `parse` gives them.
    """
    lines = SourcePlaces(source)
    places: list[LinkPlace] = []
    for previous, token in pairwise([Token("", "", 0), *tokens]):
        if token.type == "html_block" and token.map:
            places += _html_places(token.content, token.map[0] + 1, lines.locate(token))
        elif token.type == "inline":
            is_cell = previous.type in {"td_open", "th_open"}
            locate = lines.locate(token, is_cell=is_cell)
            for child in token.children or ():
                places += _inline_places(child, env["definitions"], lines, locate, is_cell)
    unique = {(place.span or index, place.link): place for index, place in enumerate(places)}
    return sorted(unique.values(), key=lambda place: (place.link.line, place.span or (0, 0)))


def _inline_places(
    token: Token,
    definitions: dict[str, Destination],
    lines: SourcePlaces,
    locate: Locate,
    is_cell: bool,
) -> Iterator[LinkPlace]:
    if "span" not in token.meta:
        return
    line, start = token.meta["line"] + 1, token.meta["span"][0]
    if token.type == "html_inline":
        yield from _html_places(token.content, line, lambda at: locate(start + at), is_cell)
        return
    is_image = token.type == "image"
    if found := token.meta.get("destination"):
        write = _autolink_writer(found) if token.info == "auto" else _writer(found)
        span = _span(locate, found.start, found.end)
        yield LinkPlace(Link(line, found.written, is_image), span, _in_cell(write, is_cell))
    elif found := definitions.get(token.meta.get("label", "")):
        start = lines.absolute(found.line, found.start)
        link = Link(found.line + 1, found.written, is_image)
        yield LinkPlace(link, (start, start + found.end - found.start), _writer(found))


def _html_places(
    chunk: str, line: int, locate: Locate, is_cell: bool = False
) -> Iterator[LinkPlace]:
    for tag in (piece for piece in read_raw_html(chunk) if isinstance(piece, Tag)):
        for attribute in tag.attributes:
            if attribute.name in ADDRESS_ATTRIBUTES and (attribute.quote or attribute.value):
                yield LinkPlace(
                    Link(
                        line + chunk.count("\n", 0, attribute.start),
                        attribute.value.strip(),
                        attribute.name == "poster" or tag.name == "img",
                    ),
                    _span(locate, attribute.start, attribute.end),
                    _in_cell(_attribute_writer(attribute), is_cell),
                )


def _span(locate: Locate, start: int, end: int) -> tuple[int, int] | None:
    first, last = locate(start), locate(end)
    return None if first is None or last is None else (first, last)


def _in_cell(write: Write, is_cell: bool) -> Write:
    return (lambda old, new: write(old, new).replace("|", r"\|")) if is_cell else write


def _writer(destination: Destination) -> Write:
    def write(_old: str, new: str) -> str:
        written = _ENTITY.sub(r"\\&", re.sub(r"([\\<>])", r"\\\1", new))
        if destination.is_angled:
            return written
        if not new or " " in new:
            return f"<{written}>"
        return written if _is_balanced(new) else re.sub(r"([()])", r"\\\1", written)

    return write


def _autolink_writer(destination: Destination) -> Write:
    def write(old: str, new: str) -> str:
        if _AUTOLINK.fullmatch(new):
            return f"<{new}>"
        text = _MARKUP.sub(r"\\\1", old.strip("<>"))
        return f"[{text}]({_writer(destination)(old, new)})"

    return write


def _attribute_writer(attribute: Attribute) -> Write:
    def write(_old: str, new: str) -> str:
        written = escape(new, quote=False)
        if attribute.quote == "'":
            return written.replace("'", "&#39;")
        written = written.replace('"', "&quot;")
        return written if attribute.quote else f'"{written}"'

    return write


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0
