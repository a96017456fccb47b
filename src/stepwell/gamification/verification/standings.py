"""Standings against the ledger that they are sums of."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Count

from stepwell.core.verification import Difference
from stepwell.gamification.actions.standings import (
    SUMMED,
    starts_today,
    sum_entries,
    wait_for_others,
)
from stepwell.gamification.models import Board, PointEntry, ScoreCount, Standing

Sums = dict[tuple[str, int | None], int]  # of one learner, by period and course


def find_differences() -> Iterator[Difference]:
    """Yield the standings of today's boards that are not what the ledger says."""
    suspects = [user for user, summed, kept in _learners() if _sums(summed) != kept]
    for user in suspects:
        with transaction.atomic():
            wait_for_others()
            summed = list(
                PointEntry.objects.filter(user=user, is_counted=True).values_list(*SUMMED)
            )
            expected, found = _sums(summed), _kept(_standings().filter(user=user))
        for board in sorted(expected.keys() | found.keys(), key=str):
            if expected.get(board) != found.get(board):
                period, course = board
                yield Difference(
                    f"standing of learner {user}, {period}, course {course or 'any'}",
                    f"{expected.get(board, 0)} points",
                    f"{found.get(board, 0)} points",
                )
    yield from _wrong_score_counts()


def _learners() -> Iterator[tuple[int, list[Any], Sums]]:
    """Yield each learner with counted entries and standings."""
    entries = PointEntry.objects.filter(is_counted=True).order_by("user_id").values_list(*SUMMED)
    standings = _standings().order_by("user_id")
    streams = [
        groupby(rows.iterator(chunk_size=2_000), key=itemgetter(0)) for rows in (entries, standings)
    ]
    heads = [_next(stream) for stream in streams]
    while any(heads):
        user = min(head[0] for head in heads if head)
        rows: list[list[Any]] = [[], []]
        for place, head in enumerate(heads):
            if head and head[0] == user:
                rows[place] = head[1]
                heads[place] = _next(streams[place])
        yield user, rows[0], _kept(rows[1])


def _next(stream: Iterator[tuple[int, Iterable[Any]]]) -> tuple[int, list[Any]] | None:
    user, rows = next(stream, (None, ()))
    return None if user is None else (user, list(rows))


def _standings() -> Any:
    starts = starts_today()
    boards = [
        board.pk
        for board in Board.objects.filter(starts_on__in=starts.values())
        if board.starts_on == starts[board.period]
    ]
    standings = Standing.objects.filter(board__in=boards)
    return standings.values_list("user_id", "board__period", "board__course_id", "points")


def _sums(summed: Iterable[Any]) -> Sums:
    sums = sum_entries(summed, starts_today())
    return {(str(period), course): n for ((period, course), _user), n in sums.items() if n}


def _kept(rows: Iterable[Any]) -> Sums:
    return {(period, course): points for _user, period, course, points in rows if points}


def _wrong_score_counts() -> Iterator[Difference]:
    """Yield scores of boards for which another number of learners is kept than have them."""
    kept = {
        (board, points): learners
        for board, points, learners in ScoreCount.objects.exclude(learners=0).values_list(
            "board_id", "points", "learners"
        )
    }
    counted = Standing.objects.filter(points__gt=0).values_list("board_id", "points")
    for board, points, learners in counted.annotate(n=Count("pk")).order_by("board_id", "points"):
        found = kept.pop((board, points), 0)
        if found != learners:
            yield _score(board, points, learners, found)
    for (board, points), learners in kept.items():
        yield _score(board, points, 0, learners)


def _score(board: int, points: int, expected: int, found: int) -> Difference:
    return Difference(f"learners with {points} points on board {board}", str(expected), str(found))
