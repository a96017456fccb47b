import pytest

from stepwell.transfer.dialects.carpentries import convert_carpentries
from stepwell.transfer.source_text import join_lines, split_lines


def convert(text: str) -> tuple[str, list[tuple[str, int | None, str]]]:
    converted = convert_carpentries(split_lines(text), "x.md")
    findings = [(each.kind.value, each.line, each.detail) for each in converted.findings]
    return join_lines(converted.lines), findings


def test_a_challenge_becomes_an_exercise_with_its_solution() -> None:
    text = """:::::::::::::: challenge

## Listing `-r`

What?

:::::::::::::::  solution

## Solution

That.

:::::::::::::::::::::::::

::::::::::::::::::::::"""
    assert convert(text) == (
        ":::: exercise Listing `-r`\n\nWhat?\n\n::: solution\n\nThat.\n\n:::\n\n::::",
        [],
    )


@pytest.mark.parametrize(
    ("block", "fence"),
    [
        ("callout", "::: note"),
        ("prereq", "::: note Prerequisites"),
        ("objectives", "::: note What you will learn"),
        ("questions", "::: note Questions"),
        ("keypoints", "::: important Key points"),
        ("discussion", "::: note Discussion"),
        ("instructor", "::: details For instructors"),
        ("spoiler", "::: details"),
        ("checklist", "::: note Checklist"),
        ("caution", "::: warning"),
        ("hint", "::: details Hint"),
        ("{.callout}", "::: note"),
        ("challenge", "::: exercise"),
    ],
)
def test_every_block_has_its_callout(block: str, fence: str) -> None:
    assert convert(f"::::: {block}\n\nText\n\n:::::") == (f"{fence}\n\nText\n\n:::", [])


def test_a_solution_without_challenge_only_unfolds() -> None:
    assert convert("::: solution\n\n### Linux\n\nText\n:::")[0] == (
        "::: details Linux\n\nText\n:::"
    )


def test_an_unknown_block_becomes_a_note_and_is_reported() -> None:
    assert convert("a\n\n::: group-work\n\nText\n\n:::") == (
        "a\n\n::: note Group work\n\nText\n\n:::",
        [("block-unknown", 3, "group-work")],
    )


def test_tabs_stand_one_below_the_other() -> None:
    text = "::: tab\n\n### Windows\n\nA\n\n### Mac\n\nB\n\n:::"
    assert convert(text)[0] == ("\n::: example Windows\n\nA\n\n:::\n::: example Mac\n\nB\n\n:::")


def test_a_heading_that_links_name_stays_a_heading() -> None:
    text = "See [it](#other-places).\n\n::: callout\n\n## Other Places\n\nText\n:::"
    assert "::: note\n\n## Other Places\n" in convert(text)[0]


def test_an_image_takes_its_description_from_the_attributes() -> None:
    assert convert("""![](fig/a.svg){alt='A "tree" [of] files'}""")[0] == (
        r'![A "tree" \[of\] files](fig/a.svg)'
    )
    assert convert('![A caption](a.png){alt="A cat" width="50%"}')[0] == (
        '![A cat](a.png "A caption")'
    )
    assert convert("![A cat](a.png){.right}")[0] == "![A cat](a.png)"


def test_attribute_lists_are_taken_away() -> None:
    text = "### Windows {#windows}\n\n~~~\nls {: .x}\n~~~\n{: .language-bash}\n\n[a word]{.x}"
    assert convert(text)[0] == "### Windows\n\n~~~\nls {: .x}\n~~~\n\na word"


def test_defined_terms_become_headings() -> None:
    text = "## Glossary\n\n[absolute path]{#absolute-path}\n:   A path\nfrom the root.\n"
    assert convert(text)[0] == "## Glossary\n\n### absolute path\n\nA path\nfrom the root.\n"


def test_fences_in_code_are_code() -> None:
    text = "```\n::: challenge\n## x\n:::\n[a]{.b}\n```"
    assert convert(text) == (text, [])
