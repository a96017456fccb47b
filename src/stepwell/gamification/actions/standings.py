"""Counting the ledger into standings, so that leaderboards need not rank anyone."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from stepwell.accounts.models import User
from stepwell.core.rows import add_to_rows, take_from_rows
from stepwell.gamification.models import Board, Period, PointEntry, ScoreCount, Standing
from stepwell.gamification.queries.leaderboard import today

BATCH = 500  # entries, or learners
PURGED_AT_ONCE = 1000  # standings of days, weeks and months that are over

BoardName = tuple[Period, int | None]  # with its course
Sums = Counter[tuple[BoardName, int]]  # points by board and learner


def count_standings() -> int:
    """Add the entries that no standing holds yet; return how many they were.

    A second call finds none. What others add meanwhile is left to the next call: whoever waited for
    that too would wait for as long as anybody learns. Each batch is one transaction.
    """
    count = 0
    uncounted = PointEntry.objects.uncounted().values_list("pk", flat=True)
    last = uncounted.order_by("-pk").first()
    is_any_left = last is not None
    while is_any_left:
        with transaction.atomic():
            _wait_for_others()
            batch = list(uncounted.filter(pk__lte=last).order_by("pk")[:BATCH])
            entries = PointEntry.objects.filter(pk__in=batch)
            _add(_sums(entries))
            entries.update(is_counted=True)
        count += len(batch)
        is_any_left = len(batch) == BATCH
    return count


def rebuild_standings(progress: Callable[[int], None] = lambda _learners: None) -> None:
    """Count everyone's standings anew, learners going on meanwhile.

    `progress` is called with the number of learners counted so far.
    """
    done, after = 0, 0
    learners = User.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(learners.filter(pk__gt=after)[:BATCH]):
        recount(batch)
        after, done = batch[-1], done + len(batch)
        progress(done)


def recount(learners: Collection[int]) -> None:
    """Make the standings of these learners what the ledger says; a second call changes nothing."""
    with transaction.atomic():
        _wait_for_others()
        entries = PointEntry.objects.filter(user__in=learners)
        # Marked before they are summed, so that what comes in between is not lost but summed here,
        # and what comes later is left for later.
        marked = list(entries.filter(is_counted=False).values_list("pk", flat=True))
        PointEntry.objects.filter(pk__in=marked).update(is_counted=True)
        standings = Standing.objects.filter(user__in=learners)
        taken: Counter[tuple[int, int]] = Counter()
        taken.subtract(standings.values_list("board", "points"))
        standings.delete()
        _count_scores(taken)
        _add(_sums(entries.filter(is_counted=True)))


def _sums(entries: QuerySet[PointEntry]) -> Sums:
    """Return the points of listed learners on each of today's boards that these entries change."""
    now = today()
    totals = {period: Sum("points", filter=_since(period.start(now))) for period in Period}
    rows = (
        entries.filter(user__is_active=True)
        .exclude(user__participation__is_listed=False)
        .order_by()
        .values("user", "course")
        .annotate(**totals)
        .values_list("user", "course", *totals)
    )
    sums: Sums = Counter()
    for user, course, *points in rows:
        for period, total in zip(totals, points, strict=True):
            if total:
                sums[(period, None), user] += total
                if course:
                    sums[(period, course), user] += total
    return sums


def _since(day: date) -> Q:
    return Q(at__gte=datetime.combine(day, time.min, timezone.get_default_timezone()))


def _add(sums: Sums) -> None:
    """Add these points to standings, and to how many learners have which score."""
    boards = _boards({name for name, _user in sums})
    gained = {(boards[name], user): points for (name, user), points in sums.items()}
    rows = [(*key, points) for key, points in gained.items()]
    changes: Counter[tuple[int, int]] = Counter()
    for board, user, points in add_to_rows(Standing, ("board", "user"), "points", rows):
        changes[board, points - gained[board, user]] -= 1
        changes[board, points] += 1
    _count_scores(changes)
    _purge()


def _boards(names: Iterable[BoardName]) -> dict[BoardName, int]:
    """Return the ids of today's boards of these names, which are made if need be."""
    now = today()
    wanted = set(names)
    starts = Q(pk=None)
    for period in Period:
        starts |= Q(period=period, starts_on=period.start(now))
    courses = {course for _period, course in wanted if course}
    found = Board.objects.filter(starts, Q(course=None) | Q(course__in=courses))
    boards: dict[BoardName, int] = {
        (Period(period), course): pk
        for period, course, pk in found.values_list("period", "course", "pk")
    }
    missing = [
        Board(period=period, starts_on=period.start(now), course_id=course)
        for period, course in wanted - boards.keys()
    ]
    for board in Board.objects.bulk_create(missing):
        boards[Period(board.period), board.course_id] = board.pk
    return boards


def _count_scores(changes: Counter[tuple[int, int]]) -> None:
    """Change how many learners of a board have a score, the keys; nobody is ranked at 0."""
    ranked = [(*key, change) for key, change in changes.items() if key[1] > 0]
    score = (ScoreCount, ("board", "points"), "learners")
    add_to_rows(*score, [row for row in ranked if row[-1] > 0])
    take_from_rows(*score, [(*row[:-1], -row[-1]) for row in ranked if row[-1] < 0])


def _purge() -> None:
    """Drop boards of days, weeks and months that are over, a part of a large one at a time."""
    now = today()
    over = Q(pk=None)
    for period in Period:
        over |= Q(period=period, starts_on__lt=period.start(now))
    for board in Board.objects.filter(over):
        part = Standing.objects.filter(board=board).values_list("pk", flat=True)[:PURGED_AT_ONCE]
        if Standing.objects.filter(pk__in=list(part)).delete()[0]:
            return
        board.delete()


def _wait_for_others() -> None:
    """Let standings be counted by one after the other, until the transaction ends.

    On PostgreSQL they wait at a row that is always there; on SQLite the transaction is the lock.
    """
    ContentType.objects.select_for_update().get(app_label="gamification", model="standing")
