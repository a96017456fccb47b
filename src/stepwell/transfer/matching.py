"""Which rows are the parts of a source, by what both show: path, title, module and text.

A rule pairs a part and a row where only these two show the same. The rules come in the order of
their strength. Pairs of the last rules are guesses: the caller decides what a guess may do.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
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

Words = tuple[str, ...]

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
    read: Callable[[], Words] = tuple
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

    @property
    def place(self) -> tuple[str, str]:
        return (self.path, self.simple_title)

    @cached_property
    def words(self) -> Words:
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

    @property
    def has_same_text(self) -> bool:
        return bool(self.part.words) and self.part.words == self.row.words


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
            (self._moved_text, always),
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
    def _own_texts(self) -> tuple[dict[Words, Trait], dict[Words, Trait]]:
        """Return the parts and the living rows by their text, if one on each side has it."""
        now, before = (_single(side) for side in self._sides)
        both = now.keys() & before.keys()
        return {words: now[words] for words in both}, {words: before[words] for words in both}

    @cached_property
    def _moved_texts(self) -> set[Words]:
        """Return the texts that moved along a series, such as "Exercise 1", "Exercise 2".

        The search begins at completed lessons whose place has another text now. From a moved text
        it goes on to the text that was at its new place, and to the text that is at its old place.
        If a completed text is gone, the import first asks whether the text at its place replaces
        it. The search begins there once a person denies that.
        """
        parts_of, rows_of = self._own_texts
        parts_at, rows_at = ({each.place: each for each in side} for side in self._sides)
        moved: set[Words] = set()
        waiting: list[Trait | None] = []
        for row in self._completed:
            part = parts_at.get(row.place)
            if part and row.words in rows_of:
                waiting.append(row)
            elif part and self.is_denied(part, row):
                waiting.append(rows_of.get(part.words))
        while waiting:
            mover = waiting.pop()
            if mover is None or mover.words in moved:
                continue
            target = parts_of[mover.words].place
            if mover.place != target:
                moved.add(mover.words)
                neighbors = (parts_at.get(mover.place), rows_at.get(target))
                waiting += [rows_of.get(each.words) for each in neighbors if each]
        return moved

    def _moved_text(self, trait: Trait) -> Hashable | None:
        return trait.words if self._completed and trait.words in self._moved_texts else None

    def _telling_words(self, trait: Trait) -> Hashable | None:
        """Return the text if it is long enough, or if people completed its only lesson."""
        if len(trait.words) >= TELLING:
            return trait.words
        row = self._own_texts[1].get(trait.words) if self._completed else None
        return trait.words if row in self._completed else None

    def _has_another_text(self, part: Trait, row: Trait) -> bool:
        """Tell whether a completed lesson would get the text of another one.

        An archived lesson would get another one by any text that is not similar.
        """
        if row not in self._completed or part.words == row.words:
            return False
        if row.is_archived:
            return not are_similar(part.words, row.words)
        return part.words in self._own_texts[1]

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


def _single(traits: Sequence[Trait]) -> dict[Words, Trait]:
    """Return the traits whose text no other one has, by that text."""
    counts = Counter(each.words for each in traits)
    return {each.words: each for each in traits if each.words and counts[each.words] == 1}


def _path(trait: Trait) -> Hashable | None:
    return trait.path or None


def _bare_path(trait: Trait) -> Hashable | None:
    return trait.bare_path or None


def _path_and_title(trait: Trait) -> Hashable | None:
    return trait.place if trait.path else None


def _home_and_title(trait: Trait) -> Hashable | None:
    return (trait.home, trait.simple_title) if trait.home else None


def _home_title_and_path(trait: Trait) -> Hashable | None:
    return (trait.home, trait.simple_title, trait.path) if trait.home and trait.path else None


def _title_and_words(trait: Trait) -> Hashable | None:
    return (trait.simple_title, trait.words) if len(trait.words) >= TELLING else None


def _any_with(words: Words, traits: Iterable[Trait]) -> bool:
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
