"""Counting the ledger into standings, so that leaderboards need not rank anyone."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from stepwell.accounts.models import User
from stepwell.gamification.models import Board, Period, PointEntry, ScoreCount, Standing
from stepwell.gamification.queries.leaderboard import today

BATCH = 100  # learners
PURGED_AT_ONCE = 1000  # standings of days, weeks and months that are over

BoardName = tuple[Period, int | None]  # with its course


def count_standings() -> int:
    """Count the entries that no standing holds yet; return of how many learners they are.

    A second call finds nothing to count. Each batch is one transaction.
    """
    count = 0
    uncounted = PointEntry.objects.uncounted().order_by("pk").values_list("user", flat=True)
    while learners := set(uncounted[:BATCH]):
        recount(learners)
        count += len(learners)
    return count


def rebuild_standings(progress: Callable[[int], None] = lambda _learners: None) -> None:
    """Count everyone's standings anew, learners going on meanwhile; nothing else is needed.

    `progress` is called with the number of learners counted so far.
    """
    done, after = 0, 0
    learners = User.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(learners.filter(pk__gt=after)[:BATCH]):
        recount(batch)
        after, done = batch[-1], done + len(batch)
        progress(done)


def recount(learners: Iterable[int]) -> None:
    """Make the standings of these learners what the ledger says; a second call changes nothing."""
    users = list(learners)
    with transaction.atomic():
        _wait_for_others()
        # Marked before they are summed: what comes in between is counted now, and once more later.
        PointEntry.objects.uncounted().filter(user__in=users).update(is_counted=True)
        listed = User.objects.filter(pk__in=users, is_active=True).exclude(
            participation__is_listed=False
        )
        sums = _sums(list(listed.values_list("pk", flat=True)))
        boards = _boards({name for name, _user in sums})
        wanted = {(boards[name].pk, user): points for (name, user), points in sums.items()}
        _replace(users, wanted)
        _purge()


def _sums(users: Sequence[int]) -> Counter[tuple[BoardName, int]]:
    """Return the points of listed learners on each of today's boards, where they have any."""
    now = today()
    totals = {period: Sum("points", filter=_since(period.start(now))) for period in Period}
    rows = PointEntry.objects.filter(user__in=users).values("user", "course").annotate(**totals)
    sums: Counter[tuple[BoardName, int]] = Counter()
    for user, course, *points in rows.order_by().values_list("user", "course", *totals):
        for period, total in zip(totals, points, strict=True):
            sums[(period, None), user] += total or 0
            if course:
                sums[(period, course), user] += total or 0
    return Counter({key: points for key, points in sums.items() if points > 0})


def _since(day: date) -> Q:
    return Q(at__gte=datetime.combine(day, time.min, timezone.get_default_timezone()))


def _boards(names: Iterable[BoardName]) -> dict[BoardName, Board]:
    now = today()
    wanted = set(names)
    starts = Q()
    for period in Period:
        starts |= Q(period=period, starts_on=period.start(now))
    courses = {course for _period, course in wanted if course}
    found = Board.objects.filter(starts, Q(course=None) | Q(course__in=courses))
    boards = {(Period(board.period), board.course_id): board for board in found}
    for period, course in wanted - boards.keys():
        boards[period, course] = Board.objects.create(
            period=period, starts_on=period.start(now), course_id=course
        )
    return boards


def _replace(users: Sequence[int], wanted: dict[tuple[int, int], int]) -> None:
    """Write the standings of these learners, and how many have which score."""
    kept = {(each.board_id, each.user_id): each for each in Standing.objects.filter(user__in=users)}
    changes: Counter[tuple[int, int]] = Counter()
    for key, standing in kept.items():
        changes[key[0], standing.points] -= 1
    for key, points in wanted.items():
        changes[key[0], points] += 1
    gone = [standing.pk for key, standing in kept.items() if key not in wanted]
    Standing.objects.filter(pk__in=gone).delete()
    new = [
        Standing(board_id=board, user_id=user, points=points)
        for (board, user), points in wanted.items()
        if (board, user) not in kept or kept[board, user].points != points
    ]
    Standing.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["board", "user"], update_fields=["points"]
    )
    _count_scores({key: change for key, change in changes.items() if change})


def _count_scores(changes: dict[tuple[int, int], int]) -> None:
    known = ScoreCount.objects.filter(
        board__in={board for board, _points in changes},
        points__in={points for _board, points in changes},
    )
    before = {(each.board_id, each.points): each.learners for each in known}
    ScoreCount.objects.bulk_create(
        [
            ScoreCount(
                board_id=board,
                points=points,
                learners=before.get((board, points), 0) + change,
            )
            for (board, points), change in changes.items()
        ],
        update_conflicts=True,
        unique_fields=["board", "points"],
        update_fields=["learners"],
    )


def _purge() -> None:
    """Drop boards of days, weeks and months that are over, a part of a large one at a time."""
    now = today()
    over = Q()
    for period in Period:
        over |= Q(period=period, starts_on__lt=period.start(now))
    for board in Board.objects.filter(over):
        part = Standing.objects.filter(board=board).values("pk")[:PURGED_AT_ONCE]
        if Standing.objects.filter(pk__in=list(part.values_list("pk", flat=True))).delete()[0]:
            return
        board.delete()


def _wait_for_others() -> None:
    """Let standings be counted by one after the other, until the transaction ends.

    On PostgreSQL they wait at a row that is always there; on SQLite the transaction is the lock.
    """
    ContentType.objects.select_for_update().get(app_label="gamification", model="standing")
