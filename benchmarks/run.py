"""One run: every page of one school on one database, the floors beside them, and the facts.

Import it when Django is set up.
"""

import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks import sql
from benchmarks.load import Load, put_load
from benchmarks.pages import FLOORS, HTML, PAGES, SQL, Page, School
from benchmarks.sample import Answer, WrongAnswer, check, count_changed
from benchmarks.server import Server, serve
from benchmarks.shapes import SHAPES
from benchmarks.visits import Learner, Visit, settle_points, signed_in
from stepwell.core import clock
from stepwell.gamification.rules import is_on

HERE = Path(__file__).parent
SITE = "stepwell.config.settings"
VISITS = 20_000  # different ones of each page, far more than a worker could keep the answers to
FASTEST = 5_000  # answers a second: as many changes are prepared
MOST_RECORDED = 50  # visits of a page that only reads
CHANGES_PER_SAMPLE = 2  # more are recorded, because their SQL can be run only once
MOST_CHANGES = 20_000  # to choose one of each learner from
NOBODY = Learner(0, "", "")
# The sessions of a floor that does not have the site's own.
ENGINES = {
    "cookie": "django.contrib.sessions.backends.signed_cookies",
    "stock": "django.contrib.sessions.backends.db",
}

Row = dict[str, Any]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to run; `sample` visits of each page are read in full, `starts` are timed."""

    size: str
    folder: Path
    seconds: int
    connections: int
    workers: int
    most_learners: int
    encodings: str
    pages: tuple[str, ...]
    has_floors: bool
    sample: int
    starts: int


class Run:
    """A run on the site that Django is set up for; `tell` is given the name of each step."""

    def __init__(self, plan: Plan, tell: Callable[[str], None]) -> None:
        self.plan = plan
        self.tell = tell
        self.log = plan.folder / "server.log"
        self.engine = settings.SESSION_ENGINE

    def measure(self) -> dict[str, Any]:
        """Return the facts, and the figures of all pages and floors. Raises `WrongAnswer`."""
        self.log.unlink(missing_ok=True)
        seconds_to_ready = self._time_starts()
        pages = [PAGES[name] for name in self.plan.pages]
        with self._school() as school:
            with serve(SITE, self.log) as server:
                rows = [self._measure(page, school, server) for page in pages]
                facts = self._facts(len(school.learners)) | {
                    "seconds_to_ready": seconds_to_ready,
                    "peak_memory": server.peak_memory(),
                    "shared_memory": server.shared_memory(),
                }
            recordings = self._record(pages, school)
        rows = [row | _database_figures(recordings[row["name"]]) for row in rows]
        is_wanted = self.plan.has_floors
        return {
            "facts": facts,
            "pages": rows,
            "floors": list(self._measure_floors()) if is_wanted else [],
            "sql": list(self._measure_sql(recordings)) if is_wanted else [],
        }

    def measure_named(self, names: Iterable[str]) -> Iterator[Row]:
        """Yield the figures of the pages with these names, one after the other, on one server."""
        with self._school() as school, serve(SITE, self.log) as server:
            for name in names:
                yield self._measure(PAGES[name], school, server)

    @contextmanager
    def _school(self) -> Iterator[School]:
        """Sign learners in, and award their missing points."""
        with signed_in(self.plan.most_learners, self.engine, has_tokens=True) as learners:
            self.tell("points")
            settle_points(learners)
            yield School(learners)

    def _time_starts(self) -> float:
        """Return the seconds from the start of the command until it answers, the median of some."""
        self.tell("start")
        times = []
        for _start in range(self.plan.starts + 1):
            with serve(SITE, self.log) as server:
                times.append(server.seconds_to_ready)
        return statistics.median(times[1:])  # the first one had to prepare static files

    def _measure(self, page: Page, school: School, server: Server) -> Row:
        """Put load on a page of which a sample has been read before."""
        self.tell(page.name)
        plan = self.plan
        sampled = page.some_visits(school, plan.sample, plan.encodings)
        known = check(page, school, sampled, server.host, plan.connections)
        is_change = page.changes_to is not None
        count = plan.seconds * FASTEST if is_change else VISITS
        visits = page.some_visits(school, count, plan.encodings)
        load = self._put(page, visits, known, server)
        if is_change and count_changed(page, visits) < load.answers:
            raise WrongAnswer(f"{page.name}: fewer changes are in the database than were answered.")
        return {"name": page.name, **asdict(load)}

    def _put(
        self, page: Page, visits: Sequence[Visit], known: Sequence[Answer], server: Server
    ) -> Load:
        plan = self.plan
        return put_load(
            page,
            visits,
            known,
            server,
            seconds=plan.seconds,
            connections=plan.connections,
            folder=plan.folder,
        )

    def _record(self, pages: Sequence[Page], school: School) -> dict[str, sql.Recording]:
        """Record the SQL of each page, and keep it for the floor that runs it again.

        The SQL of a change can be run once, so no two changes are of one learner: each was recorded
        as if it alone gave them points.
        """
        recordings = {}
        for page in pages:
            self.tell(f"queries of {page.name}")
            if page.changes_to is not None:
                alike = [each for each in pages if each.changes_to == page.changes_to]
                seen = school.among(school.learners[alike.index(page) :: len(alike)])
                every = page.some_visits(seen, MOST_CHANGES, self.plan.encodings)
                visits = list({visit.learner.id: visit for visit in every}.values())
                visits = visits[: self.plan.sample * CHANGES_PER_SAMPLE]
            else:
                count = min(self.plan.sample, MOST_RECORDED)
                visits = page.some_visits(school, count, self.plan.encodings)
            recordings[page.name] = sql.record(visits, school.warm_ups(visits))
            sql.write(page.name, recordings[page.name])
        return recordings

    def _measure_floors(self) -> Iterator[Row]:
        for name, page in FLOORS.items():
            engine = ENGINES.get(name, self.engine)
            with (
                signed_in(self.plan.most_learners, engine) as learners,
                serve(f"benchmarks.floors.{name}", self.log) as server,
            ):
                yield self._measure(page, School(learners), server)

    def _measure_sql(self, recordings: dict[str, sql.Recording]) -> Iterator[Row]:
        with serve("benchmarks.floors.sql", self.log) as server:
            for name, recording in recordings.items():
                self.tell(f"SQL of {name}")
                load = self._put(
                    replace(SQL, changes_to=PAGES[name].changes_to),
                    [Visit(NOBODY, f"/sql/{name}/{n}/") for n in range(len(recording.visits))],
                    [Answer(200, HTML, "", b"ok")],
                    server,
                )
                yield {"name": name, **asdict(load)}

    def _facts(self, learners: int) -> Facts:
        plan = self.plan
        return {
            "date": f"{clock.now():%Y-%m-%d %H:%M} UTC",
            "commit": _commit(),
            "size": plan.size,
            **asdict(SHAPES[plan.size]),
            **_database(),
            "connections": plan.connections,
            "workers": plan.workers,
            "seconds": plan.seconds,
            "encodings": plan.encodings,
            "signed_in": learners,
            "points": is_on(),
            "cores": len(os.sched_getaffinity(0)),
            "python": platform.python_version(),
        }


def _database() -> Facts:
    """Return which database it is, how large, and what it does before it says “saved”."""
    version, size, durability = {
        "sqlite": (
            "SELECT sqlite_version()",
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            ["PRAGMA journal_mode", "PRAGMA synchronous"],
        ),
        "postgresql": (
            "SHOW server_version",
            "SELECT pg_database_size(current_database())",
            ["SHOW fsync", "SHOW synchronous_commit"],
        ),
    }[connection.vendor]

    def ask(query: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    return {
        "database": connection.vendor,
        "database_version": ask(version),
        "database_bytes": ask(size),
        "durability": ", ".join(f"{query.split()[1]} {ask(query)}" for query in durability),
    }


def _commit() -> str:
    """Return the commit under test, with a plus where files differ from it."""

    def git(*words: str) -> str:
        asked = subprocess.run(
            ["git", *words], cwd=HERE, capture_output=True, text=True, check=False
        )
        return asked.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def _database_figures(recording: sql.Recording) -> Row:
    count = len(recording.visits)
    return {
        "queries": sum(recording.queries) / count,
        "database": recording.seconds * 1000 / count,
    }
