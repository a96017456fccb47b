"""Keeping the leaderboards of many entries, so that nobody who looks at one waits for its sums."""

from django.db.models import Q

from stepwell.courses.models import Course
from stepwell.gamification.models import Board, Period
from stepwell.gamification.queries.leaderboard import has_many_entries, make_board, today


def keep_boards() -> int:
    """Make the large boards from the ledger, and drop those of periods that are over.

    Return how many are kept. A board is one query and one row, so learners wait for none of it.
    """
    count = 0
    for course in (None, *Course.objects.order_by("pk")):
        if has_many_entries(course):
            for period in Period:
                _keep(make_board(period, course))
                count += 1
    _drop_boards_that_are_over()
    return count


def _keep(board: Board) -> None:
    """Put a board in the place of the one that was kept before."""
    Board.objects.update_or_create(
        period=board.period,
        starts_on=board.starts_on,
        course=board.course,
        defaults={
            "last_entry": board.last_entry,
            "top": board.top,
            "scores": board.scores,
        },
    )


def _drop_boards_that_are_over() -> None:
    lasting = Q()
    for period in Period:
        lasting |= Q(period=period, starts_on=period.start(today()))
    Board.objects.exclude(lasting).delete()
