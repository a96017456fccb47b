"""Standings hold what the ledger says, and can be thrown away."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from typing import Any

import pytest
from django.db import connection

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.gamification.actions import (
    correct_points,
    count_standings,
    rebuild_standings,
    show_on_leaderboard,
)
from stepwell.gamification.actions.standings import ENTRIES_AT_ONCE
from stepwell.gamification.models import PointEntry, ScoreCount, Standing
from stepwell.gamification.queries import get_leaderboard
from stepwell.gamification.rules import Rule
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def give() -> Any:
    """Return a function that gives somebody points, each time by another entry."""
    owner, numbers = make_user("Olga Owner"), iter(range(1000))

    def give(user: User, points: int) -> None:
        number = next(numbers)
        correct_points(user=user, points=points, reason="A test.", given_by=owner, number=number)

    return give


def give_often(user: User, points: int, times: int) -> None:
    """Give somebody points by as many entries."""
    owner = make_user("Oscar Owner")
    PointEntry.objects.bulk_create(
        PointEntry(
            user=user,
            rule=Rule.CORRECTION,
            subject=number,
            points=points,
            at=clock.now(),
            day=clock.now().date(),
            reason="A test.",
            given_by=owner,
        )
        for number in range(5_000, 5_000 + times)
    )


def points() -> dict[str, int]:
    board = get_leaderboard(make_user("Somebody Else"))
    return {place.name: place.points for place in board.top}


def scores() -> dict[int, int]:
    counts = ScoreCount.objects.filter(board__period="all", learners__gt=0)
    return dict(counts.values_list("points", "learners"))


def test_the_same_correction_is_made_once_and_another_one_too(give: Any) -> None:
    ada, owner = make_user("Ada Learner"), make_user("Oscar Owner")
    for amount in (50, 50, -20):
        correct_points(user=ada, points=amount, reason="A test.", given_by=owner, number=77)
    count_standings()

    assert points() == {"Ada Learner": 30}


def test_counting_twice_adds_once(give: Any) -> None:
    give(make_user("Ada Learner"), 30)

    assert count_standings() == 1
    assert count_standings() == 0
    assert points() == {"Ada Learner": 30}


def test_who_gained_nothing_gets_no_standing(give: Any) -> None:
    ada = make_user("Ada Learner")
    for amount in (10, -10):
        give(ada, amount)

    assert count_standings() == 2
    assert not Standing.objects.exists()


def test_who_is_back_at_nothing_is_not_counted_among_the_scores(give: Any) -> None:
    ada = make_user("Ada Learner")
    for amount in (10, -10):
        give(ada, amount)
        count_standings()
    assert (points(), scores()) == ({}, {})

    for name in ("Bob Builder", "Eve Early"):
        give(make_user(name), 5)
    give(ada, 5)
    count_standings()

    assert points() == {"Ada Learner": 5, "Bob Builder": 5, "Eve Early": 5}
    assert scores() == {5: 3}


def test_counting_ends_while_others_go_on_learning(give: Any) -> None:
    """Whoever counted until nothing was left used to go on for as long as anybody learned."""
    ada, bob, learned = make_user("Ada Learner"), make_user("Bob Builder"), iter(range(3))
    give_often(ada, 10, ENTRIES_AT_ONCE)

    def learn(execute: Any, sql: str, *rest: Any) -> Any:
        outcome = execute(sql, *rest)
        if sql.startswith("UPDATE") and "is_counted" in sql and next(learned, None) is not None:
            give(bob, 1)
        return outcome

    with connection.execute_wrapper(learn):
        assert count_standings() == ENTRIES_AT_ONCE

    assert points() == {"Ada Learner": 10 * ENTRIES_AT_ONCE}
    assert count_standings() == 1
    assert points() == {"Ada Learner": 10 * ENTRIES_AT_ONCE, "Bob Builder": 1}


def test_midnight_while_counting_moves_no_points_into_the_new_day(
    give: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime(2026, 11, 30, tzinfo=UTC)  # a Monday's
    with clock.at(midnight - timedelta(seconds=1)):
        give(make_user("Ada Learner"), 7)
    moments = chain([midnight - timedelta(microseconds=1)], repeat(midnight))
    monkeypatch.setattr("django.utils.timezone.now", lambda: next(moments))

    assert count_standings() == 1

    boards = Standing.objects.values_list("board__period", "board__starts_on")
    assert dict(boards)["day"] == date(2026, 11, 29)
    assert dict(boards)["week"] == date(2026, 11, 23)


def test_a_backlog_of_many_batches_is_counted_at_once() -> None:
    ada, bob, often = make_user("Ada Learner"), make_user("Bob Builder"), ENTRIES_AT_ONCE + 1
    give_often(ada, 2, often)
    give_often(bob, 3, often)

    assert count_standings() == 2 * often
    assert points() == {"Ada Learner": 2 * often, "Bob Builder": 3 * often}


def test_points_taken_below_nothing_are_owed_to_what_comes(give: Any) -> None:
    ada = make_user("Ada Learner")
    give(ada, -5)
    count_standings()
    assert points() == {}

    give(ada, 12)
    count_standings()

    assert points() == {"Ada Learner": 7}
    assert scores() == {7: 1}


def test_hiding_takes_off_the_board_and_showing_puts_back_all_points(give: Any) -> None:
    ada, bob = make_user("Ada Learner"), make_user("Bob Builder")
    give(ada, 10)
    give(bob, 10)
    count_standings()
    show_on_leaderboard(user=ada, is_listed=False)
    give(ada, 5)
    count_standings()
    assert (points(), scores()) == ({"Bob Builder": 10}, {10: 1})

    show_on_leaderboard(user=ada, is_listed=True)

    assert points() == {"Ada Learner": 15, "Bob Builder": 10}
    assert scores() == {15: 1, 10: 1}


def test_suspended_people_take_no_rank_until_they_are_back(give: Any) -> None:
    ada, bob = make_user("Ada Learner"), make_user("Bob Builder")
    give(ada, 30)
    give(bob, 10)
    count_standings()
    ada.is_active = False
    ada.save()
    give(ada, 5)
    count_standings()
    [place] = get_leaderboard(bob).top
    assert (place.rank, place.name) == (1, "Bob Builder")

    ada.is_active = True
    ada.save(update_fields=["is_active"])

    assert points() == {"Ada Learner": 35, "Bob Builder": 10}


def test_standings_come_back_from_the_ledger_alone(give: Any) -> None:
    for number in range(3):
        give(make_user(f"Learner {number}"), 10 + number)
    count_standings()
    Standing.objects.all().delete()
    ScoreCount.objects.all().delete()

    rebuild_standings()

    assert points() == {"Learner 2": 12, "Learner 1": 11, "Learner 0": 10}
    assert scores() == {10: 1, 11: 1, 12: 1}
