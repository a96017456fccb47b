"""Code blocks, highlighted with CSS classes."""

import re
from functools import cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers

_LANGUAGE = re.compile(r"[\w+#.-]+")
_FORMATTER = HtmlFormatter(nowrap=True)


def language_of(info: str) -> str:
    """The language that a fence's info string names, in lower case, or nothing."""
    match = _LANGUAGE.search(info.split(maxsplit=1)[0]) if info.strip() else None
    return match[0].strip(".").lower() if match else ""


def highlighted(code: str, language: str) -> str:
    """HTML of the code, colored when the language is known."""
    if language:
        lexer = _lexer_class(language)
        if lexer is not None:
            return highlight(code, lexer(stripnl=False), _FORMATTER)
    return escape(code, quote=False)


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
