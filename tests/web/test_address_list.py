"""Lists of addresses as people paste and save them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.web.address_list import Entry, decoded, read_addresses

EMAILS = st.lists(
    st.from_regex(r"[a-z0-9_+-]{1,8}(\.[a-z0-9]{1,4})?@[a-z]{1,8}\.[a-z]{2,3}", fullmatch=True),
    min_size=1,
    max_size=8,
)
SEPARATORS = st.sampled_from(
    [
        "\n",
        "\r\n",
        ", ",
        ";",
        "; ",
        "\t",
        " ",
        ",\n",
        "，",
        "、",
        "；",
        "؛ ",
        "،",
        "\u3000",
        "\xa0",
        "\u200b",
        "\u3164",
        "|",
        "/",
        "•",
        " → ",
    ]
)


@given(EMAILS, st.data())
def test_any_mix_of_separators_gives_the_same_people(
    emails: list[str], data: st.DataObject
) -> None:
    text = "".join(email + data.draw(SEPARATORS) for email in emails)

    assert [entry.text for entry in read_addresses(text)] == emails


@pytest.mark.parametrize(
    "text",
    [
        'Ada <ada@example.org>, "Grace, H." <grace@example.org>',
        "name,email\nAda,ada@example.org\nGrace,grace@example.org",
        '"Name";"E-Mail"\n"Ada";"ada@example.org"\n"Grace";"grace@example.org"',
        "mailto:\n'ada@example.org' mailto:grace@example.org",
        "Ada（ada@example.org），Grace《grace@example.org》",
        "邮箱：ada＠example．org；邮箱：grace@example。org",
        "“Ada” <\ufeffada@exam\u00adple.org\u200e>\u060c \u202agrace@example.org\u202c",
        "Ada [ada@example.org] • grace@example.org (Grace)",
        "mailto:ada@example.org|[Grace](mailto:grace@example.org)",
        "mailto:\nada@example.org (home)\n\n\ngrace@example.org.",
    ],
)
def test_names_headings_and_quotes_are_no_hindrance(text: str) -> None:
    found = [entry.text for entry in read_addresses(text) if entry.is_address]

    assert found == ["ada@example.org", "grace@example.org"]


def test_line_without_an_address_is_kept_with_its_number() -> None:
    assert read_addresses("ada@example.org\nGrace Hopper\n")[1:] == [
        Entry(2, "Grace Hopper", is_address=False)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_spreadsheets_are_read(encoding: str) -> None:
    assert decoded("Zoë,zoe@example.org\n".encode(encoding)) == "Zoë,zoe@example.org\n"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    assert decoded(content) is None
