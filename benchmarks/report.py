"""The result of a run in words, and what differs between two of them."""

from collections.abc import Iterator, Mapping
from typing import Any

Result = Mapping[str, Any]
Row = Mapping[str, Any]
MB = 2**20
COLUMNS = {
    "requests/s": ("per_second", "{:,.0f}"),
    "of `stock`": ("of_stock", "{:.2f} ×"),
    "p50 ms": ("p50", "{:.1f}"),
    "p95 ms": ("p95", "{:.1f}"),
    "p99 ms": ("p99", "{:.1f}"),
    "CPU ms": ("cpu", "{:.2f}"),
    "queries": ("queries", "{:.1f}"),
    "database ms": ("database", "{:.2f}"),
    "bytes": ("bytes", "{:,.0f}"),
    "elsewhere": ("elsewhere", "{:.1f}"),
}
# What `compare` looks at: whether more of it is better, and whether it depends on the machine.
COMPARED = {
    "requests a second": ("per_second", True, True),
    "processor time": ("cpu", False, True),
    "queries": ("queries", False, False),
    "bytes": ("bytes", False, False),
}
# Results that differ in one of these say nothing about each other.
GIVEN = ("size", "database", "connections", "workers", "encodings")


class NotComparable(ValueError):
    """The two runs were not of the same thing."""


def as_markdown(result: Result) -> str:
    """Return the report as Markdown: the facts, the pages, the floors."""
    stock = _rows(result, "floors").get("stock")
    parts = [_facts(result["facts"]), _table("page", result["pages"], stock)]
    if result["floors"]:
        parts.append(_table("floor", result["floors"], stock))
    if result["sql"]:
        parts.append(_table("only the SQL of", result["sql"], stock))
    return "\n\n".join(parts)


def get_slower(old: Result, new: Result, threshold: float) -> list[str]:
    """Return a sentence for each figure of a page that is worse by more than `threshold`.

    A threshold of 0.1 is 10 %. Where both runs measured the floor `stock`, what depends on the
    machine is compared by its ratio to that. Raises `NotComparable`.
    """
    for name in GIVEN:
        if old["facts"][name] != new["facts"][name]:
            raise NotComparable(f"{name}: {old['facts'][name]} and {new['facts'][name]}")
    return list(_worse(old, new, threshold))


def get_pages_apart(old: Result, new: Result) -> list[str]:
    """Return the names of the pages that only one of the runs has measured."""
    return sorted(_rows(old, "pages").keys() ^ _rows(new, "pages").keys())


def _worse(old: Result, new: Result, threshold: float) -> Iterator[str]:
    before, after = _rows(old, "pages"), _rows(new, "pages")
    stocks = [_rows(result, "floors").get("stock") for result in (old, new)]
    for page in (page for page in before if page in after):
        for words, (name, is_more_better, is_of_machine) in COMPARED.items():
            was, now = before[page][name], after[page][name]
            first, second, beside = was, now, ""
            if is_of_machine and stocks[0] and stocks[1]:
                beside = " beside `stock`"
                first, second = was / stocks[0][name], now / stocks[1][name]
            if is_more_better:
                first, second = second, first
            if second > first * (1 + threshold):
                change = f"{(second / first - 1) * 100:.0f} % worse" if first else "new"
                yield f"{page}: {words} {was:,.2f} → {now:,.2f}, {change}{beside}"


def _rows(result: Result, kind: str) -> dict[str, Row]:
    return {row["name"]: row for row in result[kind]}


def _table(title: str, rows: list[Row], stock: Row | None) -> str:
    """Return a table with the columns that any of the rows has a figure for."""
    shown = [
        {**row, **({"of_stock": row["per_second"] / stock["per_second"]} if stock else {})}
        for row in rows
    ]
    columns = {
        head: column for head, column in COLUMNS.items() if any(column[0] in row for row in shown)
    }
    lines = [[title, *columns], ["---", *("---:" for _column in columns)]]
    for row in shown:
        figures = [
            shape.format(row[name]) if name in row else "" for name, shape in columns.values()
        ]
        lines.append([row["name"], *figures])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _facts(facts: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            f"**{facts['size']}**: {facts['courses']:,} courses of "
            f"{facts['modules'] * facts['lessons_per_module']} lessons, "
            f"{facts['learners']:,} learners in {facts['enrollments_per_learner']} courses each. "
            f"{facts['database']} {facts['database_version']}, "
            f"{facts['database_bytes'] / MB:,.0f} MB, {facts['durability']}.",
            "",
            f"- {facts['date']}, commit {facts['commit']}, Python {facts['python']}, "
            f"{facts['cores']} cores, load generator and database included",
            f"- {facts['connections']} connections, {facts['workers']} workers, "
            f"{facts['seconds']} s a page, "
            f"{facts['signed_in']:,} learners signed in, Accept-Encoding: "
            f"{facts['encodings'] or 'none'}{'' if facts['points'] else ', points turned off'}",
            f"- ready {facts['seconds_to_ready']:.2f} s after its start; peak memory "
            f"{facts['peak_memory'] / MB:.0f} MB, what processes share counted for each of them; "
            f"{facts['shared_memory'] / MB:.0f} MB at the end, counted once",
        ]
    )
