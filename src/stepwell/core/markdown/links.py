"""The destinations in a source: finding them, and changing them without touching anything else."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it.token import Token

from .link_places import ADDRESS_ATTRIBUTES, Link, read_places
from .parsing import parse
from .raw_html import Tag, read_raw_html

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def find_links(source: str) -> list[Link]:
    """Every destination in order: Markdown links and images, definitions in use, addresses that
    link to themselves, and `href`, `src` and `poster` in raw HTML; nothing inside code."""
    return [place.link for place in read_places(source)]


def rewrite_links(source: str, replace: Callable[[str], str | None]) -> str:
    """Change destinations, and not a letter else; where `replace` gives None, it stays as it is.

    Raises `ValueError` when a new destination can't be written in its place.
    """
    edits: dict[tuple[int, int], str] = {}
    expected = []
    for place in read_places(source):
        link = place.link
        new = replace(link.destination)
        if new is None or new == link.destination:
            expected.append((link.destination, link.is_image))
            continue
        if place.span is None or _CONTROL.search(new):
            raise ValueError(f"line {link.line}: {link.destination!r} can't become {new!r}")
        expected.append((new, link.is_image))
        edits[place.span] = place.write(source[slice(*place.span)], new)
    if not edits:
        return source
    rewritten, end = [], 0
    for (start, next_end), text in sorted(edits.items()):
        rewritten += [source[end:start], text]
        end = next_end
    result = "".join([*rewritten, source[end:]])
    _verify(source, result, expected)
    return result


def _verify(source: str, rewritten: str, expected: Sequence[tuple[str, bool]]) -> None:
    found = [(place.link.destination, place.link.is_image) for place in read_places(rewritten)]
    for new, old in zip(expected, found, strict=False):
        if new != old:
            raise ValueError(f"{new[0]!r} can't be written in its place: it reads as {old[0]!r}")
    if len(found) != len(expected) or _skeleton(source) != _skeleton(rewritten):
        raise ValueError("a new destination would change the text around it")


def _skeleton(source: str) -> list[Any]:
    """Everything that a rewriting must leave alone."""
    tokens, _env = parse(source)
    return [
        (
            token.type,
            token.nesting,
            token.level,
            _inline_skeleton(token.children) if token.type == "inline" else _content(token),
        )
        for token in tokens
    ]


def _inline_skeleton(children: Sequence[Token] | None) -> list[Any]:
    found, depth = [], 0
    for child in children or ():
        depth += child.nesting if child.type in {"link_open", "link_close"} else 0
        # An address that links to itself is its own text, and changes with it.
        is_address = depth > 0 and child.type == "text"
        found.append((child.type, child.nesting, "" if is_address else _content(child)))
    return found


def _content(token: Token) -> Any:
    if token.type == "fence":
        return token.info, token.content
    if token.type not in {"html_block", "html_inline"}:
        return token.content
    return [
        (piece.name, [(a.name, a.name in ADDRESS_ATTRIBUTES or a.value) for a in piece.attributes])
        if isinstance(piece, Tag)
        else piece.source
        for piece in read_raw_html(token.content)
    ]
