"""Email addresses as people type and paste them.

Nothing here takes longer than in proportion to the text, which anybody may send.
"""

import re
import string
import unicodedata

from stepwell.core.characters import is_invisible

EDGES = string.whitespace + ",;:<>\"()[].'"
# An address may hold a slash or a bar, but in lists they are between two.
BETWEEN = re.compile(r"[\s,;:<>\"()\[\]{}|/\\`]+")
OPENING = {">": "<", ")": "(", "]": "["}
LONGEST = 1_000  # characters of a field, with the name around the address
# Ideographic full stops, as in domains, and the apostrophes of word processors.
PLAIN = str.maketrans("\u3002\uff61\u2018\u2019", "..''")


def read_email(text: str) -> str:
    """Return the address that a field means: without name, brackets and invisible characters.

    What is no address comes back as it is, so that it can be refused.
    """
    if len(text) > LONGEST:
        return text
    bare = _without_name(_visible(text)).strip(EDGES)
    return bare[7:].strip(EDGES) if bare.lower().startswith("mailto:") else bare


def find_emails(text: str) -> list[str]:
    """Return the addresses in a line of text, whatever is between them."""
    words = (word.strip(EDGES) for word in BETWEEN.split(_visible(text)))
    return [word for word in words if "@" in word[1:-1]]


def _without_name(text: str) -> str:
    """Return the address of `Ada <ada@example.org>` or `ada@example.org (Ada)`.

    Three kinds of brackets may be around either of them.
    """
    words = text.rstrip(string.whitespace + ".,;:'\"")
    opening = OPENING.get(words[-1:])
    if opening is None:
        return words
    before, _opening, inside = words[:-1].rpartition(opening)
    if "@" not in inside:
        return before
    return inside if opening == "<" or "@" not in before else words


def _visible(text: str) -> str:
    """Return the text without what nobody sees, and with plain signs for fullwidth ones.

    Signs that no address holds, such as bullets and the separators of all scripts, become spaces.
    """
    plain = unicodedata.normalize("NFKC", text).translate(PLAIN)
    return "".join(map(_without_invisible, re.split(r"(\s+)", plain)))


def _without_invisible(word: str) -> str:
    """Remove zero-width spaces, byte order marks, soft hyphens and marks of direction.

    Between two addresses, they are all that keeps them apart.
    """
    instead = " " if word.count("@") > 1 else ""
    return "".join(instead if is_invisible(sign) else _letter_or_space(sign) for sign in word)


def _letter_or_space(sign: str) -> str:
    return sign if sign.isascii() or unicodedata.category(sign)[0] in "LMN" else " "
