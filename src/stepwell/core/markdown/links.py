"""The destinations in a source: finding them, and changing them without touching anything else."""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from markdown_it.token import Token

from .link_places import ADDRESS_ATTRIBUTES, Link, read_places
from .page import Measure, Resolve
from .parsing import parse
from .raw_html import Tag, read_raw_html
from .rendering import Rendered, leave, render_tokens

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Body:
    """A source, parsed once for its links and for its page.

    The parse is large, and is let go with the first rendering. Raises `TextTooLarge` unless
    `is_limited` is false, for the links of a text that is stored already.
    """

    def __init__(self, source: str, *, is_limited: bool = True) -> None:
        self.source = source
        self.is_limited = is_limited
        tokens, env = parse(source, is_limited=is_limited)
        self._parse: tuple[list[Token], dict[str, Any]] | None = (tokens, env)
        self._places = read_places(source, tokens, env)
        # What a rewriting must leave alone, in a few bytes.
        self._skeleton = blake2b(repr(_skeleton(tokens)).encode()).digest()

    @property
    def links(self) -> list[Link]:
        """Every destination in order: Markdown links and images, definitions in use, addresses that
        link to themselves, and `href`, `src` and `poster` in raw HTML; nothing inside code."""
        return [place.link for place in self._places]

    def rendered(
        self, *, resolve: Resolve, measure: Measure = leave, colors_code: bool = True
    ) -> Rendered:
        """Render it as `render_markdown` does; a second call parses it again."""
        tokens, env = self._parse or parse(self.source)
        self._parse = None
        return render_tokens(tokens, env, resolve=resolve, measure=measure, colors_code=colors_code)

    def without_parse(self) -> "Body":
        """Let the parse go now, since nobody will render this body; return the body itself."""
        self._parse = None
        return self

    def rewritten(self, replace: Callable[[str], str | None]) -> "Body":
        """Change destinations, and not a letter else; where `replace` gives None, it stays.

        Raises `ValueError` when a new destination can't be written in its place.
        """
        edits: dict[tuple[int, int], str] = {}
        expected = []
        for place in self._places:
            link = place.link
            new = replace(link.destination)
            if new is None or new == link.destination:
                expected.append((link.destination, link.is_image))
                continue
            if place.span is None or _CONTROL.search(new):
                raise ValueError(f"line {link.line}: {link.destination!r} can't become {new!r}")
            expected.append((new, link.is_image))
            edits[place.span] = place.write(self.source[slice(*place.span)], new)
        if not edits:
            return self
        body = Body(_edited(self.source, edits), is_limited=self.is_limited)
        self._verify(body, expected)
        return body

    def _verify(self, rewritten: "Body", expected: Sequence[tuple[str, bool]]) -> None:
        found = [(link.destination, link.is_image) for link in rewritten.links]
        for new, old in zip(expected, found, strict=False):
            if new != old:
                raise ValueError(
                    f"{new[0]!r} can't be written in its place: it reads as {old[0]!r}"
                )
        if len(found) != len(expected) or self._skeleton != rewritten._skeleton:
            raise ValueError("a new destination would change the text around it")


def find_links(source: str) -> list[Link]:
    """Every destination of a source in order; see `Body.links`."""
    return Body(source).links


def rewrite_links(source: str, replace: Callable[[str], str | None]) -> str:
    """Change destinations; see `Body.rewritten`."""
    return Body(source).rewritten(replace).source


def _edited(source: str, edits: Mapping[tuple[int, int], str]) -> str:
    written, end = [], 0
    for (start, next_end), text in sorted(edits.items()):
        written += [source[end:start], text]
        end = next_end
    return "".join([*written, source[end:]])


def _skeleton(tokens: Sequence[Token]) -> list[Any]:
    """Everything that a rewriting must leave alone."""
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
