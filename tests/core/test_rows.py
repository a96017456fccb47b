"""Rows are written as Django would, by fewer statements."""

from typing import Any

import pytest
from django.db import connection

from stepwell.core import clock
from stepwell.core.rows import (
    AT_ONCE,
    KEYED_AT_ONCE,
    Insert,
    Update,
    add_to_rows,
    fill_row,
    take_from_rows,
    write_rows,
)
from stepwell.gamification.models import Board, Celebration, Period, ScoreCount, Standing
from stepwell.learning.models import Enrollment
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db

ALL_AT_ONCE = connection.vendor == "postgresql"


def levels(*subjects: int) -> list[Celebration]:
    user = make_user()
    return [Celebration(user=user, kind="level", subject=subject) for subject in subjects]


def test_row_is_inserted_and_updated_as_django_would(django_assert_num_queries: Any) -> None:
    now = clock.now()
    row = Enrollment(user=make_user(), course=make_course(), enrolled_at=now, last_activity_at=now)

    with django_assert_num_queries(1):
        write_rows(Insert(row))
    row.finished_at = row.unenrolled_at = clock.now()
    with django_assert_num_queries(1):
        write_rows(Update(row, "finished_at"))

    stored = Enrollment.objects.get()
    assert (stored.pk, stored.user, stored.enrolled_at) == (row.pk, row.user, now)
    assert (stored.finished_at, stored.unenrolled_at) == (row.finished_at, None)
    row.save()
    assert Enrollment.objects.get().unenrolled_at == row.unenrolled_at


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


def test_a_row_that_is_there_is_not_written_again(
    django_assert_num_queries: Any,
) -> None:
    user = make_user()
    for subject in (1, 2, 1):
        with django_assert_num_queries(1):
            write_rows(
                Insert(Celebration(user=user, kind="level", subject=subject), unless_there=True)
            )

    assert list(Celebration.objects.values_list("subject", flat=True)) == [1, 2]


def test_a_field_is_filled_once_whoever_comes(django_assert_num_queries: Any) -> None:
    row, other = (
        Celebration.objects.create(user=make_user(), kind="level", subject=2) for _ in range(2)
    )
    late = Celebration.objects.get(pk=row.pk)
    row.shown_at = clock.now()
    late.shown_at = clock.now()

    with django_assert_num_queries(2):
        assert (fill_row(row, "shown_at"), fill_row(late, "shown_at")) == (True, False)

    shown = Celebration.objects.order_by("pk").values_list("pk", "shown_at")
    assert list(shown) == [(row.pk, row.shown_at), (other.pk, None)]


def test_rows_are_written_together_where_a_statement_is_a_long_way(
    django_assert_num_queries: Any,
) -> None:
    known, late, new, last = levels(1, 1, 2, 3)
    write_rows(Insert(known))
    known.shown_at = clock.now()

    with django_assert_num_queries(1 if ALL_AT_ONCE else 4):
        write_rows(
            Insert(new),
            Insert(late, unless_there=True),
            Update(known, "shown_at"),
            Insert(last),
        )

    stored = Celebration.objects.order_by("pk").values_list("pk", "subject", "shown_at")
    assert list(stored) == [(known.pk, 1, known.shown_at), (new.pk, 2, None), (last.pk, 3, None)]
    assert late.pk is None


def test_many_rows_take_several_statements(django_assert_num_queries: Any) -> None:
    rows = levels(*range(2 * AT_ONCE + 1))

    with django_assert_num_queries(3 if ALL_AT_ONCE else len(rows)):
        write_rows(*map(Insert, rows))
    with django_assert_num_queries(0):
        write_rows()

    assert [row.pk for row in rows] == sorted(Celebration.objects.values_list("pk", flat=True))


def test_rows_without_new_ids_are_written_together_too(django_assert_num_queries: Any) -> None:
    rows = levels(1, 2)

    with django_assert_num_queries(1 if ALL_AT_ONCE else 2):
        write_rows(*(Insert(row, unless_there=True) for row in rows))

    assert Celebration.objects.count() == 2
