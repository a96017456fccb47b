"""Code blocks, highlighted with CSS classes."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from html import escape
from time import thread_time
from typing import Any

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers

from stepwell.core.markdown.cost import LONGEST_COLORING, Cost

_LANGUAGE = re.compile(r"[\w+#.-]+")
Colored = tuple[Any, str]  # a kind of token and its text

_FORMATTER = HtmlFormatter(nowrap=True)


def language_of(info: str) -> str:
    """The language that a fence's info string names, in lower case, or nothing."""
    match = _LANGUAGE.search(info.split(maxsplit=1)[0]) if info.strip() else None
    return match[0].strip(".").lower() if match else ""


def highlighted(code: str, language: str, cost: Cost) -> str:
    """Return HTML of the code, colored if the language is known and coloring is not slow.

    Some of Pygments' lexers search the rest of the code at each word. Code that is made for them
    takes time by the square of its length.
    """
    lexer = _lexer_class(language) if language else None
    if lexer is not None:
        with suppress(_TooSlow):
            tokens = _in_time(lexer(stripnl=False).get_tokens(code), cost)
            return pygments.format(tokens, _FORMATTER)
    return escape(code, quote=False)


class _TooSlow(Exception):
    """Coloring took too long."""


def _in_time(tokens: Iterable[Colored], cost: Cost) -> Iterator[Colored]:
    begin = thread_time() - cost.seconds_of_coloring
    for token in tokens:
        cost.seconds_of_coloring = thread_time() - begin
        if cost.seconds_of_coloring > LONGEST_COLORING:
            raise _TooSlow
        yield token


def _lexer_class(language: str) -> type[Lexer] | None:
    name = _names().get(language)
    return find_lexer_class(name) if name else None


@cache
def _names() -> dict[str, str]:
    """Return the lexers' names by their aliases; Pygments itself searches its list each time."""
    return {
        alias.lower(): name
        for name, aliases, _files, _types in get_all_lexers(plugins=False)
        for alias in aliases
    }
