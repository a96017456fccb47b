"""Code blocks, highlighted with CSS classes."""

import re
from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

_LANGUAGE = re.compile(r"[\w+#.-]+")
# Some lexers are slow on long input, and nobody reads a page of it.
_LONGEST = 50_000
_FORMATTER = HtmlFormatter(nowrap=True)


def language_of(info: str) -> str:
    """The language that a fence's info string names, in lower case, or nothing."""
    match = _LANGUAGE.search(info.split(maxsplit=1)[0]) if info.strip() else None
    return match[0].strip(".").lower() if match else ""


def highlighted(code: str, language: str) -> str:
    """HTML of the code, colored when the language is known."""
    if language and len(code) <= _LONGEST:
        lexer = _lexer_class(language)
        if lexer is not None:
            return highlight(code, lexer(stripnl=False), _FORMATTER)
    return escape(code, quote=False)


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> type[Lexer] | None:
    """Pygments searches its whole list for a name; a lexer itself holds state and is not shared."""
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None
