from pathlib import Path

from stepwell.transfer.findings import SENTENCES, Finding, FindingKind, Severity, in_order


def test_every_kind_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FindingKind)


def test_a_sentence_holds_the_detail_as_it_is() -> None:
    finding = Finding(FindingKind.LINK_BROKEN, "a.md", 3, "50%d.md")
    assert finding.sentence == "The link to 50%d.md leads nowhere; its text was kept."


def test_what_is_missing_weighs_more_than_what_has_another_form() -> None:
    assert Finding(FindingKind.LINK_BROKEN, "a.md").severity == Severity.WARNING
    assert Finding(FindingKind.EMBED_REPLACED, "a.md").severity == Severity.NOTE


def test_findings_are_ordered_by_place_and_named_once() -> None:
    one = Finding(FindingKind.LINK_BROKEN, "a.md", 3, "x")
    two = Finding(FindingKind.LINK_BROKEN, "a.md", 1, "y")
    three = Finding(FindingKind.PAGE_LEFT_OUT, "a.md")
    assert in_order([one, two, three, one]) == (three, two, one)


def test_every_kind_is_in_the_reference() -> None:
    reference = Path(__file__).parents[2] / "docs" / "reference" / "course-folder.md"
    text = reference.read_text(encoding="utf-8")
    assert [kind for kind in FindingKind if f"`{kind.value}`" not in text] == []
