"""From a source to the document that the editor shows, block by block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from stepwell.core.markdown import addresses
from stepwell.core.markdown.cost import TextTooLarge
from stepwell.core.markdown.formulas import formula_html
from stepwell.core.markdown.page import Measure, Resolve
from stepwell.core.markdown.parsing import NEWLINE, parse
from stepwell.core.markdown.policy import sanitized
from stepwell.core.markdown.rendering import leave, render_tokens
from stepwell.core.markdown.videos import parse_video, video_html

from .inline import inline_source
from .reading import Unknown, read_blocks
from .writing import source_of

Node = dict[str, Any]


@dataclass(frozen=True)
class _Block:
    """A part of the source, and its tokens; a part without tokens defines what others name."""

    source: str
    tokens: Sequence[Token]


def document_of(source: str, *, resolve: Resolve = leave, measure: Measure = leave) -> Node:
    """Return a body as the editor's document; `resolve` and `measure` are those of rendering.

    Each block has its text in `source`; all of them together are the body to the letter. A block
    that the editor can't write back unchanged is of the type `markdown`. What the editor can't
    draw by itself comes with its HTML: those blocks, formulas and videos. Raises `TextTooLarge`.
    """
    tokens, env = parse(source)
    known: dict[str, Any] = {
        name: env[name] for name in ("references", "definitions", "footnotes") if name in env
    }
    blocks = [_shown(block, known, resolve, measure) for block in _blocks(source, tokens)]
    return {"type": "doc", "content": blocks or [{"type": "paragraph", "attrs": {"source": None}}]}


def _shown(block: _Block, known: Mapping[str, Any], resolve: Resolve, measure: Measure) -> Node:
    node = _editable(block, known)
    if node is None:
        # A text without marks of footnotes would show the section of those that others name.
        hidden = set() if "[^" in block.source else {"footnotes"}
        shown = {name: value for name, value in known.items() if name not in hidden}
        tokens, env = parse(block.source, shown)
        html = render_tokens(tokens, env, resolve=resolve, measure=measure).html
        node = {"type": "markdown", "attrs": {"html": html}}
    _draw(node, resolve, measure)
    return node | {"attrs": node.get("attrs", {}) | {"source": block.source}}


def _editable(block: _Block, known: Mapping[str, Any]) -> Node | None:
    """Return the block's node if it reads the same after it is written and parsed again."""
    try:
        [node] = read_blocks(block.tokens, known)
        [again] = read_blocks(parse(source_of([node]), known)[0], known)
    except (TextTooLarge, Unknown, ValueError):
        return None
    return node if node == again else None


def _draw(node: Node, resolve: Resolve, measure: Measure) -> None:
    """Add what the editor needs to show formulas, videos and pictures as learners see them."""
    attrs = node.get("attrs", {})
    if node["type"] in {"mathInline", "mathBlock"}:
        is_block = node["type"] == "mathBlock"
        attrs["html"] = sanitized(formula_html(attrs["tex"].strip(), is_block=is_block))
    elif node["type"] == "video":
        video = parse_video(resolve(attrs["src"]) or attrs["src"])
        attrs["html"] = sanitized(video_html(video, attrs["title"])) if video else ""
    elif node["type"] == "image":
        address = resolve(attrs["src"]) or attrs["src"]
        width, height = measure(address) or (None, None)
        attrs |= {"address": address, "width": width, "height": height}
        if addresses.is_remote(address) or parse_video(address):
            tokens, env = parse(inline_source([{"type": "image", "attrs": attrs}]))
            attrs["html"] = render_tokens(tokens, env, resolve=resolve, measure=measure).html
    for child in node.get("content", ()):
        _draw(child, resolve, measure)


def _blocks(source: str, tokens: Sequence[Token]) -> Iterator[_Block]:
    """Cut the source at its top-level blocks; blank lines belong to the block before them."""
    starts = [0, *(match.end() for match in NEWLINE.finditer(source)), len(source)]
    line = 0
    groups = list(_groups(tokens))
    for number, group in enumerate(groups):
        first, end = group[0].map or (line, line)
        if source[starts[line] : starts[first]].strip():
            yield _Block(source[starts[line] : starts[first]], ())
            line = first
        following = groups[number + 1][0].map if number + 1 < len(groups) else None
        limit = following[0] if following else len(starts) - 1
        end = max(end, line) + _has_closing_fence(group, source, starts, end)
        while end < limit and not source[starts[end] : starts[min(end + 1, limit)]].strip():
            end += 1
        yield _Block(source[starts[line] : starts[end]], group)
        line = end
    if source[starts[line] :]:
        yield _Block(source[starts[line] :], ())


def _has_closing_fence(
    group: Sequence[Token], source: str, starts: Sequence[int], line: int
) -> bool:
    """Tell whether the line behind a callout's own is its closing fence."""
    if group[0].type != "callout_open" or line + 1 >= len(starts):
        return False
    text = source[starts[line] : starts[line + 1]].strip()
    return len(text) >= 3 and not text.strip(":")


def _groups(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each top-level block; footnotes, gathered at the end, are none."""
    start, depth = 0, 0
    for place, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            return
        depth += token.nesting
        if depth == 0:
            yield tokens[start : place + 1]
            start = place + 1
