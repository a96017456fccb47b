"""Links that lead nowhere, taken out of a text so that only their words stay."""

import re
from collections.abc import Collection
from functools import lru_cache
from html import unescape

from stepwell.core.markdown.links import Body, find_links
from stepwell.transfer.links import rewrite

_LABEL = r"\[((?:`[^`\n]*+`|[^\[\]\\]|\\.|!?\[(?:[^\[\]\\]|\\.)*+\]\([^()\s]*\))*+)\]"
_TITLE = r"""(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?"""
_VALUE = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_ALT = re.compile(r"""(?is)\salt\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_CLOSING = re.compile(r"(?is)(?P<words>(?:(?!<a[\s>]).)*?)</a\s*>")
_SPECIAL = re.compile(r"[&<>\\`*_\[\]~$|!]")


def without_links(body: Body, dead: Collection[str]) -> tuple[Body, list[str]]:
    """Return a body with only the words of its dead links, and those written too oddly for that.

    A missing image leaves its description.
    """
    if not dead:
        return body, []
    marks = {destination: f"dead-link:{number}:" for number, destination in enumerate(dead)}
    # Once the destination is a plain word, however it was written, the link is easy to find.
    marked, odd = rewrite(body, marks.get)
    text = marked.source
    for mark in marks.values():
        text = _without_html(_without_markdown(text, mark), mark)
    shorter = Body(text)
    left = {link.destination for link in shorter.links}
    stuck = [name for name, mark in marks.items() if mark in left or name in odd]
    if not stuck:
        return shorter, []
    shorter, others = without_links(body, [name for name in marks if name not in stuck])
    return shorter, stuck + others


def _without_markdown(body: str, mark: str) -> str:
    place = rf"\(\s*<?{mark}>?{_TITLE}\s*\)"
    for pattern in (
        re.compile("!" + _LABEL + place, re.S),
        re.compile(r"(?<!!)" + _LABEL + place, re.S),
    ):
        for found in reversed(list(pattern.finditer(body))):
            words = found[1]
            if found[0].startswith("!") and words.strip():
                words = f"*{words.strip()}*"
            body = _replaced(body, found.start(), found.end(), words, mark)
    return body


def _without_html(body: str, mark: str) -> str:
    attribute = rf"""\s+(?:href|src|poster)\s*=\s*(?:"\s*{mark}\s*"|'\s*{mark}\s*')"""
    pattern = re.compile(rf"(?is)<(?P<name>[a-z][\w-]*){_VALUE}?(?P<address>{attribute}){_VALUE}>")
    for place in reversed([found.start() for found in re.finditer(mark, body)]):
        found = pattern.match(body, max(0, body.rfind("<", 0, place)))
        if found is None:
            continue
        start, end = found.span("address")
        words = ""
        if found["name"].lower() == "img":
            start, end = found.span()
            words = _description(found[0])
        elif found["name"].lower() == "a":
            closing = _CLOSING.match(body, found.end())
            if closing is None:
                continue
            start, end, words = found.start(), closing.end(), closing["words"]
        body = _replaced(body, start, end, words, mark)
    return body


def _description(image: str) -> str:
    """Return an image's description, written so that it means the same in Markdown and HTML."""
    found = _ALT.search(image)
    words = unescape(found["double"] or found["single"] or "").strip() if found else ""
    written = _SPECIAL.sub(lambda special: f"&#{ord(special[0])};", words)
    return f"<em>{written}</em>" if words else ""


def _replaced(body: str, start: int, end: int, words: str, mark: str) -> str:
    """Replace a stretch of the body if one link goes by that, so that it was no code."""
    shorter = body[:start] + words + body[end:]
    return shorter if _count(shorter, mark) == _count(body, mark) - 1 else body


@lru_cache(maxsize=2)  # what a body counts after one link has gone, it counts before the next
def _count(body: str, destination: str) -> int:
    return sum(link.destination == destination for link in find_links(body))
