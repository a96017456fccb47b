"""What every style sheet keeps to."""

import re
from pathlib import Path

import pytest

from stepwell import web

SHEETS = sorted((Path(web.__file__).parent / "static" / "css").rglob("*.css"))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# A share outside of minmax() is never narrower than its content: a long word makes the page scroll.
SHARE = re.compile(r"\d+fr\b")
MINMAX = re.compile(r"minmax\((?:[^()]|\([^()]*\))*\)")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_columns_of_grids_may_be_narrower_than_their_content(sheet: Path) -> None:
    for selector, rule in RULE.findall(sheet.read_text()):
        for each in re.findall(r"grid-template(?:-columns)?: ([^;]+)", rule):
            assert not SHARE.search(MINMAX.sub("", each)), f"{selector.strip()}: {each}"


def test_grids_without_columns_of_their_own_have_one_that_may_be_narrow() -> None:
    reset = next(sheet for sheet in SHEETS if sheet.name == "reset.css")
    assert ("*", "grid-template-columns: minmax(0, 1fr);") in [
        (selector.split("*/")[-1].strip(), rule.strip())
        for selector, rule in RULE.findall(reset.read_text())
    ]


def test_marks_of_tasks_are_no_boxes_or_rings_to_tick() -> None:
    prose = next(sheet for sheet in SHEETS if sheet.name == "prose.css")
    marks = [
        rule
        for selector, rule in RULE.findall(prose.read_text())
        if "li.task" in selector or "checkbox" in selector
    ]
    assert marks
    assert not any("border: 2px" in rule or "radius: 50%" in rule for rule in marks)


def test_no_rule_tells_left_from_right_in_paddings_and_margins() -> None:
    four = re.compile(
        r"(?:padding|margin): ((?:[^ ;()]|\([^()]*\))+(?: (?:[^ ;()]|\([^()]*\))+){3});"
    )
    physical = re.compile(r"(?:padding|margin|border)-(?:left|right)|text-align: (?:left|right)")
    for sheet in SHEETS:
        text = sheet.read_text()
        assert not four.findall(text), sheet.name
        assert not physical.findall(text), sheet.name
