"""Email addresses as people type and paste them."""

import re
import unicodedata

# Commas, semicolons, quotes and brackets of several scripts. Fullwidth ones are turned into plain
# ones before.
BETWEEN = r"\s,;:<>\"()\[\]\u060c\u061b\u3001\u00ab\u00bb\u201a-\u201f\u2039\u203a\u3008-\u3011"
ADDRESS = re.compile(rf"[^{BETWEEN}@]+@[^{BETWEEN}@]+")
EDGES = re.compile(rf"^[{BETWEEN}.']+|[{BETWEEN}.']+$")
NAMED = re.compile(r"<([^<>]*)>\W*$")  # Ada Byron <ada@example.org>
# Ideographic full stops, as in domains, and the apostrophes of word processors.
PLAIN = str.maketrans("\u3002\uff61\u2018\u2019", "..''")


def read_email(text: str) -> str:
    """Return the address that a field means: without name, brackets and invisible characters.

    What is no address comes back as it is, so that it can be refused.
    """
    visible = _visible(text)
    named = NAMED.search(visible)
    return _bare(named[1] if named else visible)


def find_emails(text: str) -> list[str]:
    """Return the addresses in a line of text, whatever is between them."""
    return [_bare(found) for found in ADDRESS.findall(_visible(text))]


def _bare(address: str) -> str:
    bare = EDGES.sub("", address)
    return EDGES.sub("", bare[7:]) if bare.lower().startswith("mailto:") else bare


def _visible(text: str) -> str:
    """Return the text without what nobody sees, and with plain signs for fullwidth ones."""
    plain = unicodedata.normalize("NFKC", text).translate(PLAIN)
    return "".join(map(_without_format_characters, re.split(r"(\s+)", plain)))


def _without_format_characters(word: str) -> str:
    """Remove zero-width spaces, byte order marks, soft hyphens and marks of direction.

    Between two addresses, they are all that keeps them apart.
    """
    instead = " " if word.count("@") > 1 else ""
    return "".join(instead if unicodedata.category(sign) == "Cf" else sign for sign in word)
