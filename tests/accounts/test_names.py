"""What may name a person or a token."""

import pytest

from stepwell.accounts.errors import BadLabel, BadName
from stepwell.accounts.names import clean_label, clean_name, first_name_in, name_from

UNREADABLE = {
    "nothing": "",
    "spaces": " \t\u00a0\u2003 ",
    "control character": "Ada\x07",
    "escape to a terminal": "\x1b[31mAda",
    "NUL": "Ada\0",
    "half a character": "Ada\udce9",
    "override of direction": "Ada \u202enoryB",
    "overrides alone": "\u202e\u202e",
    "isolate": "\u2067Ada",
    "mark of direction": "Ada\u200f",
    "zero width": "\u200b\u200d\ufeff",
    "blank letters": "\u3164\uffa0\u2800",
    "accents on nothing": "\u0301\u0302",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_name_that_others_cannot_read_is_refused(text: str) -> None:
    with pytest.raises(BadName, match="at most 120 characters"):
        clean_name(text)


@pytest.mark.parametrize(
    "name",
    ["Ada Byron", "O’Neil-Šmíd", "李", "مريم", "می\u200cخواهم", "😀", "4", "!!!", "→", "x" * 120],
)
def test_name_in_any_script_is_taken_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("text", [" Ada  Byron ", "Ada\nByron", "Ada\u2028Byron", "Ada\r\n\tByron"])
def test_name_stands_on_one_line(text: str) -> None:
    assert clean_name(text) == "Ada Byron"


@pytest.mark.parametrize("text", ["https://evil.example", "x" * 121])
def test_name_that_is_an_address_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadName):
        clean_name(text)


@pytest.mark.parametrize(
    ("text", "label"), [(" my  laptop ", "my laptop"), ("", "token"), ("https://ci.example",) * 2]
)
def test_label_stands_on_one_line(text: str, label: str) -> None:
    assert clean_label(text) == label


@pytest.mark.parametrize("text", ["x" * 81, "\x07", "a\udce9", "\u202e"])
def test_label_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(BadLabel, match="at most 80 characters"):
        clean_label(text)


def test_first_name_that_can_be_one_is_taken() -> None:
    assert first_name_in(["", "\u202e", "Ada " * 40, "Byron"]) == ("Ada " * 30).strip()
    assert first_name_in(["", "\x07"]) == ""


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ada.byron@example.org", "ada.byron"),
        (f"{'x' * 200}@example.org", "x" * 120),
        ('"\x01"@example.org', "Member"),
    ],
)
def test_name_from_an_address(email: str, name: str) -> None:
    assert name_from(email) == name
