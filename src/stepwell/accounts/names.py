"""What may name a person or a token: one line that others can see and read."""

import unicodedata
from collections.abc import Iterable
from contextlib import suppress

from stepwell.accounts.errors import BadLabel, BadName
from stepwell.accounts.models import LABEL_LENGTH, NAME_LENGTH
from stepwell.core.characters import BLANK

# Unicode's Bidi_Control: they turn the words around a name, too, and make it read as another.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(text: str) -> str:
    """Return a person's name on one line, without an address for others to click in mails.

    Raises `BadName`.
    """
    name = _one_line(text)
    if not _is_readable(name, NAME_LENGTH) or "://" in name:
        raise BadName(most=NAME_LENGTH)
    return name


def clean_label(text: str) -> str:
    """Return what a token is for, on one line; "token" when nobody said. Raises `BadLabel`."""
    label = _one_line(text) or "token"
    if not _is_readable(label, LABEL_LENGTH):
        raise BadLabel(most=LABEL_LENGTH)
    return label


def first_name_in(wishes: Iterable[str]) -> str:
    """Return the first of these that can be a name, cut to its length; "" when none can."""
    for text in wishes:
        with suppress(BadName):
            return clean_name(text[:NAME_LENGTH])
    return ""


def name_from(email: str) -> str:
    """Return what to call a person who told nothing but an address: its part before the @."""
    return first_name_in([email.partition("@")[0]]) or "Member"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_readable(line: str, length: int) -> bool:
    kinds = [unicodedata.category(sign) for sign in line if sign not in BLANK]
    is_seen = any(kind[0] in "LNPS" for kind in kinds)
    # Cc are control characters, Cs the halves that invalid UTF-8 leaves behind.
    is_harmless = not TURNING.intersection(line) and not {"Cc", "Cs"}.intersection(kinds)
    return is_seen and is_harmless and len(line) <= length
