"""Texts of the worst kinds are refused, or become pages within the limits."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.texts import WORST, worst_text
from stepwell.core.markdown.cost import (
    DEEPEST_HTML,
    LONGEST_COLORING,
    MOST_CHARACTERS,
    MOST_HTML,
    MOST_PARTS,
    Cost,
    TextTooLarge,
)
from stepwell.core.markdown.links import find_links
from stepwell.core.markdown.rendering import render_markdown
from stepwell.core.markdown.visual import document_of

PIECES = [piece for start_and_piece in WORST.values() for piece in start_and_piece if piece]
NASTY = st.lists(
    st.tuples(st.sampled_from(PIECES) | st.text(max_size=4), st.integers(1, 60)), max_size=6
)


def refusal(source: str) -> str:
    with pytest.raises(TextTooLarge) as refused:
        render_markdown(source)
    return str(refused.value)


@pytest.mark.parametrize("name", WORST)
def test_worst_text_is_refused_or_stays_within_the_limits(name: str) -> None:
    try:
        page = render_markdown(worst_text(name, MOST_CHARACTERS))
    except TextTooLarge:
        return
    assert len(page.html) <= MOST_HTML


@settings(max_examples=40, deadline=None)
@given(NASTY)
def test_text_of_nasty_pieces_is_refused_or_stays_within_the_limits(
    pieces: list[tuple[str, int]],
) -> None:
    source = "".join(piece * count for piece, count in pieces)
    try:
        html = render_markdown(source).html
        document_of(source)
    except TextTooLarge:
        return
    assert len(html) <= MOST_HTML


def test_source_of_too_many_characters_is_refused_with_both_figures() -> None:
    render_markdown(" " * MOST_CHARACTERS)

    assert refusal(" " * (MOST_CHARACTERS + 1)).startswith(
        "The text has 150,001 characters, and at most 150,000 are possible."
    )


def test_definition_used_too_often_is_refused_before_it_is_rendered() -> None:
    definition = f"[a]: /{'z' * 20_000}\n\n"
    render_markdown(definition + "[a] " * 20)

    assert "more than 2,000,000 characters of HTML" in refusal(definition + "[a] " * 5_000)


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        ("- a\n", 5),
        ("|a" * 100 + "|\n" + "|-" * 100 + "|\n\n", 300),
        ("<b title=x></b>\n\n", 3),
        ("$xyz$ ", 4),
        ("![](a) ", 3),
    ],
    ids=["list", "columns", "tags", "formula", "pictures"],
)
def test_text_of_too_many_parts_is_refused(piece: str, parts: int) -> None:
    render_markdown(piece * (MOST_PARTS // parts // 4))

    assert "more than 15,000 parts" in refusal(piece * (MOST_PARTS // parts + 1))


def test_tags_too_deep_within_each_other_are_refused() -> None:
    render_markdown("<div>" * DEEPEST_HTML)

    assert "more than 30 deep" in refusal("<div>" * (DEEPEST_HTML + 1))


def test_tags_that_are_closed_or_end_alone_are_not_deep() -> None:
    render_markdown("<div></div>" * 100 + "<ul>" + "<li>a" * 100 + "</ul>")


def test_closing_tags_without_an_opening_one_hide_no_depth() -> None:
    assert "more than 30 deep" in refusal("<div></b>" * (DEEPEST_HTML + 1))


def fenced(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```\n"


def are_colored(html: str) -> list[bool]:
    blocks = re.findall(r"<code>(.*?)</code>", html, re.DOTALL)
    return ["<span" in block for block in blocks]


@pytest.mark.parametrize(
    "code", ["x = 1\n" * 1_700, "y" * 500, "\n" * 25], ids=["long", "long line", "blank lines"]
)
def test_code_that_is_slow_to_color_stays_plain(code: str) -> None:
    page = render_markdown(f"```python\n{code}\nx = 1\n```")

    assert "<span" not in page.html


# Code on which a pattern of its lexer takes exponential time.
ENDLESS = {
    "maple": '"' + "a " * 40,
    "cddl": '"' + "\\\\" * 40,
    "chapel": "'" + "\\\\" * 40,
    "factor": '"' + "\\\\" * 40,
    "fancy": "/" + "\\a" * 40,
    "fish": '"' + "\\\\" * 40,
}


@pytest.mark.parametrize("language", ENDLESS)
def test_code_that_would_take_endless_to_color_stays_plain(language: str) -> None:
    page = render_markdown(fenced(language, ENDLESS[language]) + fenced("python", "x = 1"))

    assert are_colored(page.html) == [False, True]


def test_code_has_no_colors_once_those_before_it_took_too_long() -> None:
    slow = "".join(fenced(language, code) for language, code in ENDLESS.items())

    page = render_markdown(slow + fenced("python", "x = 1"))

    assert not any(are_colored(page.html))


def test_no_lexer_begins_once_coloring_took_too_long() -> None:
    cost = Cost(seconds_of_coloring=LONGEST_COLORING + 0.1)

    assert not cost.may_use_colors_of("Python")


def test_only_so_many_languages_of_a_page_have_colors() -> None:
    names = ["python", "bash", "json", "yaml", "ruby", "css", "sql", "go", "rust", "c"]

    page = render_markdown("".join(fenced(name, "x = '1' # 2") for name in [*names, "go"]))

    assert are_colored(page.html) == [True] * 8 + [False, False, True]


def test_only_the_first_code_of_a_page_has_colors() -> None:
    page = render_markdown(fenced("python", "the_name = 12345\n" * 550) * 5)

    assert are_colored(page.html) == [True, True, True, False, False]


def test_links_of_a_text_over_the_limits_are_refused_too() -> None:
    with pytest.raises(TextTooLarge):
        find_links("- [a](b)\n" * 10_000)


def test_block_that_its_definitions_make_too_large_is_shown_as_markdown() -> None:
    source = f"[a]: /{'z' * 20_000}\n\n" + "[a] " * 50

    document = document_of(source)

    assert [node["type"] for node in document["content"]] == ["markdown", "markdown"]
    assert "".join(node["attrs"]["source"] for node in document["content"]) == source
