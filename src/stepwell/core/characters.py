"""Which characters texts and names hold, and in which encoding a file writes them."""

import codecs
import re
from unicodedata import category

# Tabs, line ends and form feeds are mere space; half a surrogate pair is no character at all.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
# The letters and marks among Unicode's Default_Ignorable_Code_Point: joiners and fillers of Hangul,
# Khmer and Mongolian, and selectors between the forms of a character.
INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
BLANK = INVISIBLE | {"\u2800"}  # the empty pattern of Braille takes space


def without_control_characters(text: str) -> str:
    """Return a text that can be stored, exported and imported again.

    A vertical tab, which word processors paste for a line break, becomes one.
    """
    return CONTROL.sub("", text.replace("\x0b", "\n"))


def words_in(text: str, also: str) -> str:
    """Return the letters, digits and combining marks of a text, and the characters in `also`.

    Marks are the vowels of Thai, Hindi or Tamil. One that follows neither a letter nor a digit is
    left out, and so is what nobody sees.
    """
    kept: list[str] = []
    is_in_word = False
    for each in text:
        if is_invisible(each):
            continue
        is_in_word = each.isalnum() or (is_in_word and category(each) in {"Mn", "Mc"})
        if is_in_word or each in also:
            kept.append(each)
    return "".join(kept)


def is_invisible(character: str) -> bool:
    """Tell whether a character, such as a zero-width space, shows nothing and takes no space."""
    return category(character) == "Cf" or character in INVISIBLE


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
