from collections import Counter

from stepwell.core.markdown.anchors import _unique
from stepwell.core.markdown.rendering import render_markdown


def anchors_of(source: str) -> list[str]:
    return [heading.anchor for heading in render_markdown(source).headings]


def test_headings_of_the_same_words_are_numbered() -> None:
    assert anchors_of("# a\n# a\n# a") == ["a", "a-1", "a-2"]


def test_number_that_another_heading_has_is_skipped() -> None:
    assert anchors_of("# a-1\n# a\n# a\n# a-1") == ["a-1", "a", "a-2", "a-1-1"]


def test_numbering_goes_on_from_the_last_number() -> None:
    assert _unique("a", Counter({"a": 7})) == "a-8"
