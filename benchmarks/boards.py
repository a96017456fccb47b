"""The leaderboard on the ledger of `benchmarks.ledger`: what boards, looks and awards take."""

import random
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from subprocess import Popen
from typing import Any

import click
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from benchmarks import ledger
from benchmarks.sql import OF_TRANSACTIONS
from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.actions import keep_boards
from stepwell.gamification.models import Period, PointEntry
from stepwell.gamification.queries import get_leaderboard
from stepwell.gamification.rules import Rule, points_for

LOOKS = 200  # on each board
ROUNDS = 3  # of making all boards
AWARDS = 1_000  # at least, beside boards that are made
SAMPLE = 100  # learners whose place is compared with the whole ledger
HEAD = ("queries", "median ms", "p95 ms", "max ms", "by the clock, median ms")
# Another process, as the worker is.
MAKER = """
from datetime import datetime
from stepwell.core import clock
from stepwell.gamification.actions import keep_boards
with clock.at(datetime.fromisoformat("{now}")):
    keep_boards()
"""


class Wrong(Exception):
    """A board does not say what the ledger does; the whole run counts for nothing."""


class Watched(CursorWrapper):
    """A cursor that adds up its queries and the seconds until it had all of their rows."""

    queries = 0
    seconds = 0.0

    def execute(self, sql: Any, params: Any = None) -> Any:
        Watched.queries += not str(sql).startswith(OF_TRANSACTIONS)
        return self._timed(partial(super().execute, sql, params))

    def fetchone(self) -> Any:
        return self._timed(self.cursor.fetchone)

    def fetchmany(self, *size: Any) -> Any:
        return self._timed(partial(self.cursor.fetchmany, *size))

    def fetchall(self) -> Any:
        return self._timed(self.cursor.fetchall)

    def _timed(self, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        try:
            return work()
        finally:
            Watched.seconds += time.perf_counter() - start


def _watch(connection: Any, cursor: Any) -> Watched:
    return Watched(cursor, connection)


class Taken:
    """What some work took, each time: queries, seconds of the database, seconds by the clock."""

    def __init__(self) -> None:
        self.queries: list[int] = []
        self.database: list[float] = []
        self.clock: list[float] = []

    @contextmanager
    def once_more(self) -> Iterator[None]:
        """Measure what happens inside."""
        Watched.queries, Watched.seconds = 0, 0.0
        make_cursor = partial(_watch, connection)
        connection.make_cursor = make_cursor  # type: ignore[method-assign]  # until the block ends
        start = time.perf_counter()
        try:
            yield
        finally:
            self.clock.append(time.perf_counter() - start)
            del connection.make_cursor
        self.queries.append(Watched.queries)
        self.database.append(Watched.seconds)

    def row(self, *names: str) -> str:
        """Return a row of a Markdown table."""
        least, most = min(self.queries), max(self.queries)
        ascending = sorted(self.database)
        times = [median(ascending), ascending[len(ascending) * 95 // 100], ascending[-1]]
        cells = [*names, str(most) if least == most else f"{least} to {most}"]
        cells += [f"{seconds * 1000:.2f}" for seconds in (*times, median(self.clock))]
        return f"| {' | '.join(cells)} |"


class Measurement:
    """One run, at the moment at which the ledger ends; its tables go to the terminal."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self.chance = random.Random(7)  # the same learners in each run
        learners = User.objects.filter(role=Role.LEARNER).order_by("pk")
        self.learners = list(learners.values_list("pk", flat=True))
        self.course = Course.objects.order_by("pk")[0]
        self.boards = [(period, course) for course in (None, self.course) for period in Period]

    def run(self) -> None:
        """Make all boards, look at them, and compare what is seen with the ledger.

        Raises `Wrong`.
        """
        with clock.at(ledger.NOW):
            version = ".".join(map(str, connection.get_database_version()))
            click.echo(
                f"\n{connection.vendor} {version}: {len(self.learners):,} learners, "
                f"{PointEntry.objects.count():,} entries\n"
            )
            self.make()
            sums = [self.sums(period, course) for period, course in self.boards]
            self.look(sums)
            self.tell("comparing boards with the ledger")
            self.prove(sums)
            self.give_meanwhile()

    def make(self) -> None:
        """Make all boards as the worker does each minute."""
        for _time in range(ROUNDS):
            self.tell("making all boards")
            taken = Taken()
            with taken.once_more():
                count = keep_boards()
            click.echo(
                f"Making {count} boards took {taken.clock[0]:.1f} s by the clock, "
                f"{taken.database[0]:.1f} s of the database, {taken.queries[0]} queries."
            )

    def sums(self, period: Any, course: Course | None) -> dict[int, int]:
        """Return the points of each listed learner of a board, from the whole ledger."""
        hidden = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
        unlisted = User.objects.filter(participation__is_listed=False)
        hidden |= set(unlisted.values_list("pk", flat=True))
        entries = PointEntry.objects.filter(at__gte=ledger.since(period))
        if course:
            entries = entries.filter(course=course)
        rows = entries.values("user").annotate(n=Sum("points")).values_list("user", "n")
        return {user: points for user, points in rows if points > 0 and user not in hidden}

    def look(self, sums: list[dict[int, int]]) -> None:
        """Have learners with points on a board look at it, as the page does."""
        click.echo(f"\n| {' | '.join(['a look', 'learners', *HEAD])} |")
        click.echo(f"|---|{'---:|' * (1 + len(HEAD))}")
        for (period, course), points in zip(self.boards, sums, strict=True):
            taken = Taken()
            for viewer in User.objects.filter(pk__in=self._some(list(points), LOOKS)):
                with taken.once_more():
                    board = get_leaderboard(viewer, period, course)
                if len(board.top) < min(len(points), 10) or board.own is None:
                    raise Wrong(f"{period}: a learner's row is missing.")
            click.echo(
                taken.row(f"{period}, {'a course' if course else 'site'}", f"{len(points):,}")
            )

    def prove(self, sums: list[dict[int, int]]) -> None:
        """Compare what learners are shown with ranks that are worked out from the whole ledger."""
        for (period, course), points in zip(self.boards, sums, strict=True):
            ascending = sorted(points.values())

            def rank(of: int, ascending: list[int] = ascending) -> int:
                return 1 + len(ascending) - bisect_right(ascending, of)

            for viewer in User.objects.filter(pk__in=self._some(list(points), SAMPLE)):
                board = get_leaderboard(viewer, period, course)
                own = board.own
                if own is None or own.points != points[viewer.pk]:
                    raise Wrong(f"{period}: {viewer.handle} is shown {own}.")
                for place in (*board.top, *board.around):
                    if place.rank != rank(place.points):
                        raise Wrong(f"{period}: {place} has another rank.")
                if [place.points for place in board.top] != ascending[:-11:-1]:
                    raise Wrong(f"{period}: others are the first ten.")
        click.echo(
            "\nThe first ten of these boards, and ranks of a sample, agree with the ledger.\n"
        )

    def give_meanwhile(self) -> None:
        """Give points to one learner after another, without and with boards being made."""
        maker = "import django; django.setup()\n" + MAKER.format(now=ledger.NOW)
        for name, code in {"nothing else": "", "boards being made": maker}.items():
            with Popen([sys.executable, "-c", code]) as process:
                taken = Taken()
                while process.poll() is None or len(taken.clock) < AWARDS:
                    with taken.once_more():
                        self._give(self.chance.choice(self.learners))
            ascending = sorted(taken.clock)
            click.echo(
                f"{len(ascending)} awards beside {name}: median {median(ascending) * 1000:.2f} ms, "
                f"p99 {ascending[len(ascending) * 99 // 100] * 1000:.2f} ms by the clock."
            )

    def _some(self, users: Sequence[int], count: int) -> list[int]:
        return self.chance.sample(users, min(count, len(users)))

    def _give(self, user: int) -> None:
        """Add an entry, as completing a lesson does."""
        PointEntry.objects.create(
            user_id=user,
            rule=Rule.LESSON,
            subject=time.time_ns(),  # no lesson's, and never the same
            points=points_for(Rule.LESSON),
            at=clock.now(),
            day=clock.now().date(),
            course=self.course,
        )
