import pytest

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.front_matter import join_front_matter, load_mapping, split_front_matter


def test_every_scalar_is_read_as_the_words_that_stand_there() -> None:
    text = "title: No\nday: 2014-10-22\nversion: 1.10\nnothing: null\nquoted: 'null'\n"
    assert load_mapping(text, "x.yml") == {
        "title": "No",
        "day": "2014-10-22",
        "version": "1.10",
        "nothing": "",
        "quoted": "null",
    }


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "~\n"])
def test_empty_yaml_is_an_empty_mapping(text: str) -> None:
    assert load_mapping(text, "x.yml") == {}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: b: c", 1, "mapping values"),
        ("a: 1\n\tb: 2", 2, "cannot start any token"),
        ("a: &x [1]\nb: *x", 2, "aliases are not allowed"),
        ("[" * 5000, 1, "nested too deep"),
        ("a: 1\nb: \x07", 2, "control character"),
        ("? [a]\n: b", 1, "unhashable"),
        ("- a\n- b", 1, "Named fields"),
        ("a: 'open", 1, "unexpected end"),
        ('a: 1\nb: "a\\ud800b"', 2, "control character"),
        ('a: 1\nb: ["a\\0b"]', 2, "control character"),
        ('a: 1\n"a\\eb": 1', 2, "control character"),
        ("a: 1\nb: 1\na: 2", 3, "“a” is given twice"),
    ],
)
def test_broken_yaml_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"x\.yml, line {line}: .*{reason}"):
        load_mapping(text, "x.yml")


def test_tags_that_would_run_code_are_only_words() -> None:
    text = "a: !!python/object/apply:os.system ['false']\nb: !!python/name:os.system x"
    assert load_mapping(text, "x.yml") == {"a": ["false"], "b": "x"}


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a: &a [x, x]"] + [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(UnreadableSource, match=r"x\.yml, line 2: .*aliases"):
        load_mapping("\n".join(lines), "x.yml")


def test_front_matter_is_split_from_the_text() -> None:
    found = split_front_matter("---\ntitle: A\n---\n\nText\n", "x.md")
    assert (found.fields, found.body, found.first_line) == ({"title": "A"}, "\nText\n", 4)


def test_a_word_that_shows_nothing_is_none() -> None:
    found = split_front_matter('---\na: "\\u3000 \\u200b"\nb: "one\\n two "\n---\n', "x.md")
    assert (found.word("a"), found.word("b")) == ("", "one two")


def test_text_without_front_matter_is_all_text() -> None:
    found = split_front_matter("---\n\nA line, then text\n", "x.md")
    assert (found.fields, found.body, found.first_line) == (
        {},
        "---\n\nA line, then text\n",
        1,
    )


def test_broken_front_matter_names_the_line_in_the_file() -> None:
    with pytest.raises(UnreadableSource, match=r"x\.md, line 3:"):
        split_front_matter("---\ntitle: A\nb: c: d\n---\n", "x.md")


def test_unclosed_front_matter_is_refused() -> None:
    with pytest.raises(UnreadableSource, match=r"x\.md, line 1: .*not closed"):
        split_front_matter("---\ntitle: A\n\nText\n", "x.md")


@pytest.mark.parametrize(
    "title",
    [
        "yes",
        "null",
        "1",
        "A: B",
        "'quoted'",
        '"',
        "naïve 日本語 🤗",
        " spaced ",
        "- x",
        "a\\b",
    ],
)
def test_any_title_survives_writing_and_reading(title: str) -> None:
    text = join_front_matter({"title": title}, "Body")
    assert split_front_matter(text, "x.md").fields == {"title": title}


def test_written_text_ends_in_one_newline() -> None:
    assert join_front_matter({"title": "A"}, "\n\nOne\r\nTwo\n\n") == (
        "---\ntitle: A\n---\n\nOne\nTwo\n"
    )
    assert join_front_matter({"title": "A"}, "") == "---\ntitle: A\n---\n"
