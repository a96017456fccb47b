"""The leaderboard on the ledger of `benchmarks.ledger`: what looks and awards take."""

import random
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import click
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from benchmarks import ledger
from benchmarks.sql import OF_TRANSACTIONS
from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.actions import count_standings
from stepwell.gamification.actions.standings import recount
from stepwell.gamification.models import Period, PointEntry, ScoreCount, Standing
from stepwell.gamification.queries import get_leaderboard
from stepwell.gamification.queries.leaderboard import today
from stepwell.gamification.rules import Rule, points_for

LOOKS = 200  # on each board
BATCHES = 20  # of awards
AWARDS = 100  # in a batch, each to another learner
SAMPLE = 100  # learners whose standings are counted anew, and compared with the whole ledger
HEAD = ("queries", "median ms", "p95 ms", "max ms", "by the clock, median ms")


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
        connection.make_cursor = lambda cursor: Watched(cursor, connection)  # type: ignore[method-assign]  # for as long as this lasts
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
        """Prove the standings, look, award, look, prove what is seen, and turn the day.

        Raises `Wrong`.
        """
        with clock.at(ledger.NOW):
            self._run()

    def _run(self) -> None:
        count_standings()
        self.tell("counting a sample anew")
        self.prove_standings()
        version = ".".join(map(str, connection.get_database_version()))
        click.echo(
            f"\n{connection.vendor} {version}: {len(self.learners):,} learners, "
            f"{PointEntry.objects.count():,} entries, {Standing.objects.count():,} standings\n"
        )
        self.look("a look")
        self.award()
        self.look("a look right after an award", after_award=True)
        self.tell("comparing boards with the ledger")
        self.prove_boards()
        self.turn()

    def prove_standings(self) -> None:
        """Have a sample counted anew, which must change nothing."""
        sample = self.chance.sample(self.learners, SAMPLE)

        def counted() -> tuple[set[Any], set[Any], int]:
            standings = Standing.objects.filter(user__in=sample)
            scores = ScoreCount.objects.filter(learners__gt=0)
            return (
                set(standings.values_list("board", "user", "points")),
                set(scores.values_list("board", "points", "learners")),
                Standing.objects.count(),
            )

        before = counted()
        recount(sample)
        if counted() != before:
            raise Wrong("Counting learners anew changed their standings.")

    def look(self, title: str, *, after_award: bool = False) -> None:
        """Have learners with points on a board look at it, as the page does: count, then read."""
        _print_head(title, "learners", "scores")
        for period, course in self.boards:
            users = list(self._standings(period, course).values_list("user", flat=True))
            taken = Taken()
            for viewer in User.objects.filter(pk__in=self._some(users, LOOKS)):
                if after_award:
                    self._give(self._some(self.learners, 1))
                with taken.once_more():
                    count_standings()
                    board = get_leaderboard(viewer, period, course)
                if len(board.top) < min(len(users), 10) or board.own is None:
                    raise Wrong(f"{period}: a learner's row is missing.")
            of_board = self._standings(period, course).values("board")[:1]
            scores = ScoreCount.objects.filter(board=of_board, learners__gt=0).count()
            name = f"{period}, {'a course' if course else 'the site'}"
            click.echo(taken.row(name, f"{len(users):,}", f"{scores:,}"))

    def award(self) -> None:
        """Have new entries counted: of any learners, and of those who learn most."""
        busiest = self._standings(Period.ALL, None).best_first()[: BATCHES * AWARDS]
        _print_head(f"counting entries of {AWARDS} learners")
        for name, learners in {
            "any learners": self.learners,
            f"of the first {BATCHES * AWARDS:,}": list(busiest.values_list("user", flat=True)),
        }.items():
            taken = Taken()
            for _batch in range(BATCHES):
                self._give(self._some(learners, AWARDS))
                with taken.once_more():
                    count_standings()
            click.echo(taken.row(name))

    def prove_boards(self) -> None:
        """Compare what learners are shown with ranks that are worked out from the whole ledger."""
        hidden = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
        unlisted = User.objects.filter(participation__is_listed=False)
        hidden |= set(unlisted.values_list("pk", flat=True))
        for period, course in self.boards:
            entries = PointEntry.objects.filter(at__gte=ledger.since(period))
            if course:
                entries = entries.filter(course=course)
            rows = entries.values("user").annotate(n=Sum("points")).values_list("user", "n")
            sums = {user: points for user, points in rows if points > 0 and user not in hidden}
            ascending = sorted(sums.values())
            for viewer in User.objects.filter(pk__in=self._some(list(sums), SAMPLE)):
                board = get_leaderboard(viewer, period, course)
                own = board.own
                rank = 1 + len(sums) - _count_upto(ascending, sums[viewer.pk])
                if own is None or (own.points, own.rank) != (sums[viewer.pk], rank):
                    raise Wrong(f"{period}: {viewer.handle} is shown {own}, and is {rank}.")
                for place in (*board.top, *board.around):
                    if place.rank != 1 + len(sums) - _count_upto(ascending, place.points):
                        raise Wrong(f"{period}: {place} has another rank.")
                if [place.points for place in board.top] != ascending[:-11:-1]:
                    raise Wrong(f"{period}: others are the first ten.")
            # A learner each, so that nothing but the ledger is compared with all that is kept.
            held = dict(self._standings(period, course).values_list("user", "points"))
            if held != sums:
                raise Wrong(f"{period}: {len(held.items() ^ sums.items())} standings differ.")
        click.echo(
            "\nEvery standing of these boards, and ranks of a sample, agree with the ledger."
        )

    def turn(self) -> None:
        """Look when day, week and month are new, so that old boards go; all of it is undone."""
        _print_head("counting one entry while old boards go")
        for name, days in {"the next day": 1, "the next month": 2}.items():
            taken = Taken()
            with transaction.atomic(), clock.at(clock.now() + timedelta(days)):
                for _time in range(LOOKS):
                    self._give(self._some(self.learners, 1))
                    with taken.once_more():
                        count_standings()
                transaction.set_rollback(True)
            click.echo(taken.row(name))

    def _standings(self, period: Any, course: Any) -> Any:
        return Standing.objects.filter(
            board__period=period, board__starts_on=period.start(today()), board__course=course
        )

    def _some(self, users: Sequence[int], count: int) -> list[int]:
        return self.chance.sample(users, min(count, len(users)))

    def _give(self, users: Sequence[int]) -> None:
        """Add an entry for each of these, as completing a lesson does, which nobody has counted."""
        PointEntry.objects.bulk_create(
            PointEntry(
                user_id=user,
                rule=Rule.LESSON,
                subject=time.time_ns(),  # no lesson's, and never the same
                points=points_for(Rule.LESSON),
                at=clock.now(),
                day=clock.now().date(),
                course=self.course,
            )
            for user in users
        )


def _count_upto(ascending: Sequence[int], points: int) -> int:
    """Return how many have at most so many points."""
    return bisect_left(ascending, points + 1)


def _print_head(*names: str) -> None:
    click.echo(f"\n| {' | '.join([*names, *HEAD])} |")
    click.echo(f"|---|{'---:|' * (len(names) - 1 + len(HEAD))}")
