from stepwell.transfer.dialects.containers import nest_fences
from stepwell.transfer.findings import FindingKind
from stepwell.transfer.source_text import join_lines, split_lines


def nested(text: str) -> str:
    return join_lines(nest_fences(split_lines(text), "x.md").lines)


def test_a_fence_is_longer_than_those_inside() -> None:
    text = "::: a\n::: b\n::: c\n:::\n:::\n::: d\n:::\n:::"
    assert nested(text) == "::::: a\n:::: b\n::: c\n:::\n::::\n::: d\n:::\n:::::"


def test_fences_in_code_are_left_alone() -> None:
    assert nested("::: a\n```\n::: b\n```\n:::") == "::: a\n```\n::: b\n```\n:::"


def test_fences_in_quotes_keep_their_marks() -> None:
    assert nested("> :::::: a\n> text\n> ::::") == "> ::: a\n> text\n> :::"


def test_unbalanced_fences_are_mended_and_reported() -> None:
    converted = nest_fences(split_lines(":::\n::: a\ntext"), "x.md")
    assert join_lines(converted.lines) == "::: a\ntext\n:::"
    assert [(each.kind, each.line, each.detail) for each in converted.findings] == [
        (FindingKind.BLOCK_UNBALANCED, 1, ":::"),
        (FindingKind.BLOCK_UNBALANCED, 2, "a"),
    ]
