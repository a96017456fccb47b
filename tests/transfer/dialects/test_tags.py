from stepwell.transfer.dialects.tags import read_tag


def test_attributes_and_expressions_are_told_apart() -> None:
    tag = read_tag("""<Tip warning title="a &amp; b" n=3 on={ {x: "}"} } {fw} />rest""", 0)
    assert tag is not None
    assert tag.attributes == {"warning": "", "title": "a & b", "n": "3"}
    assert tag.expressions == {"on": '{x: "}"}'}
    assert (tag.is_empty, tag.is_closing) == (True, False)


def test_a_closing_tag_is_known() -> None:
    tag = read_tag("x</Tip>", 1)
    assert tag is not None
    assert (tag.name, tag.is_closing, tag.end) == ("Tip", True, 7)


def test_what_is_no_whole_tag_is_none() -> None:
    for text in ("<", "<1>", "< Tip>", "<Tip", "<Tip a=", "<Tip a={", '<Tip a="', "<Tip ?>"):
        assert read_tag(text, 0) is None
