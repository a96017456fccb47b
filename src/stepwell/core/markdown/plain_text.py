"""The words of a body without their markup."""

from collections.abc import Iterable

from markdown_it.token import Token

from .parsing import parse

_SKIPPED = {
    "footnote_block_open": "footnote_block_close",
    "callout_title_open": "callout_title_close",
    "alert_title_open": "alert_title_close",
    "heading_open": "heading_close",
    "table_open": "table_close",
}


def plain_text(children: Iterable[Token] | None) -> str:
    """The text of inline tokens: code and formulas as their source, images as their alt text."""
    parts = []
    for child in children or ():
        if child.type in {"text", "code_inline", "math_inline", "math_inline_double"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type == "image":
            parts.append(plain_text(child.children))
    return "".join(parts)


def render_plain_summary(source: str, *, length: int = 200) -> str:
    """The first paragraphs as plain text, cut after a word when longer than `length`."""
    words: list[str] = []
    skipping_until = ""
    for token in parse(source)[0]:
        if skipping_until:
            skipping_until = "" if token.type == skipping_until else skipping_until
        elif token.type in _SKIPPED:
            skipping_until = _SKIPPED[token.type]
        elif token.type == "inline":
            words += plain_text(c for c in token.children or () if c.type != "image").split()
            if sum(map(len, words)) + len(words) > length:
                break
    text = " ".join(words)
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    if not text[length - 1].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:") + "…"
