"""Short pieces of HTML as Markdown."""

import re
from html.parser import HTMLParser

_SPECIAL = re.compile(r"([\\`*_\[\]<>$|~])")
_CODE = re.compile(r"(`[^`\n]+`)")
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]]+)\]\((?P<address>[^\s()<>\"]+)\)")
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**"}


def to_markdown(html: str) -> str:
    """Return one line of Markdown for a piece of HTML; code in backticks stays code."""
    parser = _Writer()
    parser.feed(_linked(html))
    parser.close()
    return re.sub(r"\s+", " ", parser.result()).strip()


def as_code(text: str) -> str:
    """Return an inline code span, whatever backticks the text holds."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def escape(text: str) -> str:
    """Return Markdown that shows `text` as it is, save for code between backticks."""
    pieces = _CODE.split(text)
    return "".join(
        piece if place % 2 else _SPECIAL.sub(r"\\\1", piece) for place, piece in enumerate(pieces)
    )


def _linked(html: str) -> str:
    """Return the text with its Markdown links as HTML, so that all links are of one kind."""
    pieces = _CODE.split(html)
    return "".join(
        piece if place % 2 else _LINK.sub(r'<a href="\g<address>">\g<words></a>', piece)
        for place, piece in enumerate(pieces)
    )


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._code: list[str] | None = None
        self._addresses: list[str] = []

    def result(self) -> str:
        if self._code is not None:
            self.handle_endtag("code")
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            self._code = []
        elif tag == "a":
            self._addresses.append(dict(attrs).get("href") or "")
            self._pieces.append("[")
        elif tag == "br":
            self._pieces.append(" ")
        elif tag not in _MARKS:
            self.handle_data(self.get_starttag_text() or "")
        else:
            self._pieces.append(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag == "code" and self._code is not None:
            code, self._code = "".join(self._code), None
            self._pieces.append(as_code(code) if code.strip() else "")
        elif tag == "a" and self._addresses:
            self._pieces.append(f"]({self._addresses.pop().replace(' ', '%20')})")
        elif tag in _MARKS:
            self._pieces.append(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)
        else:
            self._pieces.append(escape(data))
