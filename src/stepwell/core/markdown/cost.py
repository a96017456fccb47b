"""How large a text may be and become, so that rendering it takes little time and memory.

The limits are counts, not times, so that a text passes everywhere or nowhere. The largest figures
of the real courses that we test with are 59,000 characters, 4,000 parts and 152,000 characters of
HTML. `bin/bench texts` measures the worst texts within the limits.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError

MOST_CHARACTERS = 150_000
# Tokens of the parser, HTML tags and their attributes, and characters of TeX.
MOST_PARTS = 15_000
PARTS_OF_PICTURE = 3  # it takes as long as three others
MOST_HTML = 2_000_000  # characters, also those that definitions of links bring in
DEEPEST_HTML = 30  # tags within each other
# Code that is larger stays plain: the time of Pygments grows with the square of a block's length.
LARGEST_COLORED = 10_000  # characters of a block
MOST_COLORED = 30_000  # of all blocks
MOST_LANGUAGES = 8  # whose patterns are compiled at their first use, up to 0.6 s for one
LONGEST_COLORING = 0.8  # seconds of the processor
# Some of its lexers take seconds for these.
_SLOW_TO_COLOR = re.compile(r"[^\n]{500}|(?:[^\S\n]*\n){20}")

# These end by themselves when the next one begins.
_ENDS_ALONE = frozenset(
    {"caption", "colgroup", "dd", "dt", "li", "p", "rp", "rt"}
    | {"tbody", "td", "tfoot", "th", "thead", "tr"}
)

_SENTENCES: dict[str, str | Promise] = {
    "characters": _(
        "The text has %(found)s characters, and at most %(limit)s are possible. "
        "Divide it into several lessons."
    ),
    "parts": _(
        "The text has more than %(limit)s parts, such as links, list items, table cells, HTML tags "
        "and letters of formulas. Divide it into several lessons."
    ),
    "html": _(
        "The text becomes a page of more than %(limit)s characters of HTML. Divide it into several "
        "lessons, or use long link definitions less often."
    ),
    "depth": _(
        "The text has HTML tags more than %(limit)s deep within each other. Close tags that are "
        "open, or nest them less."
    ),
}


class TextTooLarge(DomainError):
    """A text is over a limit; `limit_of` is "characters", "parts", "html" or "depth"."""

    code = "text_too_large"
    sentence = ""

    def __init__(self, limit_of: str, *, limit: int, found: int) -> None:
        super().__init__(limit_of=limit_of, limit=limit, found=found)

    def __str__(self) -> str:
        """Return the sentence of the limit that the text is over."""
        words = {name: f"{self.data[name]:,}" for name in ("limit", "found")}
        return str(_SENTENCES[self.data["limit_of"]]) % words


def require_short(source: str) -> None:
    """Raise `TextTooLarge` for a source of too many characters."""
    if len(source) > MOST_CHARACTERS:
        raise TextTooLarge("characters", limit=MOST_CHARACTERS, found=len(source))


@dataclass
class Cost:
    """Counts what a text consists of while it is parsed and rendered.

    All methods raise `TextTooLarge` when the text goes over a limit. Without limits, the links of
    texts can be read that were stored before there were any.
    """

    is_limited: bool = True
    parts: int = 0
    brought_in: int = 0
    colored: int = 0
    languages: set[str] = field(default_factory=set)
    seconds_of_coloring: float = 0
    open_tags: Counter[str] = field(default_factory=Counter)

    def add_parts(self, number: int) -> None:
        """Count parts."""
        self.parts += number
        if self.parts > MOST_PARTS:  # in place, since it runs for each token
            self._require("parts", self.parts, MOST_PARTS)

    def bring_in(self, attributes: Mapping[str, Any]) -> None:
        """Count what a use of a definition brings in."""
        self.brought_in += sum(len(str(value)) for value in attributes.values())
        self._require("html", self.brought_in, MOST_HTML)

    def open_tag(self, name: str) -> None:
        """Count an HTML tag that has to be closed."""
        if name not in _ENDS_ALONE:
            self.open_tags[name] += 1
            self._require("depth", self.open_tags.total(), DEEPEST_HTML)

    def close_tag(self, name: str) -> None:
        """Take back what the opening tag counted, if there was one."""
        if self.open_tags[name]:
            self.open_tags[name] -= 1

    def require_html(self, html: str) -> str:
        """Return the HTML."""
        self._require("html", len(html), MOST_HTML)
        return html

    def may_color(self, code: str) -> bool:
        """Count a block of code; return whether it can have colors."""
        if len(code) > LARGEST_COLORED or _SLOW_TO_COLOR.search(code):
            return False
        self.colored += len(code)
        return self.colored <= MOST_COLORED

    def may_use_colors_of(self, language: str) -> bool:
        """Return whether code in this language can still have colors."""
        if self.seconds_of_coloring > LONGEST_COLORING:
            return False
        if len(self.languages) < MOST_LANGUAGES:
            self.languages.add(language)
        return language in self.languages

    def _require(self, limit_of: str, found: int, limit: int) -> None:
        if self.is_limited and found > limit:
            raise TextTooLarge(limit_of, limit=limit, found=found)
