import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.visible import one_line, refuse_control_characters


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n \r two\tthree", "one two three"),
        (" naïve\u00a0👩\u200d👧 ", " naïve\u00a0👩\u200d👧 "),
        ("\u3000 \u200b\ufeff\u00ad\u3164", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line_that_shows_something(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize("character", ["\0", "\b", "\x1b", "\x7f", "\ud800"])
def test_a_control_character_is_refused_with_its_line(character: str) -> None:
    with pytest.raises(UnreadableSource, match=r"x\.md, line 4: "):
        refuse_control_characters(f"one\ntwo{character}", "x.md", 3)


def test_space_of_any_kind_and_all_letters_are_no_control_characters() -> None:
    refuse_control_characters("a\tb\r\nc\f naïve 日本語 👩\u200d👧", "x.md")
