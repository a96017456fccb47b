"""From nodes of a line of text to Markdown."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stepwell.core.markdown.parsing import parse

from .reading import Unknown, read_inline

Node = Mapping[str, Any]

_SIGNS = {"bold": "**", "italic": "*", "strike": "~~"}
_TAGS = {"bold": "<strong>", "italic": "<em>", "strike": "<del>"}
_SPECIAL = re.compile(
    r"[\\`*\[\]~]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # a low line inside a word is no sign
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|\$"
    r"|(?<=http)(?=://)|(?<=https)(?=://)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@[\w-]+\.)"
)


_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


class BadDocument(ValueError):
    """The editor sent what no document can hold."""


def inline_source(nodes: Sequence[Node], *, breaks: str = "\\\n") -> str:
    """Return a line of text with its marks; `breaks` is written for a line break inside it.

    Raises `BadDocument`.
    """
    pieces = _joined([_Piece(node) for node in nodes])
    text = _written(pieces, breaks, _SIGNS)
    if any(piece.has_emphasis for piece in pieces) and not _reads_as(text, pieces):
        return _written(pieces, breaks, _TAGS)
    return text


def _written(pieces: "Sequence[_Piece]", breaks: str, signs: Mapping[str, str]) -> str:
    writer = _Writer(breaks, signs)
    for place, piece in enumerate(pieces):
        writer.write(piece, pieces[place + 1] if place + 1 < len(pieces) else None)
    return writer.finish()


def _reads_as(text: str, pieces: "Sequence[_Piece]") -> bool:
    """Tell whether each letter is marked as it should be: signs inside words may run together."""
    wanted = [(letter, piece.kinds) for piece in pieces for letter in piece.text]
    found = []
    notes = {f":{label}": -1 for piece in pieces for label in _NOTE.findall(piece.markdown)}
    known = {"footnotes": {"refs": notes}} if notes else None
    tokens, env = parse(f"x {text}", known)  # in the midst of a line, where nothing else begins
    inline = [token for token in tokens if token.type == "inline"]
    try:
        nodes = [node for token in inline for node in read_inline(token.children or [], env)]
    except Unknown:
        return False
    for node in nodes:
        kinds = frozenset(str(mark["type"]) for mark in node.get("marks", ()))
        found += [(letter, kinds) for letter in node.get("text", "")]
    return _without_spaces(found[1:]) == _without_spaces(wanted)


def _without_spaces(
    letters: Sequence[tuple[str, frozenset[str]]],
) -> list[tuple[str, frozenset[str]]]:
    return [(letter, kinds) for letter, kinds in letters if not letter.isspace()]


class _Piece:
    """A node of the line with its marks in the order in which they open."""

    def __init__(self, node: Node, text: str | None = None) -> None:
        if not isinstance(node, Mapping) or not isinstance(node.get("type"), str):
            raise BadDocument
        self.node = node
        self.kind: str = node["type"]
        self.text: str = node.get("text", "") if text is None else text
        if not isinstance(self.text, str):
            raise BadDocument
        marks = node.get("marks") or []
        if not isinstance(marks, list) or not all(isinstance(mark, Mapping) for mark in marks):
            raise BadDocument
        self.is_code = any(mark.get("type") == "code" for mark in marks)
        self.kinds = frozenset(str(mark.get("type")) for mark in marks)
        self.marks = [_mark(mark) for mark in marks if mark.get("type") != "code"]

    @property
    def markdown(self) -> str:
        """Markdown that has no node, such as the mark of a footnote."""
        attrs = self.node.get("attrs") if self.kind == "markdownInline" else None
        return str(attrs.get("source") or "") if isinstance(attrs, Mapping) else ""

    @property
    def has_emphasis(self) -> bool:
        return not self.kinds.isdisjoint(_SIGNS)


Mark = tuple[str, str, str]  # its type, and a link's destination and title


def _mark(mark: Node) -> Mark:
    kind, attrs = mark.get("type"), mark.get("attrs") or {}
    if kind == "link" and isinstance(attrs, Mapping):
        return ("link", str(attrs.get("href") or ""), str(attrs.get("title") or ""))
    if kind not in _SIGNS:
        raise BadDocument
    return (str(kind), "", "")


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Make one of texts beside each other with the same marks: between code, signs would meet."""
    kept: list[_Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        is_text = last is not None and last.kind == piece.kind == "text"
        if is_text and last and (last.marks, last.is_code) == (piece.marks, piece.is_code):
            kept[-1] = _Piece(piece.node, last.text + piece.text)
        else:
            kept.append(piece)
    return kept


class _Writer:
    """Writes pieces one after the other, closing and opening marks between them."""

    def __init__(self, breaks: str, signs: Mapping[str, str]) -> None:
        self.breaks = breaks
        self.signs = signs
        self.out = ""
        self.space = ""  # between the text so far and what comes next
        self.open: list[tuple[Mark, str]] = []  # marks with what closes each

    def write(self, piece: _Piece, following: _Piece | None) -> None:
        text = self._text(piece, following)
        core = text if piece.is_code or piece.kind != "text" else text.strip()
        start = text.index(core)
        self.space += text[:start]
        if core:
            keep = 0
            while keep < len(self.open) and self.open[keep][0] in piece.marks:
                keep += 1
            closing = "".join(self._close(keep))
            is_after = "" if self.space else closing[-1:]
            opening = "".join(self._open(piece, following, is_after=is_after))
            self._join(closing, opening, core)
        self.space += text[start + len(core) :]

    def finish(self) -> str:
        return self.out + "".join(self._close(0)) + self.space

    def _close(self, keep: int) -> list[str]:
        closing = [sign for _mark, sign in reversed(self.open[keep:])]
        del self.open[keep:]
        return closing

    def _open(self, piece: _Piece, following: _Piece | None, *, is_after: str) -> list[str]:
        known = [mark for mark, _sign in self.open]
        wanted = [mark for mark in piece.marks if mark not in known]
        # What goes on longest opens first.
        ahead = following.marks if following else []
        wanted.sort(key=lambda mark: mark not in ahead)
        opening = []
        for mark in wanted:
            if mark[0] == "link":
                self.open.append((mark, f"]({_target(mark[1], mark[2])})"))
                is_after = "["
                opening.append("[")
                continue
            sign = self.signs[mark[0]]
            if sign[0] == is_after:  # one run of stars would close and open at once
                sign = sign.replace("*", "_")
            is_after = ""
            self.open.append((mark, sign.replace("<", "</")))
            opening.append(sign)
        return opening

    def _join(self, closing: str, opening: str, text: str) -> None:
        """Write signs and text; a letter that would keep a sign from being one is encoded.

        Spaces stand outside of the signs, inside of which they would keep them from being some.
        """
        is_close = not self.space and not (closing and opening)
        if closing and is_close and _blocks_sign(self.out + closing, text[:1], -1):
            text = f"&#{ord(text[0])};{text[1:]}"
        if opening and is_close and _blocks_sign(opening + text, self.out[-1:], 1):
            self.out = _encoded_end(self.out)
        self.out += closing + self.space + opening + text
        self.space = ""

    def _text(self, piece: _Piece, following: _Piece | None) -> str:
        attrs = piece.node.get("attrs") or {}
        if piece.kind == "text":
            if piece.is_code:
                return _code(piece.text)
            text = _escaped(piece.text)
            is_before_link = following is not None and any(m[0] == "link" for m in following.marks)
            if text.endswith("!") and is_before_link:
                text = f"{text[:-1]}\\!"
            return text
        if piece.kind == "hardBreak":
            return self.breaks
        if piece.kind == "mathInline":
            return f"${' '.join(str(attrs.get('tex') or '').split())}$"
        if piece.kind == "markdownInline":
            return str(attrs.get("source") or "").replace("\n", " ")
        if piece.kind == "image":
            alt = _escaped(str(attrs.get("alt") or ""))
            return (
                f"![{alt}]({_target(str(attrs.get('src') or ''), str(attrs.get('title') or ''))})"
            )
        raise BadDocument


def _encoded_end(text: str) -> str:
    """Encode the last letter, and one before the sign that it stands behind, and so on."""
    head, letter = text[:-1], text[-1]
    stem = head.rstrip("*_~")
    if stem != head and _is_word(stem[-1:]):
        head = _encoded_end(stem) + head[len(stem) :]
    return f"{head}&#{ord(letter)};"


def _blocks_sign(text: str, outside: str, way: int) -> bool:
    """Tell whether the letter outside keeps the sign at the edge of a text from being one.

    It does beside a low line, and when punctuation stands on the sign's other side. `way` is 1 for
    the text's beginning, -1 for its end.
    """
    inwards = text[::way]
    sign = inwards[:1]
    if sign not in {"*", "_", "~"} or not _is_word(outside):
        return False
    inside = inwards.lstrip(sign)[:1]
    return sign == "_" or _is_sign(inside)


def _is_word(letter: str) -> bool:
    return bool(letter) and not letter.isspace() and not _is_sign(letter)


def _is_sign(letter: str) -> bool:
    """Tell whether it is punctuation, beside which emphasis has rules of its own."""
    return bool(letter) and not letter.isalnum() and not letter.isspace()


def _escaped(text: str) -> str:
    text = re.sub(r"[\r\n]+", " ", text)
    has_formula = text.count("$") > 1

    def escape(found: re.Match[str]) -> str:
        if found[0] == "$" and not has_formula:
            return "$"
        return f"\\{found[0]}"

    return _SPECIAL.sub(escape, text)


def _code(text: str) -> str:
    text = re.sub(r"[\r\n]+", " ", text)
    if not text:
        return ""
    runs = {len(run) for run in re.findall(r"`+", text)}
    fence = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    is_padded = (
        text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip(" ") != "")
    )
    pad = " " if is_padded else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _target(destination: str, title: str) -> str:
    destination = re.sub(r"[\r\n]+", " ", destination)
    is_plain = re.fullmatch(r"[^\s<>()\\&\x00-\x1f]+", destination) is not None
    if not is_plain:
        inside = re.sub(r"([<>\\])", r"\\\1", destination)
        inside = re.sub(r"&(?=#?\w+;)", r"\\&", inside)
        destination = f"<{inside}>"
    if not title:
        return destination
    words = re.sub(r'(["\\])', r"\\\1", re.sub(r"\s*\n\s*", " ", title))
    words = re.sub(r"&(?=#?\w+;)", r"\\&", words)
    return f'{destination} "{words}"'
