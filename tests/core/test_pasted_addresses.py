"""Addresses as people type and paste them into a field."""

import pytest

from stepwell.core.pasted_addresses import find_emails, read_email

WRONG = ["Ada ada@example.org", "ada", "a@b.org, c@d.org", "a@b.org (c@d.org)", "Ada <>", ""]


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        " ada@example.org\u200b",
        "\ufeffada@example.org",
        "ada@\u00adexample.org",
        "\u202aada@example.org\u202c",
        "ada@example.org\u00a0",
        "ada＠example．org",
        "Ada Byron <ada@example.org>",
        '"Byron, Ada" <ada@example.org>,',
        "<ada@example.org>",
        "mailto:ada@example.org",
        "“ada@example.org”；",
        "Ada Byron [ada@example.org]",
        "ada@example.org (Ada Byron)",
        "ada@example.org [Ada]",
        "<ada@example.org> (Ada)",
        "[Ada](mailto:ada@example.org)",
        "ada@example.org <ada@example.org>",
        "• ada@example.org",
        "ada@example.org\ufe0f",
        "a\u034fda@example.org",
        "ada@example.org\u3164",
        "\u115fada@example.org",
    ],
)
def test_address_is_read_whatever_is_around_it(text: str) -> None:
    assert read_email(text) == "ada@example.org"


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_single_address_stays_none(text: str) -> None:
    assert read_email(text).count("@") != 1 or " " in read_email(text)


def test_apostrophe_of_a_word_processor_is_plain() -> None:
    assert read_email("o’hara@example.org") == "o'hara@example.org"


@pytest.mark.parametrize("end", ["", "x@example.org"])
def test_endless_text_is_read_at_once(end: str) -> None:
    """A search that starts again at each character would take minutes."""
    text = "a" + 40_000 * "." + end
    assert read_email(f"({text})") == f"({text})"
    assert find_emails(40_000 * "a" + " ada@example.org") == ["ada@example.org"]
