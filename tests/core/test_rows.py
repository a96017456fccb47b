"""Rows are written as Django would, by fewer statements."""

from typing import Any

import pytest

from stepwell.core import clock
from stepwell.core.rows import (
    KEYED_AT_ONCE,
    add_to_rows,
    take_from_rows,
)
from stepwell.gamification.models import Board, Period, ScoreCount, Standing
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> Board:
    return Board.objects.create(period=Period.ALL, starts_on=Period.ALL.start(clock.now().date()))


def test_adding_to_rows_makes_those_that_are_missing_and_tells_what_they_came_to(
    board: Board, django_assert_num_queries: Any
) -> None:
    one, other, *rest = (make_user(f"Learner {number}") for number in range(KEYED_AT_ONCE + 1))

    def add(*rows: tuple[int, ...]) -> list[tuple[int, ...]]:
        return add_to_rows(Standing, ("board", "user"), "points", rows)

    assert add() == []
    assert add((board.pk, one.pk, 5)) == [(board.pk, one.pk, 5)]
    with django_assert_num_queries(1):
        found = add((board.pk, one.pk, -7), (board.pk, other.pk, 3))
    assert sorted(found) == [(board.pk, one.pk, -2), (board.pk, other.pk, 3)]
    with django_assert_num_queries(2):
        add(*((board.pk, user.pk, 4) for user in (one, other, *rest)))

    kept = dict(Standing.objects.values_list("user", "points"))
    assert kept == {one.pk: 2, other.pk: 7} | {user.pk: 4 for user in rest}


def test_taking_from_rows_changes_only_those_that_are_there(board: Board) -> None:
    score = (ScoreCount, ("board", "points"), "learners")
    add_to_rows(*score, [(board.pk, 10, 5)])

    take_from_rows(*score, [(board.pk, 10, 4), (board.pk, 20, 1)])

    assert list(ScoreCount.objects.values_list("points", "learners")) == [(10, 1)]
