"""Counting the ledger into standings, so that leaderboards need not rank anyone."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from stepwell.accounts.models import User
from stepwell.core.prepared import Parameter, Prepared
from stepwell.core.rows import add_to_rows, take_from_rows
from stepwell.gamification.models import Board, Period, PointEntry, ScoreCount, Standing
from stepwell.gamification.queries.leaderboard import today
from stepwell.learning.models import Enrollment

ENTRIES_AT_ONCE = 500
LEARNERS_AT_ONCE = 500
PURGED_AT_ONCE = 1000  # standings of days, weeks and months that are over

BoardName = tuple[Period, int | None]  # with its course
Sums = Counter[tuple[BoardName, int]]  # points by board and learner
Starts = dict[str, date]  # the first day of each of today's periods
# What is summed of an entry: its learner, course, points and moment; if the learner is ranked, and
# if they have left the course.
HAS_LEFT = Exists(
    Enrollment.objects.filter(
        user=OuterRef("user"), course=OuterRef("course"), unenrolled_at__isnull=False
    )
)
SUMMED = (
    *("user", "course", "points", "at"),
    *("user__is_active", "user__participation__is_listed", HAS_LEFT),
)

LAST_UNCOUNTED = Prepared(
    lambda: PointEntry.objects.uncounted().order_by("-pk").values_list("pk", flat=True)[:1]
)
UNCOUNTED = Prepared(
    lambda: (
        PointEntry.objects.uncounted()
        .filter(pk__lte=Parameter("last"))
        .order_by("pk")
        .values_list("pk", *SUMMED)[:ENTRIES_AT_ONCE]
    )
)
OVER = Prepared(
    lambda: Board.objects.filter(
        Q(period=Period.DAY, starts_on__lt=Parameter("day"))
        | Q(period=Period.WEEK, starts_on__lt=Parameter("week"))
        | Q(period=Period.MONTH, starts_on__lt=Parameter("month"))
    )
)
# A row that is always there.
COUNTER = Prepared(
    lambda: ContentType.objects.select_for_update().filter(
        app_label="gamification", model="standing"
    )
)


def count_standings() -> int:
    """Add the entries that no standing holds yet; return how many they were.

    A second call finds none. What others add meanwhile is left to the next call: whoever waited for
    that too would wait for as long as anybody learns. Each batch is one transaction.
    """
    count = 0
    last = LAST_UNCOUNTED.first()
    is_any_left = last is not None
    while is_any_left:
        with transaction.atomic():
            wait_for_others()
            batch = UNCOUNTED(last=last)
            _add(summed for _pk, *summed in batch)
            PointEntry.objects.filter(pk__in=[pk for pk, *_summed in batch]).update(is_counted=True)
        count += len(batch)
        is_any_left = len(batch) == ENTRIES_AT_ONCE
    return count


def rebuild_standings(progress: Callable[[int], None] = lambda _learners: None) -> None:
    """Count everyone's standings anew, learners going on meanwhile.

    `progress` is called with the number of learners counted so far.
    """
    done, after = 0, 0
    learners = User.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(learners.filter(pk__gt=after)[:LEARNERS_AT_ONCE]):
        recount(batch)
        after, done = batch[-1], done + len(batch)
        progress(done)


def recount(learners: Collection[int]) -> None:
    """Make the standings of these learners what the ledger says; a second call changes nothing."""
    with transaction.atomic():
        wait_for_others()
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
        counted = entries.filter(is_counted=True).values_list(*SUMMED)
        _add(counted.iterator(chunk_size=2_000))


def starts_today() -> Starts:
    """Return the first day of each of today's periods."""
    now = today()
    return {period.value: period.start(now) for period in Period}


def _add(entries: Iterable[Sequence[Any]]) -> None:
    """Add these entries, each as `SUMMED`, to standings and to how many learners have which score.

    They are in the database already, so that none of them is of a day that begins meanwhile.
    """
    starts = starts_today()
    sums = sum_entries(entries, starts)
    boards = _boards({name for name, _user in sums}, starts)
    gained = {(boards[name], user): points for (name, user), points in sums.items() if points}
    rows = [(*key, points) for key, points in gained.items()]
    changes: Counter[tuple[int, int]] = Counter()
    for board, user, points in add_to_rows(Standing, ("board", "user"), "points", rows):
        changes[board, points - gained[board, user]] -= 1
        changes[board, points] += 1
    _count_scores(changes)
    _purge(starts)


def sum_entries(entries: Iterable[Sequence[Any]], starts: Starts) -> Sums:
    """Return the points on each of today's boards that these entries change."""
    zone = timezone.get_default_timezone()
    begins = [(each, datetime.combine(starts[each], time.min, zone)) for each in Period]
    sums: Sums = Counter()
    for user, course, points, at, is_active, is_listed, has_left in entries:
        if is_active and is_listed is not False:  # None where they have never said
            for period, begin in begins:
                if at >= begin:
                    sums[(period, None), user] += points
                    if course and not has_left:
                        sums[(period, course), user] += points
    return sums


def _boards(names: Collection[BoardName], starts: Starts) -> dict[BoardName, int]:
    """Return the ids of today's boards of these names, which are made if need be."""
    courses = {course for _period, course in names if course}
    found = Board.objects.filter(
        Q(course=None) | Q(course__in=courses), starts_on__in=starts.values()
    )
    boards: dict[BoardName, int] = {
        (Period(period), course): pk
        for period, starts_on, course, pk in found.values_list(
            "period", "starts_on", "course", "pk"
        )
        if starts_on == starts[period]  # on a Monday the day begins when the week does
    }
    missing = [
        Board(period=period, starts_on=starts[period], course_id=course)
        for period, course in names - boards.keys()
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


def _purge(starts: Starts) -> None:
    """Drop boards of days, weeks and months that are over, a part of a large one at a time."""
    for board in OVER(**{period: str(start) for period, start in starts.items()}):
        part = Standing.objects.filter(board=board).values_list("pk", flat=True)[:PURGED_AT_ONCE]
        if Standing.objects.filter(pk__in=list(part)).delete()[0]:
            return
        board.delete()


def wait_for_others() -> None:
    """Let standings be counted by one after the other, until the transaction ends."""
    if connection.features.has_select_for_update:  # else the transaction is the lock
        [_held] = COUNTER()
