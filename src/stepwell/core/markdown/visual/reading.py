"""From tokens to nodes; what a node can't hold is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from stepwell.core.markdown.callouts import callout_kind, read_info
from stepwell.core.markdown.parsing import destination_of
from stepwell.core.markdown.plain_text import plain_text
from stepwell.core.markdown.videos import parse_video

Node = dict[str, Any]
Known = Mapping[str, Any]

_MARKS = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
_ALIGNMENTS = {
    "": None,
    "text-align:left": "left",
    "text-align:center": "center",
    "text-align:right": "right",
}


class Unknown(Exception):
    """A token for which the editor has no node."""


def read_blocks(tokens: Sequence[Token], known: Known) -> list[Node]:
    """Return the nodes of whole blocks. Raises `Unknown`."""
    return _Reader(tokens, {"definitions": {}, **known}).blocks(len(tokens))


class _Reader:
    """Walks through tokens once; each method leaves the place behind what it has read."""

    def __init__(self, tokens: Sequence[Token], env: Known) -> None:
        self.tokens = tokens
        self.env = env
        self.place = 0

    def blocks(self, end: int) -> list[Node]:
        nodes = []
        while self.place < end and self.tokens[self.place].nesting >= 0:
            token = self.tokens[self.place]
            if token.type == "footnote_block_open":
                self.place = end
                break
            self.place += 1
            read = _BLOCKS.get(token.type)
            if read is None:
                raise Unknown(token.type)
            nodes.append(read(self, token))
        return nodes

    def until(self, closing: str) -> list[Node]:
        """Read blocks up to a closing token, and past it."""
        nodes = self.blocks(len(self.tokens))
        self.expect(closing)
        return nodes

    def expect(self, kind: str) -> Token:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        if token is None or token.type != kind:
            raise Unknown(token.type if token else "nothing")
        self.place += 1
        return token

    def inline(self, closing: str) -> list[Node]:
        inline = self.expect("inline")
        self.expect(closing)
        return read_inline(inline.children or [], self.env)

    def paragraph(self, _token: Token) -> Node:
        inline = self.tokens[self.place]
        content = self.inline("paragraph_close")
        [only] = content if len(content) == 1 else [None]
        if only and only["type"] == "image" and "marks" not in only:
            attrs = only["attrs"]
            if parse_video(attrs["src"]) and not attrs["title"]:
                return _node("video", {"src": attrs["src"], "title": attrs["alt"]})
        if not content and inline.content.strip():
            raise Unknown("paragraph")
        return _node("paragraph", content=content)

    def heading(self, token: Token) -> Node:
        return _node("heading", {"level": int(token.tag[1])}, self.inline("heading_close"))

    def blockquote(self, _token: Token) -> Node:
        return _node("blockquote", content=self.until("blockquote_close"))

    def bullet_list(self, token: Token) -> Node:
        items, is_tight = self.items("bullet_list_close")
        if "class" not in token.attrs:
            return _node("bulletList", {"tight": is_tight}, items)
        if not all(item["type"] == "taskItem" for item in items):
            raise Unknown("mixed list")
        return _node("taskList", {"tight": is_tight}, items)

    def ordered_list(self, token: Token) -> Node:
        items, is_tight = self.items("ordered_list_close")
        if any(item["type"] == "taskItem" for item in items):
            raise Unknown("numbered tasks")
        start = token.attrs.get("start", 1)
        return _node("orderedList", {"start": int(start), "tight": is_tight}, items)

    def items(self, closing: str) -> tuple[list[Node], bool]:
        items, tight = [], set[bool]()
        while self.tokens[self.place].type == "list_item_open":
            token = self.tokens[self.place]
            self.place += 1
            level = token.level + 1
            start = self.place
            content = self.until("list_item_close")
            tight |= {
                each.hidden
                for each in self.tokens[start : self.place]
                if each.type == "paragraph_open" and each.level == level
            }
            if not content:
                raise Unknown("empty item")
            if "checked" in token.meta:
                items.append(_node("taskItem", {"checked": token.meta["checked"]}, content))
            else:
                items.append(_node("listItem", content=content))
        self.expect(closing)
        if len(tight) > 1:
            raise Unknown("half loose")
        return items, tight != {False}

    def fence(self, token: Token) -> Node:
        text = token.content.removesuffix("\n")
        content = [{"type": "text", "text": text}] if text else []
        return _node("codeBlock", {"language": token.info.strip()}, content)

    def rule(self, _token: Token) -> Node:
        return _node("horizontalRule")

    def formula(self, token: Token) -> Node:
        return _node("mathBlock", {"tex": token.content.strip()})

    def callout(self, token: Token) -> Node:
        kind, title = read_info(token.info)
        if callout_kind(kind) is None:
            raise Unknown("callout")
        self.expect("callout_title_open")
        self.expect("inline")
        self.expect("callout_title_close")
        attrs = {"kind": kind, "title": title, "isAlert": False}
        return _node("callout", attrs, self.full("callout_close"))

    def alert(self, token: Token) -> Node:
        self.expect("alert_title_open")
        self.expect("inline")
        self.expect("alert_title_close")
        attrs = {"kind": token.info.lower(), "title": "", "isAlert": True}
        return _node("callout", attrs, self.full("alert_close"))

    def full(self, closing: str) -> list[Node]:
        content = self.until(closing)
        if not content:
            raise Unknown("nothing inside")
        return content

    def table(self, _token: Token) -> Node:
        rows = []
        while self.tokens[self.place].type != "table_close":
            token = self.tokens[self.place]
            self.place += 1
            if token.type == "tr_open":
                rows.append(self.row())
        self.place += 1
        return _node("table", content=rows)

    def row(self) -> Node:
        cells = []
        while self.tokens[self.place].type in {"th_open", "td_open"}:
            token = self.tokens[self.place]
            self.place += 1
            kind = "tableHeader" if token.type == "th_open" else "tableCell"
            align = _ALIGNMENTS[str(token.attrs.get("style", ""))]
            paragraph = _node("paragraph", content=self.inline(f"{token.tag}_close"))
            cells.append(_node(kind, {"align": align}, [paragraph]))
        self.expect("tr_close")
        return _node("tableRow", content=cells)


_BLOCKS: dict[str, Callable[[_Reader, Token], Node]] = {
    "alert_open": _Reader.alert,
    "blockquote_open": _Reader.blockquote,
    "bullet_list_open": _Reader.bullet_list,
    "callout_open": _Reader.callout,
    "code_block": _Reader.fence,
    "fence": _Reader.fence,
    "heading_open": _Reader.heading,
    "hr": _Reader.rule,
    "math_block": _Reader.formula,
    "ordered_list_open": _Reader.ordered_list,
    "paragraph_open": _Reader.paragraph,
    "table_open": _Reader.table,
}


def read_inline(tokens: Sequence[Token], env: Known) -> list[Node]:
    """Return the nodes of a line of text. Raises `Unknown`."""
    nodes: list[Node] = []
    for node in _inline(tokens, env):
        last = nodes[-1] if nodes else None
        is_text = node["type"] == "text" and last is not None and last["type"] == "text"
        if is_text and last and last.get("marks") == node.get("marks"):
            last["text"] += node["text"]
        else:
            nodes.append(node)
    return nodes


def _inline(tokens: Sequence[Token], env: Known) -> Iterator[Node]:
    marks: list[Node] = []
    for token in tokens:
        if token.type in _MARKS:
            marks.append({"type": _MARKS[token.type]})
        elif token.type == "link_open":
            marks.append({"type": "link", "attrs": _link(token, env)})
        elif token.nesting < 0:
            if not marks:
                raise Unknown(token.type)
            marks.pop()
        elif token.type == "text" and not token.content:
            continue
        else:
            node = _piece(token, env)
            code = [{"type": "code"}] if token.type == "code_inline" else []
            if marks or code:
                node["marks"] = [*marks, *code]
            yield node


def _piece(token: Token, env: Known) -> Node:
    if token.type == "image":
        attrs = {
            "src": _written(token, "src", env),
            "alt": plain_text(token.children),
            "title": str(token.attrs.get("title", "")),
        }
        return _node("image", attrs)
    if token.type == "footnote_ref" and "label" in token.meta:
        return _node("markdownInline", {"source": f"[^{token.meta['label']}]"})
    make = _PIECES.get(token.type)
    if make is None:
        raise Unknown(token.type)
    return make(token.content)


_PIECES: dict[str, Callable[[str], Node]] = {
    "code_inline": lambda text: {"type": "text", "text": text},
    "hardbreak": lambda _text: {"type": "hardBreak"},
    "html_inline": lambda source: _node("markdownInline", {"source": source}),
    "math_inline": lambda tex: _node("mathInline", {"tex": tex}),
    "softbreak": lambda _text: {"type": "text", "text": " "},
    "text": lambda text: {"type": "text", "text": text},
}


def _link(token: Token, env: Known) -> dict[str, str]:
    return {"href": _written(token, "href", env), "title": str(token.attrs.get("title", ""))}


def _written(token: Token, attribute: str, env: Known) -> str:
    found = destination_of(token, env)
    return found.written if found else str(token.attrs[attribute])


def _node(
    kind: str, attrs: dict[str, Any] | None = None, content: list[Node] | None = None
) -> Node:
    node: Node = {"type": kind}
    if attrs:
        node["attrs"] = attrs
    if content:
        node["content"] = content
    return node
