"""Which characters texts and names hold, and in which encoding a file writes them."""

import codecs
import re
from unicodedata import category

# Tabs, line ends and form feeds are mere space; half a surrogate pair is no character at all.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def without_control_characters(text: str) -> str:
    """Return a text that can be stored, exported and imported again.

    A vertical tab, which word processors paste for a line break, becomes one.
    """
    return CONTROL.sub("", text.replace("\x0b", "\n"))


def words_in(text: str, also: str) -> str:
    """Return the letters, digits and combining marks of a text, and the characters in `also`.

    Marks are the vowels of Thai, Hindi or Tamil. One that follows no character kept, and the
    selectors that choose between a text's and an emoji's form, are left out.
    """
    kept: list[str] = []
    before = ""
    for each in text:
        is_mark = before and category(each) in {"Mn", "Mc"} and not _is_selector(each)
        before = each if each.isalnum() or each in also or is_mark else ""
        kept.append(before)
    return "".join(kept)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0100"


def charset_of(beginning: bytes) -> str:
    """Return the encoding of a text file, by its byte order mark or by what can be read."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        # The last character may have been cut.
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
