"""Which rows the parts of a source are; both are named by their places in lists."""

from collections.abc import Sequence
from functools import partial
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.transfer.matching import Matching, Trait
from stepwell.transfer.titles import simplified, without_any_number, words_of

# Path, title, text, module.
Thing = tuple[str, str, str, str]
TEXT = {name: f"This is what the lesson {name} says, at some length." for name in "abcdefgh"}


def traits(things: Sequence[Thing]) -> list[Trait]:
    return [
        Trait(str(place), path, title, home, partial(words_of, text))
        for place, (path, title, text, home) in enumerate(things)
    ]


def matched(
    rows: Sequence[Thing], parts: Sequence[Thing], *, archived: Sequence[Thing] = ()
) -> tuple[dict[int, int], dict[int, int]]:
    """Return the row of each part by their places, first those that are sure, then guesses."""
    known = traits([*rows, *archived])
    for trait in known[len(rows) :]:
        trait.is_archived = True
    pairs = Matching(traits(parts), known).run()
    sure = {int(pair.part.name): int(pair.row.name) for pair in pairs if not pair.is_guess}
    guessed = {int(pair.part.name): int(pair.row.name) for pair in pairs if pair.is_guess}
    return sure, guessed


def numbered(*titles: str, home: str = "m", texts: str = "") -> list[Thing]:
    """Return lessons called 01.md, 02.md, …"""
    return [
        (f"{number:02}.md", title, TEXT[texts[number - 1]] if texts else "", home)
        for number, title in enumerate(titles, 1)
    ]


def test_inserted_lesson_takes_nobody_elses_place() -> None:
    rows = numbered("Alpha", "Beta", "Gamma")

    assert matched(rows, numbered("Alpha", "Inserted", "Beta", "Gamma")) == ({0: 0, 2: 1, 3: 2}, {})


def test_swapped_files_keep_their_lessons() -> None:
    assert matched(numbered("A", "B"), numbered("B", "A")) == ({0: 1, 1: 0}, {})


def test_lesson_split_in_two_stays_with_its_title() -> None:
    rows = numbered("Alpha", "Beta", "Gamma")

    found = matched(rows, numbered("Alpha", "Beta", "Beta, second part", "Gamma"))

    assert found == ({0: 0, 1: 1, 3: 2}, {})


def test_another_title_at_the_same_path_is_a_guess() -> None:
    assert matched(numbered("A", "B"), numbered("A", "C")) == ({0: 0}, {1: 1})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Beta", "BETA"),
        ("Beta", " beta "),
        ("2. Beta", "3. Beta"),
        ("1.2 Beta", "1.3 Beta"),
        ("02 Beta", "3 - Beta"),
        ("Beta", "2) Beta"),
    ],
)
def test_case_spaces_and_leading_numbers_make_no_other_title(before: str, after: str) -> None:
    rows = numbered("Alpha", before, "Gamma")

    found = matched(rows, numbered("Alpha", "Inserted", after, "Gamma"))

    assert found == ({0: 0, 2: 1, 3: 2}, {})


@pytest.mark.parametrize("title", ["Python 2: lists", "Lesson 2: lists"])
def test_word_and_number_before_a_title_decide_only_with_the_text(title: str) -> None:
    other = title.replace("2", "3")
    rows, parts = numbered(title, texts="a"), [("07.md", other, TEXT["a"], "m")]

    assert matched(rows, parts) == ({0: 0}, {})
    assert matched(rows, [("07.md", other, "Something else altogether.", "m")]) == ({}, {0: 0})


@pytest.mark.parametrize("title", ["1. Samuel", "1.2 Features", "01 Bond"])
def test_another_number_and_another_text_are_a_guess(title: str) -> None:
    other = title.replace("1", "3")
    rows, parts = numbered(title, texts="a"), [("01.md", other, "Something else altogether.", "m")]

    assert matched(rows, parts) == ({}, {0: 0})
    assert matched(rows, [("01.md", title.replace("1", "01"), "Revised.", "m")]) == ({0: 0}, {})


def test_different_words_before_a_number_are_different_titles() -> None:
    rows, parts = numbered("Lesson 2: lists"), [("07.md", "Exercise 2: lists", "", "m")]

    assert matched(rows, parts) == ({}, {})


@pytest.mark.parametrize(
    "title", ["Exercise 2", "3 ways to bake", "2", "3 - 4", "Week 1-2", "Part 2: 3", "Day 1.5"]
)
def test_numbers_that_are_words_are_part_of_a_title(title: str) -> None:
    assert without_any_number(simplified(title)) == simplified(title)


def test_title_that_is_given_twice_says_nothing() -> None:
    rows = [("1-a/x.md", "Exercise", "", "a"), ("1-b/x.md", "Exercise", "", "b")]
    parts = [("2-b/x.md", "Exercise", "", "b"), ("3-c/x.md", "Exercise", "", "c")]

    assert matched(rows, parts) == ({0: 1}, {})


def test_module_tells_lessons_of_the_same_title_apart_when_chapters_move() -> None:
    rows = [(f"{number}/1.md", "Introduction", "", f"m{number}") for number in (1, 2, 3)]
    parts = [(f"{number}/1.md", "Introduction", "", f"m{number - 1}") for number in (1, 2, 3, 4)]

    assert matched(rows, parts) == ({1: 0, 2: 1, 3: 2}, {})


def test_text_tells_lessons_of_the_same_title_apart() -> None:
    rows, parts = numbered("Ex", "Ex", texts="ab"), numbered("New", "Ex", "Ex", texts="cab")

    assert matched(rows, parts) == ({1: 0, 2: 1}, {})


def test_lessons_of_one_title_that_moved_and_changed_are_guesses() -> None:
    rows, parts = numbered("Ex", "Ex", texts="ab"), numbered("New", "Ex", "Ex", texts="cde")

    assert matched(rows, parts) == ({}, {1: 1, 2: 0})


def test_lessons_of_one_title_that_stayed_are_known_though_they_changed() -> None:
    rows, parts = numbered("Ex", "Ex", texts="ab"), numbered("Ex", "Ex", texts="cd")

    assert matched(rows, parts) == ({0: 0, 1: 1}, {})


def test_same_text_is_a_better_guess_than_the_same_path() -> None:
    rows = numbered("Alpha", "Beta", texts="ab")
    parts = numbered("Alpha", "Inserted", "Better beta", texts="acb")

    assert matched(rows, parts) == ({0: 0}, {2: 1})


def test_same_name_but_for_its_number_is_a_guess() -> None:
    rows = [("02-water/README.md", "Water", "", "m")]

    assert matched(rows, [("03-water/README.md", "Wet", "", "m")]) == ({}, {0: 0})
    assert matched([("02.md", "Water", "", "m")], [("03.md", "Wet", "", "m")]) == ({}, {})


def test_archived_lesson_comes_back_under_its_title_only() -> None:
    archived = [("02.md", "Beta", TEXT["a"], "m")]

    assert matched([], [("02.md", "Beta", "", "m")], archived=archived) == ({0: 0}, {})
    assert matched([], [("07.md", "Beta", "", "m")], archived=archived) == ({0: 0}, {})
    assert matched([], [("02.md", "New", TEXT["a"], "m")], archived=archived) == ({}, {})


def test_living_lesson_goes_before_an_archived_one_of_its_title() -> None:
    rows, archived = numbered("Alpha"), [("09.md", "Alpha", "", "m")]

    assert matched(rows, numbered("New", "Alpha"), archived=archived) == ({1: 0}, {})


def test_guess_that_is_not_allowed_leaves_the_row_to_others() -> None:
    rows = traits([("02-a.md", "A", TEXT["a"], "m")])
    parts = traits([("07-z.md", "C", TEXT["a"], "m"), ("02-a.md", "B", "", "m")])

    matching = Matching(parts, rows, may_guess=lambda part, _row: part.title != "C")

    assert [(pair.part.title, pair.is_guess) for pair in matching.run()] == [("B", True)]


THING = st.tuples(
    st.sampled_from([f"{number:02}.md" for number in range(5)]),
    st.sampled_from(["Alpha", "beta", "Beta", "1. Beta", "Ex", "Part 1: Ex", "Part 2: Ex"]),
    st.sampled_from(["", TEXT["a"], TEXT["b"]]),
    st.sampled_from(["m", "n"]),
)
THINGS = st.lists(THING, max_size=7, unique_by=lambda thing: thing[0])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
@given(rows=THINGS, parts=THINGS)
def test_sure_pair_has_one_title_and_no_row_has_two_parts(
    rows: list[Thing], parts: list[Thing]
) -> None:
    sure, guessed = matched(rows, parts)

    used = [*sure.values(), *guessed.values()]
    assert len(used) == len(set(used))
    assert set(sure).isdisjoint(guessed)
    for part, row in sure.items():
        titles = [simplified(thing[1]) for thing in (parts[part], rows[row])]
        assert without_any_number(titles[0]) == without_any_number(titles[1])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
@given(seed=st.integers(0, 2**32), size=st.integers(0, 7))
def test_lessons_of_different_titles_survive_any_order_insertion_and_numbering(
    seed: int, size: int
) -> None:
    chance = Random(seed)  # noqa: S311  a test's chance may be guessed
    titles = [f"lesson {letter}" for letter in "abcdefg"[:size]]
    kept = [title for title in titles if chance.random() < 0.8]
    after = kept + [f"new {letter}" for letter in "abc"[: chance.randrange(4)]]
    chance.shuffle(after)

    sure, guessed = matched(numbered(*titles), numbered(*after))

    assert sure == {after.index(title): titles.index(title) for title in kept}
    assert all(titles[row] not in kept for row in guessed.values())
