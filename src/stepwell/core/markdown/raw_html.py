"""Raw HTML in its pieces: tags with their attributes, and the text between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

# Heaps of tags that never end must not be read over and over: a `<` outside of quotes ends the
# attempt, and there is a bound on a tag's length.
_MARKUP = re.compile(
    r"""
      <!--(?:>|->|.*?(?:--!?>|\Z))
    | <!\[CDATA\[.*?(?:\]\]>|\Z)
    | <[?!][^>]*(?:>|\Z)
    | <(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*'){0,4000}+)>
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
# Their content is not HTML, or worthless without them.
_OPAQUE = frozenset({"script", "style", "svg"})


@dataclass(frozen=True)
class Attribute:
    """`start` and `end` are the place of the value, quotes left out; `quote` may be empty."""

    name: str
    value: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Text:
    start: int
    source: str


@dataclass(frozen=True)
class Comment:
    """A comment, or a declaration or instruction, which are comments to a browser."""

    start: int
    source: str


@dataclass(frozen=True)
class Tag:
    start: int
    source: str
    name: str
    is_closing: bool
    attributes: tuple[Attribute, ...]
    content: str = ""  # of a script, style or drawing, which comes along whole

    def attribute(self, name: str) -> str:
        """The value of the first attribute of that name, which is the one that browsers take."""
        return next((each.value for each in self.attributes if each.name == name), "")


def read_raw_html(chunk: str) -> Iterator[Text | Comment | Tag]:
    """The pieces in order; a `<` that begins nothing complete is text."""
    position, without_end = 0, set[str]()
    while match := _MARKUP.search(chunk, position):
        if match.start() > position:
            yield Text(position, chunk[position : match.start()])
        position = match.end()
        if match["name"] is None:
            yield Comment(match.start(), match[0])
            continue
        name, is_closing = match["name"].lower(), bool(match["slash"])
        content = ""
        if name in _OPAQUE and not is_closing and name not in without_end:
            end = re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE).search(chunk, position)
            if end:
                content, position = chunk[position : end.start()], end.end()
            else:
                without_end.add(name)
        attributes = tuple(_read_attributes(match["rest"], match.start("rest")))
        yield Tag(match.start(), match[0], name, is_closing, attributes, content)
    if position < len(chunk):
        yield Text(position, chunk[position:])


def _read_attributes(rest: str, offset: int) -> Iterator[Attribute]:
    for match in _ATTRIBUTE.finditer(rest):
        group = match.lastindex or 1
        has_value = group > 1
        start, end = match.span(group) if has_value else (match.end(), match.end())
        yield Attribute(
            match[1].lower(),
            unescape(match[group]) if has_value else "",
            offset + start,
            offset + end,
            {2: '"', 3: "'"}.get(group, ""),
        )
