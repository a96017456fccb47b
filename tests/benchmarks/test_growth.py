"""Two schools side by side, as the command serves and asks them."""

from pathlib import Path

import pytest

from benchmarks.growth import SideEnded, measure_growth

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def as_the_command_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sides find the code."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", "src:.")


def test_sides_take_turns_and_tell_each_page(tmp_path: Path) -> None:
    options = ["--size=quick", "--seconds=1", "--workers=1", "--learners=20"]
    pages = ["--pages=api-next-lesson", "--pages=reopen"]
    sides = [[*options, f"--data={tmp_path / name}", *pages] for name in ("one", "other")]

    rows = dict(measure_growth(sides, rounds=2))

    assert list(rows) == ["api-next-lesson", "reopen"]
    assert all(p50 > 0 for times in rows.values() for p50 in times)
    assert [len(times) for times in rows.values()] == [2, 2]


def test_a_side_that_can_not_be_served_says_why(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SideEnded):
        list(measure_growth([["--size=quick", f"--data={tmp_path}", "--pages=nowhere"]], rounds=1))

    assert "No page nowhere." in capfd.readouterr().err
