"""What a run says, and what two of them say together."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.report import NotComparable, as_markdown, get_slower


def a_row(name: str, per_second: float, **more: float) -> dict[str, Any]:
    figures = {"p50": 10.0, "p95": 20.0, "p99": 30.0, "cpu": 1.5, "bytes": 4000.0}
    return {"name": name, "per_second": per_second, **figures, **more}


@pytest.fixture
def result() -> dict[str, Any]:
    """Return the result of a run that never was."""
    return {
        "facts": {
            "size": "quick",
            "courses": 10,
            "modules": 5,
            "lessons_per_module": 8,
            "learners": 50,
            "enrollments_per_learner": 5,
            "database": "sqlite",
            "database_version": "3.40",
            "database_bytes": 2**22,
            "durability": "journal_mode wal, synchronous 2",
            "date": "2026-01-02 03:04 UTC",
            "commit": "abc1234",
            "python": "3.11.7",
            "cores": 2,
            "connections": 16,
            "workers": 2,
            "seconds": 8,
            "signed_in": 50,
            "points": True,
            "encodings": "gzip",
            "seconds_to_ready": 1.234,
            "peak_memory": 250 * 2**20,
            "shared_memory": 180 * 2**20,
        },
        "pages": [
            a_row("catalog", 500, queries=3.0, database=0.5),
            a_row("lesson", 800, queries=4.0, database=0.6),
        ],
        "floors": [a_row("stock", 1000)],
        "sql": [a_row("catalog", 2000)],
    }


def test_report_shows_every_page_with_its_figures(result: dict[str, Any]) -> None:
    text = as_markdown(result)

    assert "| catalog | 500 | 0.50 × | 10.0 | 20.0 | 30.0 | 1.50 | 3.0 | 0.50 | 4,000 |" in text
    assert "ready 1.23 s" in text
    assert "peak memory 250 MB" in text
    assert "| stock | 1,000 | 1.00 ×" in text


def test_report_without_floors_has_no_ratios(result: dict[str, Any]) -> None:
    text = as_markdown({**result, "floors": [], "sql": []})

    assert "stock" not in text


def test_nothing_is_slower_than_itself(result: dict[str, Any]) -> None:
    assert get_slower(result, result, 0.1) == []


def test_slower_page_is_named(result: dict[str, Any]) -> None:
    new = deepcopy(result)
    new["pages"][1]["per_second"] = 400

    assert get_slower(result, new, 0.1) == [
        "lesson: requests a second 800.00 → 400.00, 100 % worse beside `stock`"
    ]


def test_slower_machine_is_no_slower_page(result: dict[str, Any]) -> None:
    new = deepcopy(result)
    for row in [*new["pages"], *new["floors"]]:
        row["per_second"] /= 2
        row["cpu"] *= 2

    assert get_slower(result, new, 0.1) == []


def test_without_a_floor_figures_are_compared_as_they_are(result: dict[str, Any]) -> None:
    old = {**result, "floors": []}
    new = deepcopy(old)
    new["pages"][0]["cpu"] = 3.0

    assert get_slower(old, new, 0.1) == ["catalog: processor time 1.50 → 3.00, 100 % worse"]


@pytest.mark.parametrize("name", ["queries", "bytes"])
def test_more_queries_or_bytes_are_worse(name: str, result: dict[str, Any]) -> None:
    new = deepcopy(result)
    new["pages"][0][name] *= 1.5

    assert len(get_slower(result, new, 0.1)) == 1


def test_less_than_the_threshold_is_no_news(result: dict[str, Any]) -> None:
    new = deepcopy(result)
    new["pages"][0]["bytes"] *= 1.05

    assert get_slower(result, new, 0.1) == []


def test_runs_of_different_schools_are_not_compared(result: dict[str, Any]) -> None:
    new = deepcopy(result)
    new["facts"]["size"] = "large"

    with pytest.raises(NotComparable, match="size: quick and large"):
        get_slower(result, new, 0.1)


def test_compare_ends_with_1_when_something_is_slower(
    result: dict[str, Any], tmp_path: Path
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(result))
    result["pages"][0]["queries"] = 9.0
    new.write_text(json.dumps(result))

    worse = CliRunner().invoke(main, ["compare", str(old), str(new)])
    same = CliRunner().invoke(main, ["compare", str(new), str(new)])

    assert worse.exit_code == 1
    assert "catalog: queries 3.00 → 9.00, 200 % worse" in worse.output
    assert same.exit_code == 0


@pytest.mark.parametrize("text", ["no JSON", '{"a": 1}', "[]"])
def test_compare_refuses_what_is_no_result(
    text: str, result: dict[str, Any], tmp_path: Path
) -> None:
    true, other = tmp_path / "true.json", tmp_path / "other.json"
    true.write_text(json.dumps(result))
    other.write_text(text)

    for files in ([true, other], [other, true]):
        told = CliRunner().invoke(main, ["compare", *map(str, files)])
        assert told.exit_code == 1
        assert f"{other} is not a result of bin/bench." in told.output


def test_compare_names_the_pages_that_it_leaves_out(result: dict[str, Any], tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(result))
    result["pages"][0]["name"] = "another"
    new.write_text(json.dumps(result))

    told = CliRunner().invoke(main, ["compare", str(old), str(new)])

    assert "only: another, catalog" in told.output


@pytest.mark.parametrize("address", ["mysql://x", "x"])
def test_run_refuses_an_address_of_no_database_it_knows(address: str) -> None:
    told = CliRunner().invoke(main, ["--database", address])

    assert told.exit_code == 2
    assert "begins with postgresql://" in told.output
