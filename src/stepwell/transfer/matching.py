"""Which rows are the parts of a source, by what both show: path, title, module and text.

A rule pairs a part and a row where only these two show the same. The rules come in the order of
their strength. Pairs of the last rules are guesses: the caller decides what a guess may do.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from stepwell.transfer.titles import (
    TELLING,
    are_similar,
    number_before,
    simplified,
    without_any_number,
    without_number,
)

# In front of a name: "02-", but also all of "02.md", whose name is only a number.
_LEADING_NUMBER = re.compile(r"^\d+(?:\.\w+\Z|[\s._-]*)")


@dataclass(eq=False)
class Trait:
    """What a part of the source, or a row, shows.

    `name` is the path of a part and the key of a row; `home` is the key of the module or lesson
    that it belongs to; `read` returns the words of its text. A home is not `is_home_sure` if only
    its number tells it from others.
    """

    name: str
    path: str
    title: str
    home: str = ""
    read: Callable[[], tuple[str, ...]] = tuple
    is_archived: bool = False
    is_home_sure: bool = True

    @cached_property
    def simple_title(self) -> str:
        return simplified(self.title)

    @cached_property
    def plain_title(self) -> str:
        return without_any_number(self.simple_title)

    @cached_property
    def group(self) -> tuple[str, str]:
        """The title and where others of that title may be mistaken for this one."""
        return (self.home if self.is_home_sure else "", self.simple_title)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return self.read()

    @cached_property
    def bare_path(self) -> str:
        """The path without leading numbers, or nothing where a name is only a number."""
        names = [_LEADING_NUMBER.sub("", name) for name in self.path.split("/")]
        return "/".join(names) if all(names) else ""


@dataclass(frozen=True)
class Pair:
    """A part and its row; `is_guess` where more than case or number of the title may differ."""

    part: Trait
    row: Trait
    is_guess: bool


Value = Callable[[Trait], Hashable | None]
Test = Callable[[Trait, Trait], bool]


def always(_part: Trait, _row: Trait) -> bool:
    return True


def never(_part: Trait, _row: Trait) -> bool:
    return False


class Matching:
    """One way through all rules, for the parts and rows that no key has matched.

    `others` are the parts that a key has matched: their titles count. A guess is made only if
    `may_guess` allows it, and no pair that `is_denied`. `completed` has the names of the rows that
    people have completed: their text counts, however short, even where path and title agree.
    """

    def __init__(
        self,
        parts: Sequence[Trait],
        rows: Sequence[Trait],
        *,
        others: Sequence[Trait] = (),
        may_guess: Test = always,
        is_denied: Test = never,
        completed: Container[str] = (),
    ) -> None:
        self.parts = list(parts)
        self.rows = list(rows)
        self.may_guess = may_guess
        self.is_denied = is_denied
        self.pairs: list[Pair] = []
        self._refused: set[tuple[str, str]] = set()
        living = [row for row in rows if not row.is_archived]
        self._sides = ([*parts, *others], living)
        self._titles = [Counter(each.simple_title for each in side) for side in self._sides]
        self._plain_titles = [Counter(each.plain_title for each in side) for side in self._sides]
        self._completed = [row for row in rows if row.name in completed]

    def run(self) -> list[Pair]:
        """Return all pairs."""
        rules: list[tuple[Value, Test]] = [
            (self._words_that_left_their_place, always),
            (self._path_and_rare_title, self._has_another_text),
            (_title_and_words, never),
            (_home_title_and_path, self._is_among_equals),
            (_home_and_title, self._is_among_equals),
            (_path_and_title, _is_elsewhere),
            (self._rare_title, never),
            (self._rare_plain_title, _is_renumbered_oddly),
            (self._group_and_words_if_refused, always),
            (self._telling_words, always),
            (_path, always),
            (_bare_path, always),
        ]
        for value, is_guess in rules:
            self._pair(value, is_guess, archived=False)
            if is_guess is not always:
                self._pair(value, is_guess, archived=True)
        return self.pairs

    def _pair(self, value: Value, is_guess: Test, *, archived: bool) -> None:
        if not self.parts or not self.rows:
            return
        parts, rows = _by_value(self.parts, value), _by_value(self.rows, value)
        for shown, (part, *more_parts) in parts.items():
            living = [row for row in rows.get(shown, ()) if not row.is_archived]
            fitting = rows.get(shown, ()) if archived and not living else living
            if more_parts or len(fitting) != 1:
                continue
            row = fitting[0]
            guess = is_guess(part, row)
            if (part.name, row.name) in self._refused or self.is_denied(part, row):
                continue
            if guess and not self.may_guess(part, row):
                self._refused.add((part.name, row.name))
                continue
            self.pairs.append(Pair(part, row, guess))
            self.parts.remove(part)
            self.rows.remove(row)

    @cached_property
    def _words_given_once(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """Return the texts that one part alone has, and those that one row alone has."""
        now, before = (Counter(each.words for each in side) for side in self._sides)
        return _single(now), _single(before)

    @cached_property
    def _completed_words(self) -> set[tuple[str, ...]]:
        """Return texts that people completed and that are given once on each side."""
        if not self._completed:
            return set()
        now, before = self._words_given_once
        return {row.words for row in self._completed} & now & before

    @cached_property
    def _moved_words(self) -> set[tuple[str, ...]]:
        """Return texts that people completed and that another text has replaced."""
        places = {(part.path, part.simple_title): part.words for part in self._sides[0]}
        return {
            row.words
            for row in self._completed
            if row.words in self._completed_words
            and places.get((row.path, row.simple_title), row.words) != row.words
        }

    def _words_that_left_their_place(self, trait: Trait) -> Hashable | None:
        return trait.words if self._completed and trait.words in self._moved_words else None

    def _telling_words(self, trait: Trait) -> Hashable | None:
        is_telling = len(trait.words) >= TELLING or trait.words in self._completed_words
        return trait.words if is_telling else None

    def _has_another_text(self, part: Trait, row: Trait) -> bool:
        """Tell whether a completed row comes back with another text, or part has another's."""
        if row not in self._completed or part.words == row.words:
            return False
        if row.is_archived:
            return not are_similar(part.words, row.words)
        return all(part.words in words for words in self._words_given_once)

    def _path_and_rare_title(self, trait: Trait) -> Hashable | None:
        return _path_and_title(trait) if self._is_rare(trait) else None

    def _rare_title(self, trait: Trait) -> Hashable | None:
        return trait.simple_title if self._is_rare(trait) else None

    def _rare_plain_title(self, trait: Trait) -> Hashable | None:
        is_rare = all(titles[trait.plain_title] <= 1 for titles in self._plain_titles)
        return trait.plain_title if is_rare else None

    def _group_and_words_if_refused(self, trait: Trait) -> Hashable | None:
        """Look for the text of a part, however short, whose place was refused by `may_guess`."""
        if trait in self.parts and all(name != trait.name for name, _row in self._refused):
            return None
        return (trait.group, trait.words) if trait.words else None

    def _is_rare(self, trait: Trait) -> bool:
        return all(titles[trait.simple_title] <= 1 for titles in self._titles)

    def _is_among_equals(self, part: Trait, row: Trait) -> bool:
        """Tell whether others of its title came, went or changed texts, so that paths may lie."""
        if part.is_home_sure and _share_a_telling_text(part, row):
            return False
        groups = {part.group, row.group}
        now, before = ([each for each in side if each.group in groups] for side in self._sides)
        if part.words != row.words and (_any_with(part.words, before) or _any_with(row.words, now)):
            return True
        have_moved = {each.path for each in now} != {each.path for each in before}
        return have_moved and (not part.is_home_sure or max(len(now), len(before)) > 1)


def _by_value(traits: Sequence[Trait], value: Value) -> dict[Hashable, list[Trait]]:
    found: dict[Hashable, list[Trait]] = defaultdict(list)
    for trait in traits:
        shown = value(trait)
        if shown is not None:
            found[shown].append(trait)
    return found


def _single(values: Mapping[tuple[str, ...], int]) -> set[tuple[str, ...]]:
    return {value for value, count in values.items() if value and count == 1}


def _path(trait: Trait) -> Hashable | None:
    return trait.path or None


def _bare_path(trait: Trait) -> Hashable | None:
    return trait.bare_path or None


def _path_and_title(trait: Trait) -> Hashable | None:
    return (trait.path, trait.simple_title) if trait.path else None


def _home_and_title(trait: Trait) -> Hashable | None:
    return (trait.home, trait.simple_title) if trait.home else None


def _home_title_and_path(trait: Trait) -> Hashable | None:
    return (trait.home, trait.simple_title, trait.path) if trait.home and trait.path else None


def _title_and_words(trait: Trait) -> Hashable | None:
    return (trait.simple_title, trait.words) if len(trait.words) >= TELLING else None


def _any_with(words: tuple[str, ...], traits: Iterable[Trait]) -> bool:
    return any(each.words == words for each in traits)


def _share_a_telling_text(part: Trait, row: Trait) -> bool:
    return part.words == row.words and len(part.words) >= TELLING


def _is_elsewhere(part: Trait, row: Trait) -> bool:
    """Tell whether a title that others have, too, is now in another module."""
    return part.home != row.home and not _share_a_telling_text(part, row)


def _is_renumbered_oddly(part: Trait, row: Trait) -> bool:
    """Tell whether a number may make it another title, as in "Python 2: lists" and "2. Samuel"."""
    if part.words == row.words or are_similar(part.words, row.words):
        return False
    one, other = (without_number(each.simple_title) for each in (part, row))
    numbers = {number_before(each.simple_title) for each in (part, row)} - {()}
    return one != other or len(numbers) > 1
