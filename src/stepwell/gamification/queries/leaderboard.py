"""Who learned most: the first ten of a board, and one's own place in it.

A board is a sum over the ledger. One of many entries is kept for a minute; see docs/decisions/0019.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import takewhile
from typing import Any

from django.db import connection
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils import timezone

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.models import Board, Participation, Period, PointEntry
from stepwell.gamification.queries.points import get_participation
from stepwell.gamification.rules import level_of
from stepwell.learning.models import Enrollment

TOP = 10
NEIGHBORS = 2  # on either side
# The boards of a course, or of the site, with more entries than this are kept. A look at 10,000
# took 3 ms of SQLite and 12 ms of PostgreSQL; see benchmarks/results/leaderboards.md.
MOST_ENTRIES = 10_000

# `sums` and `hidden` are queries. 0 and 1 tell rows of the scores from those of the first ten.
BOARD = f"""
    WITH sums (learner, points) AS MATERIALIZED ({{sums}}),
         listed (learner, points) AS MATERIALIZED
             (SELECT learner, points FROM sums WHERE learner NOT IN ({{hidden}})),
         first (learner, points) AS
             (SELECT learner, points FROM listed ORDER BY points DESC, learner LIMIT {TOP})
    SELECT 0, points, COUNT(*), MIN(learner), MAX(learner) FROM listed GROUP BY points
    UNION ALL
    SELECT 1, points, 1, learner, learner FROM first
"""  # noqa: S608  no word of it comes from outside


Rows = list[tuple[int, int]]  # points and learner


@dataclass(frozen=True)
class Place:
    """Somebody's place on a board; those with the same points share a rank."""

    rank: int
    name: str
    handle: str
    points: int
    level: int
    is_self: bool


@dataclass(frozen=True)
class Leaderboard:
    """A board as one person sees it.

    `around` holds their own place between those with the next more and the next fewer points. It is
    empty where they are among the first ten or have no points on this board. `is_listed` is False
    for a viewer who chose not to be shown.
    """

    period: Period
    top: list[Place]
    around: list[Place]
    is_listed: bool

    @property
    def own(self) -> Place | None:
        return next((place for place in [*self.top, *self.around] if place.is_self), None)


@dataclass(frozen=True)
class Scores:
    """How many learners have how many points, with the viewer's own points as they are now."""

    kept: list[tuple[int, int, int, int]]  # as `Board.scores`
    then: int  # the viewer's points on the kept board
    now: int

    def rank(self, points: int) -> int:
        """Return one more than there are learners with more points."""
        ahead = sum(row[1] for row in takewhile(lambda row: row[0] > points, self.kept))
        return 1 + ahead - (self.then > points) + (self.now > points)


def today() -> date:
    """Return the date where the site is."""
    return clock.now().astimezone(timezone.get_default_timezone()).date()


def get_leaderboard(
    viewer: User, period: Period = Period.WEEK, course: Course | None = None
) -> Leaderboard:
    """Return the first ten of a board and the viewer's own place. Eight queries at most.

    Others' points are at most a minute old where the board is kept; the viewer's are of now.
    """
    same = Board.objects.filter(period=period, starts_on=period.start(today()), course=course)
    board = same.first() or make_board(period, course)
    is_listed = get_participation(viewer).is_listed
    now, then = _own_points(viewer, board) if is_listed else (0, 0)
    own = [(now, viewer.pk)] if now > 0 else []
    top = _top(board, viewer, own)
    around = [] if not own or own[0] in top else _around(board, own, top)
    people = _people([learner for _points, learner in (*top, *around)], course)
    totals = _totals(people)
    scores = Scores(board.scores, then, now)

    def places(rows: Rows) -> list[Place]:
        return [
            Place(
                rank=scores.rank(points),
                name=people[learner].name,
                handle=people[learner].handle,
                points=points,
                level=level_of(totals[learner]).number,
                is_self=learner == viewer.pk,
            )
            for points, learner in rows
            if learner in people
        ]

    return Leaderboard(period, places(top), places(around), is_listed)


def has_many_entries(course: Course | None) -> bool:
    """Return whether the boards of this course, or of the site, are to be kept. One query."""
    entries = _entries(Period.ALL, today(), course)
    return entries.order_by()[MOST_ENTRIES:].exists()


def make_board(period: Period, course: Course | None) -> Board:
    """Return a board as it is now, without saving it. Two queries."""
    starts_on = period.start(today())
    last = PointEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    # A sum has no index: SQLite must go by the moment, where the period ends it. By the learner it
    # would read the whole ledger, for many times as long.
    learner = F("user_id") if period == Period.ALL else F("user_id") + 0
    learners = _entries(period, starts_on, course).order_by().values(learner=learner)
    sums = learners.annotate(total=Sum("points")).filter(total__gt=0)
    (sums_sql, sums_given), (hidden_sql, hidden_given) = (
        query.query.sql_with_params()
        for query in (sums.values_list("learner", "total"), _hidden(course))
    )
    with connection.cursor() as cursor:
        cursor.execute(BOARD.format(sums=sums_sql, hidden=hidden_sql), (*sums_given, *hidden_given))
        rows = cursor.fetchall()
    return Board(
        period=period,
        starts_on=starts_on,
        course=course,
        last_entry=last,
        top=[(points, learner) for kind, points, _one, learner, _same in rows if kind == 1],
        scores=sorted((tuple(row[1:]) for row in rows if row[0] == 0), reverse=True),
    )


def _top(board: Board, viewer: User, own: Rows) -> Rows:
    """Return the first ten, with the viewer's own row in the place of the kept one."""
    others = [(points, learner) for points, learner in board.top if learner != viewer.pk]
    return sorted([*others, *own], key=lambda row: (-row[0], row[1]))[:TOP]


def _around(board: Board, own: Rows, top: Rows) -> Rows:
    """Return the viewer's own row between a learner for each of the nearest scores."""
    [(now, viewer)] = own
    shown = {viewer, *(learner for _points, learner in top)}
    near = [
        (points, next(learner for learner in learners if learner not in shown))
        for points, _count, *learners in board.scores
        if not shown.issuperset(learners)
    ]
    more = [row for row in near if row[0] > now][-NEIGHBORS:]
    fewer = [row for row in near if row[0] < now][:NEIGHBORS]
    return [*more, *own, *fewer]


def _entries(period: Period, starts_on: date, course: Course | None) -> QuerySet[PointEntry]:
    entries = PointEntry.objects.all()
    if course:
        entries = entries.filter(course=course)
    if period != Period.ALL:
        begin = datetime.combine(starts_on, time.min, timezone.get_default_timezone())
        entries = entries.filter(at__gte=begin)
    return entries


def _hidden(course: Course | None, among: Sequence[int] | None = None) -> QuerySet[Any, Any]:
    """Select those who can't sign in, keep their points to themselves, or left the course."""
    parts: list[tuple[QuerySet[Any], str]] = [
        (User.objects.filter(is_active=False), "pk"),
        (Participation.objects.filter(is_listed=False), "user"),
    ]
    if course:
        left = Enrollment.objects.filter(course=course, unenrolled_at__isnull=False)
        parts.append((left, "user"))
    first, *others = [
        (part if among is None else part.filter(**{f"{name}__in": among}))
        .order_by()
        .values_list(name)
        for part, name in parts
    ]
    return first.union(*others, all=True)


def _own_points(viewer: User, board: Board) -> tuple[int, int]:
    """Return the viewer's points now, and those that the board holds. One query."""
    entries = _entries(Period(board.period), board.starts_on, board.course)
    sums = entries.filter(user=viewer).aggregate(
        now=Sum("points", default=0),
        then=Sum("points", filter=Q(pk__lte=board.last_entry), default=0),
    )
    return sums["now"], max(sums["then"], 0)


def _people(learners: list[int], course: Course | None) -> dict[int, User]:
    """Return those of these people who are listed at this moment, by id. Two queries."""
    hidden = {pk for (pk,) in _hidden(course, learners)}
    return User.objects.in_bulk([pk for pk in learners if pk not in hidden])


def _totals(people: dict[int, Any]) -> dict[int, int]:
    """Return all points of each of these people, which make their level. One query."""
    entries = PointEntry.objects.filter(user__in=people).values("user").order_by()
    return dict(entries.annotate(total=Sum("points")).values_list("user", "total"))
