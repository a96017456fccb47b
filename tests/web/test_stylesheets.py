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
        columns = re.findall(r"grid-template(?:-columns)?: ([^;]+)", rule)
        if re.search(r"display: (inline-)?grid;", rule):
            assert columns or "inline-grid" in rule, f"{selector.strip()} has no columns"
        for each in columns:
            assert not SHARE.search(MINMAX.sub("", each)), f"{selector.strip()}: {each}"
