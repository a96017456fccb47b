"""The command `bin/bench`."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import psycopg

from benchmarks.growth import measure_growth
from benchmarks.report import NotComparable, as_markdown, get_pages_apart, get_slower
from benchmarks.shapes import SHAPES

if TYPE_CHECKING:  # it needs Django set up
    from benchmarks.run import Run

BROWSERS_ACCEPT = "gzip, deflate, br, zstd"
DATA = Path("build/bench")
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
START = time.perf_counter()
SHORT = ("--seconds", "5", "--part", "0.1")
FILE = click.Path(dir_okay=False, path_type=Path)
RESULT = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--size", type=click.Choice(list(SHAPES)), default="reference", show_default=True)
@click.option("--database", default="sqlite", metavar="sqlite|postgresql://…", show_default=True)
@click.option("--seconds", type=click.IntRange(1), default=8, show_default=True, help="Per page.")
@click.option("--connections", type=click.IntRange(1), default=16, show_default=True)
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True)
@click.option(
    "--learners",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="Signed in, at most.",
)
@click.option("--pages", multiple=True, metavar="NAME", help="Only this page; may be repeated.")
@click.option("--floors/--no-floors", default=True, help="Measure what pages are held against too.")
@click.option("--compression/--no-compression", default=True, help="Accept what browsers accept.")
@click.option("--points/--no-points", default=True, help="Reward learning, as sites do.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
@click.option("--output", type=FILE, help="Result as JSON.  [default: in the data folder]")
@click.option("--quick", is_flag=True, help="Prove that all of this works; the figures say little.")
@click.pass_context
def main(context: click.Context, /, quick: bool, **options: Any) -> None:
    """Measure how fast the site is, on a made-up school; see benchmarks/README.md."""
    context.obj = options
    # Being told to end must end the server too, which `finally` does.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    if context.invoked_subcommand:
        return
    if quick:
        for database in _databases():
            given = ["--size", "quick", "--seconds", "1", "--data", str(options["data"])]
            command = [sys.executable, "-m", "benchmarks", *given, "--database", database]
            rest = ["slow-clients", *SHORT], ["kill", "--rounds", "3"], ["start", "--rounds", "1"]
            for more in ([], *rest):
                subprocess.run([*command, *more], check=True)
        return
    run(**options)


def run(*, output: Path | None, **options: Any) -> None:
    """Do one run, print its report, and keep its result."""
    made = _prepare(**options)
    result = made.measure()
    target = output or made.plan.folder.with_suffix(".json")
    target.write_text(json.dumps(result, indent=1))
    click.echo(as_markdown(result))
    click.echo(f"\nKept in {target}.", err=True)


@main.command()
@click.option("--editor", is_flag=True, help="As documents of the visual editor, not as pages.")
def texts(*, editor: bool) -> None:
    """Measure the worst texts that the limits permit; needs no school."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
    django.setup()
    from benchmarks.texts import measure_texts

    click.echo("| text | characters | CPU in s | memory in MiB | HTML |\n|---|---:|---:|---:|---:|")
    for each in measure_texts(in_editor=editor):
        click.echo(
            f"| {each.name} | {each.size:,} | {each.seconds:.2f} | {each.mib} | {each.html:,} |"
        )


@main.command()
@click.option("--beside", type=click.Choice(list(SHAPES)), default="large", show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@click.pass_context
def growth(context: click.Context, /, beside: str, rounds: int) -> None:
    """Compare a size with another BESIDE it: both are served, and pages get load in turn."""
    size = context.obj["size"]
    if beside == size:
        raise click.UsageError("Both sides are of one size; name another by --size or --beside.")
    given = sys.argv[1 : sys.argv.index("growth")]  # of two sizes among them, the last one holds
    click.echo(f"| page, p50 in ms | {size} | {beside} | |\n|---|---:|---:|---:|")
    sides = [[*given, "--size", each] for each in (size, beside)]
    for page, (here, there) in measure_growth(sides, rounds):
        click.echo(f"| {page} | {here:.1f} | {there:.1f} | {there / here:.2f} × |")


@main.command(hidden=True)
@click.pass_obj
def on_demand(options: dict[str, Any]) -> None:
    """Say which pages there are, then measure those that lines of the input name, all in JSON."""
    made = _prepare(**options)

    def names() -> Iterator[str]:
        click.echo(json.dumps(made.plan.pages))  # when the first is asked for, the site is served
        for line in sys.stdin:
            yield line.strip()

    for row in made.measure_named(names()):
        click.echo(json.dumps(row))


@main.command()
@click.argument("old", type=RESULT)
@click.argument("new", type=RESULT)
@click.option("--threshold", default=0.15, show_default=True, help="How much worse is too much.")
def compare(old: Path, new: Path, threshold: float) -> None:
    """Say what got slower from OLD to NEW, two results of runs. Exit code 1 if anything did."""
    before, after = _result(old), _result(new)
    if apart := get_pages_apart(before, after):
        click.echo(f"Not compared, being in one of them only: {', '.join(apart)}.", err=True)
    try:
        slower = get_slower(before, after, threshold)
    except NotComparable as error:
        raise click.ClickException(f"These are different runs. {error}") from None
    for line in slower:
        click.echo(line)
    if slower:
        sys.exit(1)
    click.echo(f"Nothing is worse by more than {threshold:.0%}.")


@main.command("slow-clients")
@click.option("--seconds", "lasting", type=click.IntRange(1), default=120, show_default=True)
@click.option("--part", type=click.FloatRange(0, 1), default=1.0, help="Of the whole crowd.")
@click.pass_obj
def slow_clients(options: dict[str, Any], lasting: int, part: float) -> None:
    """Let hundreds of clients send and read slowly, and say what visitors wait meanwhile."""
    made = _prepare(**options | {"size": "quick"})
    from benchmarks.slow_clients import Crowd, measure, open_site

    crowd = Crowd(**{name: round(count * part) for name, count in asdict(Crowd()).items()})
    click.echo(crowd)
    with open_site(made.log) as site:
        seen = asyncio.run(measure(site, crowd, lasting))
    click.echo("| page | visits | p99 in ms |\n|---|---:|---:|")
    for page, waits in seen.waits.items():
        click.echo(f"| {page} | {len(waits)} | {seen.p99(page):.0f} |")
    click.echo(f"Uploaded: {seen.uploaded} of {crowd.uploads}. Half-sent and ended: ", nl=False)
    ended = seen.ended_after
    click.echo(f"{len(ended)}, after {min(ended):.0f} to {max(ended):.0f} s." if ended else "none.")
    grown = (seen.memory_at_most - seen.memory_before) / 1024**2
    click.echo(f"Memory: {seen.memory_before / 1024**2:.0f} MB before, grown by {grown:.0f} MB.")
    for line, count in Counter(seen.wrong).most_common(10):
        click.echo(f"Wrong: {line} ({count} times)")
    if seen.wrong:
        sys.exit(1)


@main.command("slow-services")
@click.pass_obj
def slow_services(options: dict[str, Any]) -> None:
    """Let mail server and issuer hardly answer, and say what visitors wait meanwhile."""
    made = _prepare(**options | {"size": "quick"})
    from benchmarks.slow_services import measure

    click.echo("| beside | page | visits | slowest in ms |\n|---|---|---:|---:|")
    wrong = []
    for title, waits in measure(made.log):
        for page, seconds in waits.visits.items():
            click.echo(f"| {title} | {page} | {len(seconds)} | {max(seconds) * 1000:.0f} |")
        if waits.requests:
            longest = max(waits.requests) * 1000
            click.echo(f"| {title} | each of these | {len(waits.requests)} | {longest:.0f} |")
        wrong += waits.wrong
    for line, count in Counter(wrong).most_common(10):
        click.echo(f"Wrong: {line} ({count} times)")
    if wrong:
        sys.exit(1)


@main.command()
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
@click.pass_obj
def start(options: dict[str, Any], rounds: int) -> None:
    """Say what a start takes on an existing site, part by part, and beside an empty view."""
    made = _prepare(**options)
    from benchmarks.start import measure

    click.echo("| part | seconds |\n|---|---:|")
    for name, seconds in measure(rounds, made.log).items():
        click.echo(f"| {name} | {seconds:.2f} |")


@main.command()
@click.option("--rounds", type=click.IntRange(1), default=30, show_default=True)
@click.pass_obj
def kill(options: dict[str, Any], rounds: int) -> None:
    """Kill the server while lessons are completed, again and again, and look for what is lost."""
    made = _prepare(**options)
    from benchmarks.kill import kill_rounds

    total, lost = 0, []
    for count, missing in kill_rounds(rounds, made.log):
        total += count
        lost += missing
        _tell(f"{count} acknowledged, {len(missing)} lost")
    click.echo(f"{rounds} rounds, {total} completions acknowledged, {len(lost)} lost.")
    if lost or not total:
        sys.exit(1)


def _result(file: Path) -> dict[str, Any]:
    """Read what a run has kept."""
    try:
        result: dict[str, Any] = json.loads(file.read_text())
        as_markdown(result)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise click.ClickException(f"{file} is not a result of bin/bench.") from None
    return result


def _prepare(
    *,
    size: str,
    database: str,
    data: Path,
    pages: tuple[str, ...],
    floors: bool,
    compression: bool,
    points: bool,
    seconds: int,
    connections: int,
    workers: int,
    learners: int,
    **_rest: object,
) -> "Run":
    """Set Django up for the school, which is made if need be, and return the run on it."""
    from benchmarks.school import fill_once, open_site

    if database != "sqlite" and not database.startswith(("postgresql://", "postgres://")):
        raise click.UsageError("--database is sqlite, or an address that begins with postgresql://")
    name = f"{size}-{'sqlite' if database == 'sqlite' else 'postgresql'}"
    folder = data.resolve() / name
    try:
        open_site(folder, database, size, workers, has_points=points)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise click.ClickException(f"The database does not answer. {reason}") from None
    from benchmarks.pages import PAGES
    from benchmarks.run import Plan, Run

    if unknown := set(pages) - set(PAGES):
        raise click.UsageError(f"No page {', '.join(unknown)}. There are {', '.join(PAGES)}.")
    fill_once(SHAPES[size], folder, _tell)
    plan = Plan(
        size=size,
        folder=folder,
        seconds=seconds,
        connections=connections,
        workers=workers,
        most_learners=learners,
        encodings=BROWSERS_ACCEPT if compression else "",
        pages=pages or tuple(PAGES),
        has_floors=floors,
        sample=20 if size == "quick" else 200,
        starts=1 if size == "quick" else 3,
    )
    return Run(plan, _tell)


def _databases() -> list[str]:
    """Return SQLite and, where one answers, PostgreSQL."""
    postgres = os.environ.get("STEPWELL_TEST_POSTGRES", POSTGRES)
    try:
        psycopg.connect(postgres, connect_timeout=3).close()
    except psycopg.OperationalError:
        click.echo(f"LEFT OUT: PostgreSQL, none answers at {postgres}", err=True)
        if os.environ.get("CI"):
            raise click.ClickException("In CI nothing may be left out.") from None
        return ["sqlite"]
    return ["sqlite", postgres]


def _tell(step: str) -> None:
    click.echo(f"{time.perf_counter() - START:7.1f} s  {step}", err=True)


if __name__ == "__main__":
    main(prog_name="bin/bench")
