"""From nodes to Markdown, as a person would write it."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from stepwell.core.markdown.cost import Cost

from .inline import BadDocument, inline_source

Node = Mapping[str, Any]

DEEPEST = 30  # nodes within each other; deeper than anyone writes
_LEVELS = range(1, 7)
_LISTS = {"bulletList", "taskList", "orderedList"}
# Blocks that go on with the next line of text.
_OPEN_ENDED = {"paragraph", "blockquote", "table", *_LISTS}
_LINE_STARTS = re.compile(
    r"(?m)^(?:(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:{3}|=+\s*$|[-_](?=[-_\s]*$)|\|)|(\d{1,9})([.)](?=\s|$)))"
)
_SIGN = re.compile(r"(?m)^(?:[-+*]|\d{1,9}[.)])(?=\s)")
_FENCE = re.compile(r"`{3,}|~{3,}")


def source_of(blocks: Sequence[Node]) -> str:
    """Return the Markdown of what the editor sends, block by block.

    An item `{"kept": text}` is a block that nobody touched: its text stays to the letter. With
    `"moved": true` it did not follow the kept block before it when it was written. All others are
    nodes. Raises `BadDocument` for anything else, and `TextTooLarge`.
    """
    _count(blocks, Cost(), 0)
    source, last = _Source(), ""
    for block in blocks:
        kind = str(block.get("type", "kept"))
        is_kept = "kept" in block
        text = _kept(block) if is_kept else _block(block, 0, _twin(kind, last))
        if not is_kept and not text.strip():
            continue
        is_next = is_kept and last == "kept" and not block.get("moved")
        if not is_next:
            source.end(text)
        source.add(text if is_kept else f"{text}\n")
        last = "kept" if is_kept else kind
    return "".join(source.pieces)


def _count(nodes: Sequence[Node], cost: Cost, depth: int) -> None:
    """Count what will be written, as the parser counts it. Raises `TextTooLarge`."""
    for node in nodes:
        marks = node.get("marks")
        cost.add_parts(3 + 2 * len(marks) if isinstance(marks, list) else 1)
        content = node.get("content")
        if isinstance(content, list) and depth <= DEEPEST:
            _count([each for each in content if isinstance(each, Mapping)], cost, depth + 1)


class _Source:
    """The text so far, of which only the end is looked at again."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._last = ""  # what follows the last blank line
        self._sign = ""  # of the last item of a list

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if signs := _SIGN.findall(text):
            self._sign = signs[-1]
        joined = self._last + text
        before, blank, _after = joined.rstrip().rpartition("\n\n")
        self._last = joined[len(before) + len(blank) :]
        if len(self._last) > 1_000:  # only its ends matter
            self._last = self._last[:100] + self._last[-100:]

    def end(self, following: str) -> None:
        """End it so that what follows is a block of its own."""
        if not self.pieces:
            return
        if not self._last.endswith("\n\n"):
            self.add("\n" if self._last.endswith("\n") else "\n\n")
        if self._would_join(following):
            self.add("<!-- -->\n\n")

    def _would_join(self, following: str) -> bool:
        """Tell whether what follows a list would be read as a part of it."""
        if not self._sign or not (_SIGN.match(self._last) or self._last[:1] == " "):
            return False
        sign = _SIGN.match(following)
        return following[:1] == " " or bool(
            sign and sign[0].lstrip("0123456789") == self._sign.lstrip("0123456789")
        )


def _kept(block: Node) -> str:
    if not isinstance(block["kept"], str):
        raise BadDocument
    return block["kept"]


def _twin(kind: str, last: str) -> bool:
    """Tell whether a list follows one of its kind, so that it needs another sign."""
    bullets = {"bulletList", "taskList"}
    return kind in _LISTS and (kind == last or {kind, last} <= bullets)


def _block(node: Node, depth: int, is_second: bool = False) -> str:
    if depth > DEEPEST:
        raise BadDocument
    kind = node.get("type")
    if kind in _LISTS:
        return _list(node, depth, is_second)
    write = _WRITERS.get(kind) if isinstance(kind, str) else None
    if write is None:
        raise BadDocument
    return write(node, depth)


def _blocks(nodes: Sequence[Node], depth: int, gap: str = "\n\n") -> str:
    pieces, last = [], ""
    for node in nodes:
        kind = str(node.get("type"))
        pieces.append(_block(node, depth + 1, _twin(kind, last)))
        last = kind
    return gap.join(pieces)


def _content(node: Node) -> list[Node]:
    content = node.get("content", [])
    if not isinstance(content, list) or not all(isinstance(each, Mapping) for each in content):
        raise BadDocument
    return content


def _attr(node: Node, name: str, kind: type, default: Any) -> Any:
    attrs = node.get("attrs") or {}
    value = attrs.get(name, default) if isinstance(attrs, Mapping) else default
    if value is None:
        return default
    if not isinstance(value, kind):
        raise BadDocument
    return value


def _text(node: Node) -> str:
    return "".join(str(each.get("text", "")) for each in _content(node))


def _paragraph(node: Node, _depth: int) -> str:
    return _safe_lines(inline_source(_content(node)).strip())


def _safe_lines(text: str) -> str:
    """Keep a line of text from being read as the beginning of another kind of block."""

    def escaped(found: re.Match[str]) -> str:
        return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"

    return _LINE_STARTS.sub(escaped, text)


def _heading(node: Node, _depth: int) -> str:
    level = _attr(node, "level", int, 2)
    if level not in _LEVELS:
        raise BadDocument
    text = inline_source(_content(node), breaks=" ").strip()
    if re.search(r"(?:^|\s)#+$", text):
        text = f"{text[:-1]}\\#"
    return f"{'#' * level} {text}".rstrip()


def _quote(node: Node, depth: int) -> str:
    return _prefixed(_blocks(_content(node), depth), "> ")


def _prefixed(text: str, prefix: str) -> str:
    return "\n".join(f"{prefix}{line}" if line else prefix.rstrip() for line in text.split("\n"))


def _list(node: Node, depth: int, is_second: bool) -> str:
    is_ordered = node["type"] == "orderedList"
    number = _attr(node, "start", int, 1)
    if not 0 <= number < 1_000_000_000:
        raise BadDocument
    is_tight = _attr(node, "tight", bool, True) and not any(map(_needs_gaps, _content(node)))
    gap = "\n" if is_tight else "\n\n"
    items = []
    for place, item in enumerate(_content(node)):
        sign = ")" if is_second else "."
        marker = f"{min(number + place, 999_999_999)}{sign}" if is_ordered else "-*"[is_second]
        items.append(_item(item, depth, f"{marker} ", gap))
    return gap.join(items)


def _needs_gaps(item: Node) -> bool:
    """Tell whether a block of the item would be read as part of the one before it."""
    return any(
        (before.get("type") in _OPEN_ENDED and after.get("type") in {"paragraph", "mathBlock"})
        or (before.get("type") == "paragraph" and _attr(after, "start", int, 1) != 1)
        for before, after in pairwise(_content(item))
    )


def _item(item: Node, depth: int, marker: str, gap: str) -> str:
    text = _blocks(_content(item), depth + 1, gap)
    if item.get("type") == "taskItem":
        box = "[x] " if _attr(item, "checked", bool, False) else "[ ] "
        text = box + text
    elif item.get("type") != "listItem":
        raise BadDocument
    first, *others = text.split("\n")
    indent = " " * len(marker)
    lines = [f"{marker}{first}".rstrip(), *(line and f"{indent}{line}" for line in others)]
    return "\n".join(lines)


def _code(node: Node, _depth: int) -> str:
    text, language = _text(node), _attr(node, "language", str, "")
    sign = "~" if "`" in language else "`"
    longest = max((len(run) for run in _FENCE.findall(text)), default=0)
    fence = sign * max(3, longest + 1)
    body = f"{text}\n" if text else ""
    return f"{fence}{_one_line(language)}\n{body}{fence}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _rule(_node: Node, depth: int) -> str:
    return "***" if depth else "---"


def _formula(node: Node, _depth: int) -> str:
    tex = "\n".join(filter(str.strip, _attr(node, "tex", str, "").splitlines()))
    return f"$$\n{tex}\n$$" if tex else ""


def _callout(node: Node, depth: int) -> str:
    kind = _attr(node, "kind", str, "note")
    if not re.fullmatch(r"[a-z]+", kind):
        raise BadDocument
    text = _blocks(_content(node), depth)
    if _attr(node, "isAlert", bool, False):
        return _prefixed(f"[!{kind.upper()}]\n{text}", "> ")
    title = _one_line(_attr(node, "title", str, "")).strip(": ")
    return f"::: {kind} {title}".rstrip() + f"\n{text}\n:::"


def _table(node: Node, _depth: int) -> str:
    rows = [_content(row) for row in _content(node)]
    if not rows or not rows[0]:
        return ""
    width = len(rows[0])
    lines = [[_cell(cell) for cell in row[:width]] for row in rows]
    signs = {"left": ":--", "center": ":-:", "right": "--:"}
    rule = [signs.get(_attr(cell, "align", str, ""), "---") for cell in rows[0]]
    lines[1:1] = [rule]
    padded = [[*cells, *[""] * (width - len(cells))] for cells in lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def _cell(cell: Node) -> str:
    texts = [inline_source(_content(block), breaks=" ").strip() for block in _content(cell)]
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", " ".join(filter(None, texts)))


def _video(node: Node, _depth: int) -> str:
    attrs = {"src": _attr(node, "src", str, ""), "alt": _attr(node, "title", str, "")}
    return inline_source([{"type": "image", "attrs": attrs}])


def _markdown(node: Node, _depth: int) -> str:
    return str(_attr(node, "source", str, "")).rstrip("\n")


_WRITERS: dict[str, Callable[[Node, int], str]] = {
    "blockquote": _quote,
    "callout": _callout,
    "codeBlock": _code,
    "heading": _heading,
    "horizontalRule": _rule,
    "markdown": _markdown,
    "mathBlock": _formula,
    "paragraph": _paragraph,
    "table": _table,
    "video": _video,
}
