"""What changed between two texts, as the history of a lesson tells it."""

from stepwell.web.difference import Piece, differences


def test_differences_are_told_word_by_word() -> None:
    old = "One\nTwo\nThree\nFour\nFive\nSix\nSeven old\nEight\n"
    new = old.replace("Seven old", "Seven new") + "Nine\n"

    assert [piece for piece in differences(old, new) if piece.text] == [
        Piece("skipped", "4"),
        Piece("same", "Five\nSix\n"),
        Piece("same", "Seven "),
        Piece("removed", "old"),
        Piece("added", "new"),
        Piece("same", "\n"),
        Piece("same", "Eight\n"),
        Piece("added", "Nine\n"),
    ]


def test_long_texts_without_a_common_line_differ_as_a_whole() -> None:
    old, new = ["same\n" * 3, "x\n" * 16_000], ["same\n" * 3, "y\n" * 16_000]

    pieces = [piece.kind for piece in differences("".join(old), "".join(new)) if piece.text]

    assert pieces == ["skipped", "same", "removed", "added"]


def test_passages_with_too_many_equal_words_are_told_as_a_whole() -> None:
    old, new = "a b " * 300 + "\n", "b a a " * 200 + "\n"

    assert differences(old, new) == [Piece("removed", old), Piece("added", new)]
