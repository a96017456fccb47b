from stepwell.transfer.source_text import (
    join_lines,
    number_of,
    single_spaced,
    split_lines,
    with_code_marked,
)


def test_lines_keep_their_numbers() -> None:
    lines = split_lines("a\nb", first=5)
    assert [(line.text, line.number) for line in lines] == [("a", 5), ("b", 6)]
    assert join_lines(lines) == "a\nb"
    assert number_of(lines, 2) == 6
    assert number_of(lines, 99) == 6
    assert number_of((), 1) == 1


def test_code_is_marked_from_fence_to_fence() -> None:
    text = "a\n```py\n# x\n~~~\n```\nb\n> ````\n```\n> ````\nc\n```inline``` d\ne"
    marked = [line.text for line, is_code in with_code_marked(split_lines(text)) if not is_code]
    assert marked == ["a", "b", "c", "```inline``` d", "e"]


def test_code_in_a_list_item_is_marked() -> None:
    text = "1. ```sh\n   ls\n   ```\nafter"
    marked = [line.text for line, is_code in with_code_marked(split_lines(text)) if not is_code]
    assert marked == ["after"]


def test_blank_lines_are_joined_outside_code() -> None:
    lines = single_spaced(split_lines("a\n\n\n\nb\n```\n\n\n```"))
    assert join_lines(lines) == "a\n\nb\n```\n\n\n```"
