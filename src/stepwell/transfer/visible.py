"""Text that people can see: without control characters, and not made of nothing but spaces."""

import re
import unicodedata

from django.utils.translation import gettext as _

from stepwell.core.characters import BLANK, CONTROL
from stepwell.transfer.errors import UnreadableSource

_BREAK = re.compile(r"\s*[\t\n\f\r\x85\u2028\u2029]\s*")


def refuse_control_characters(text: str, path: str, line: int | None = None) -> None:
    """Raise `UnreadableSource` for a text that holds one, counting lines from `line` if given."""
    if found := CONTROL.search(text):
        line = None if line is None else line + text.count("\n", 0, found.start())
        raise UnreadableSource(path, _("The text holds a control character."), line)


def one_line(text: str) -> str:
    """Return a text with its line ends and tabs as spaces; one that shows nothing is empty."""
    return _BREAK.sub(" ", text) if any(map(_is_shown, text)) else ""


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "ZC" and letter not in BLANK
