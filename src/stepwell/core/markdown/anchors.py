"""An anchor for each heading, its own on its page."""

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from stepwell.core.characters import words_in


def anchors_plugin(md: MarkdownIt) -> None:
    md.core.ruler.push("anchors", _anchors)


def _anchors(state: StateCore) -> None:
    taken: Counter[str] = Counter()
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            children = state.tokens[index + 1].children or ()
            texts = [each.content for each in children if each.type in {"text", "code_inline"}]
            token.attrSet("id", _unique(_slug("".join(texts)), taken))


def slug_of(title: str) -> str:
    """Return a heading's anchor as GitHub makes it: letters, digits, marks and hyphens."""
    return words_in(title.strip().lower(), also="_ -").replace(" ", "-")


def _slug(title: str) -> str:
    # An id can't be empty, and `fn1` belongs to a footnote.
    slug = slug_of(title)
    return f"section-{slug}" if re.fullmatch(r"(?:fn(?:ref)?\d.*)?", slug) else slug


def _unique(slug: str, taken: Counter[str]) -> str:
    """The slug, numbered when taken; `taken` remembers the last number, as searching is slow."""
    anchor = slug
    while anchor in taken:
        taken[slug] += 1
        anchor = f"{slug}-{taken[slug]}"
    taken[anchor] = 0
    return anchor
