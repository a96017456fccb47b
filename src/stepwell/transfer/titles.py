"""When two titles are the same, and when two texts are."""

import re
import unicodedata

# Each is followed by at least one letter: in "3 - 4" the number is the title.
_NUMBER = re.compile(
    r"""^\W*(?:
        \d+(?:\.\d+)*\s*[.):–—-]+\s+   # "2. Water", "1.2) Water", "3 - Water"
        |\d+(?:\.\d+)+\s+             # "1.2 Water"
        |0\d+\s+                      # "02 Water"
    )(?=.*[^\W\d_])""",
    re.VERBOSE,
)
# As in "Lesson 2: Water" and in "Lesson 2 - Water".
_WORD_AND_NUMBER = re.compile(r"^([^\W\d]+)\s+\d+(?:\.\d+)*(?:\s*[.):]|\s[–—-])\s+(?=.*[^\W\d_])")
_DESTINATION = re.compile(r"\]\([^()]*\)|^ {0,3}\[[^\]]+\]:.*$", re.MULTILINE)
TELLING = 5  # words; a shorter text may be the same by chance
SIMILAR = 0.8


def simplified(title: str) -> str:
    """Return a title without what makes no difference: case and spaces."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())


def without_number(title: str) -> str:
    """Return a simplified title without a number before it, as in "2. Water"."""
    return _NUMBER.sub("", title)


def number_before(title: str) -> tuple[str, ...]:
    """Return the parts of the number before a simplified title, as 1 and 2 of "1.2 Water"."""
    found = _NUMBER.match(title)
    return tuple(part.lstrip("0") for part in re.findall(r"\d+", found[0])) if found else ()


def without_any_number(title: str) -> str:
    """Return a simplified title without "2." before it, or the number of "Lesson 2:"."""
    return _WORD_AND_NUMBER.sub(r"\1 ", without_number(title))


def words_of(body: str) -> tuple[str, ...]:
    """Return the words of a text; where links lead is left out, as it is written in two ways."""
    return tuple(re.findall(r"\w+", _DESTINATION.sub("]", body)))


def are_similar(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two texts share most of their words; short ones may by chance."""
    mine, yours = set(one), set(other)
    return min(len(one), len(other)) >= TELLING and len(mine & yours) >= SIMILAR * len(mine | yours)
