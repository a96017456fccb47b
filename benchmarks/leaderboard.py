"""How long the leaderboard takes with a million learners, and whether it says what is so.

PYTHONPATH=src:. .venv/bin/python -m benchmarks.leaderboard --database postgresql://…
"""

import time
from pathlib import Path

import click
import psycopg

from benchmarks.school import make_once, open_site

DATA = Path("build/bench")
START = time.perf_counter()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", default="sqlite", metavar="sqlite|postgresql://…", show_default=True)
@click.option("--learners", type=click.IntRange(1000), default=1_000_000, show_default=True)
@click.option("--entries", type=click.IntRange(1000), default=10_000_000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
def main(database: str, learners: int, entries: int, data: Path) -> None:
    """Measure the leaderboard on a made-up ledger; see benchmarks/README.md."""
    folder = data.resolve() / f"leaderboard-{'sqlite' if database == 'sqlite' else 'postgresql'}"
    try:
        open_site(folder, database, "leaderboard", 1, has_points=True)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise click.ClickException(f"The database does not answer. {reason}") from None
    from benchmarks import ledger
    from benchmarks.boards import Measurement, Wrong

    shape = ledger.LedgerShape(learners, entries)
    make_once(
        folder,
        repr(shape),
        ["ledger.py", "generate.py", "lesson.md"],
        lambda: ledger.fill(shape, _tell),
    )
    try:
        Measurement(_tell).run()
    except Wrong as error:
        raise click.ClickException(str(error)) from None


def _tell(step: str) -> None:
    click.echo(f"{time.perf_counter() - START:7.1f} s  {step}", err=True)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.leaderboard")
