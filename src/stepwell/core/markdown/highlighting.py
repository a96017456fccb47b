"""Code blocks, highlighted with CSS classes."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache, partial
from html import escape
from time import thread_time
from typing import Any

import pygments
import regex
from pygments.formatters import HtmlFormatter
from pygments.lexer import RegexLexerMeta
from pygments.lexers import find_lexer_class, get_all_lexers

from stepwell.core.markdown.cost import LONGEST_COLORING, Cost

_LANGUAGE = re.compile(r"[\w+#.-]+")
Colored = tuple[Any, str]  # a kind of token and its text

_FORMATTER = HtmlFormatter(nowrap=True)
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_LONGEST_MATCH = 0.4  # seconds


def language_of(info: str) -> str:
    """The language that a fence's info string names, in lower case, or nothing."""
    match = _LANGUAGE.search(info.split(maxsplit=1)[0]) if info.strip() else None
    return match[0].strip(".").lower() if match else ""


def highlighted(code: str, language: str, cost: Cost) -> str:
    """Return HTML of the code, colored if the language is known and coloring is not slow."""
    name = _names().get(language)
    lexer_class = find_lexer_class(name) if name else None
    if lexer_class and cost.may_use_colors_of(lexer_class.name):
        # Made before the clock starts: the first code of a language compiles its patterns.
        lexer = lexer_class(stripnl=False)
        with suppress(TimeoutError):
            return pygments.format(_in_time(lexer.get_tokens(code), cost), _FORMATTER)
    return escape(code, quote=False)


def _in_time(tokens: Iterable[Colored], cost: Cost) -> Iterator[Colored]:
    """Yield the tokens. Raises `TimeoutError` if all code of a text takes too long.

    Some lexers search the rest of the code at each word.
    """
    begin = thread_time() - cost.seconds_of_coloring
    try:
        for token in tokens:
            if thread_time() - begin > LONGEST_COLORING:
                raise TimeoutError
            yield token
    finally:
        cost.seconds_of_coloring = thread_time() - begin


def _compile(_lexer: RegexLexerMeta, pattern: Any, flags: int, _state: str) -> Any:
    """Compile a lexer's pattern, with `regex` instead of `re` if it repeats a group.

    Such patterns can take exponential time for a few letters. A match by `re` can't be ended, and
    keeps all threads waiting. A match by `regex` has a timeout and lets other threads run, but
    takes 3 µs longer.
    """
    text: str = pattern.get() if hasattr(pattern, "get") else pattern  # a list of words
    if _REPEATED_GROUP.search(text):
        return partial(regex.compile(text, flags).match, timeout=_LONGEST_MATCH)
    return re.compile(text, flags).match


RegexLexerMeta._process_regex = _compile  # type: ignore[attr-defined]  # not public, and tested


@cache
def _names() -> dict[str, str]:
    """Return the lexers' names by their aliases; Pygments itself searches its list each time."""
    return {
        alias.lower(): name
        for name, aliases, _files, _types in get_all_lexers(plugins=False)
        for alias in aliases
    }
