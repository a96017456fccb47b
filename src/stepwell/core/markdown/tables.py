"""What every table gets, whether its author wrote it in Markdown or in HTML."""

import re
from html import escape

from django.utils.translation import gettext as _

from .page import Page

_TABLE_TAG = re.compile(r"</?table\b[^>]*>")
_EMPTY_HEADER = re.compile(r"<th\b([^>]*)>((?:\s|&nbsp;|<br>)*)</th>")


def finished_tables(html: str, page: Page) -> str:
    """Sanitized HTML, each outermost table in a box that scrolls, and no header cell empty."""
    depth = 0

    def boxed(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[0].startswith("</"):
            depth -= 1
            return tag[0] if depth else f"{tag[0]}\n</div>"
        depth += 1
        if depth > 1:
            return tag[0]
        label = escape(_("Table %(number)s") % {"number": page.number("table")})
        # What scrolls must be reachable by keyboard.
        return f'<div class="table" tabindex="0" role="region" aria-label="{label}">\n{tag[0]}'

    return _TABLE_TAG.sub(boxed, _EMPTY_HEADER.sub(r"<td\1>\2</td>", html))
