"""Many at once: each award is given once, and boards hold what the ledger says."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import pytest
from django.db.models import Sum

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.gamification.actions import (
    award_points,
    correct_points,
    keep_boards,
    pop_celebrations,
    show_on_leaderboard,
)
from stepwell.gamification.models import Board, Period, PointEntry
from stepwell.gamification.queries import get_leaderboard, leaderboard
from stepwell.learning.actions import complete_lesson, reopen_lesson
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import awards_lost

RunInThreads = Callable[..., list[Any]]

CROWD = 40  # two of these tests at once need 80 of the 100 connections that PostgreSQL takes


@pytest.fixture(autouse=True)
def within_a_day() -> Iterator[None]:
    """Keep midnight, which gives points for days in a row and ends boards, out of what happens."""
    with clock.at(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def learner(transactional_db: None) -> User:
    return make_user()


def errors_in(results: list[Any]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


def ledger(user: User) -> list[str]:
    return sorted(PointEntry.objects.filter(user=user).values_list("rule", flat=True))


def test_a_thousand_toggles_from_fifty_threads_give_one_award(
    learner: User, run_in_threads: RunInThreads
) -> None:
    course = make_course([2])
    enroll(course, learner)
    lesson = lessons_of(course)[0]
    actions = cycle([complete_lesson, reopen_lesson])

    def toggle() -> None:
        for _time in range(1000 // CROWD):
            next(actions)(user=learner, lesson=lesson, origin=Origin.WEB)

    results = run_in_threads(*[toggle] * CROWD)

    assert errors_in(results) == []
    assert ledger(learner) == ["lesson"]


def test_lessons_completed_at_once_give_each_award_once(
    learner: User, run_in_threads: RunInThreads
) -> None:
    course = make_course([4, 4])
    enroll(course, learner)
    lessons = lessons_of(course)

    results = run_in_threads(
        *[
            lambda each=each: complete_lesson(user=learner, lesson=each, origin=Origin.WEB)
            for each in lessons * 3
        ]
    )

    assert errors_in(results) == []
    assert ledger(learner) == ["course", *["lesson"] * 8, "module", "module"]


def test_awarding_again_gives_nothing(learner: User, run_in_threads: RunInThreads) -> None:
    course = make_course([2])
    enroll(course, learner)
    for lesson in lessons_of(course):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    before = ledger(learner)

    results = run_in_threads(*[lambda: award_points(user=learner)] * 10)

    assert errors_in(results) == []
    assert ledger(learner) == before


def test_one_correction_is_made_once(learner: User, run_in_threads: RunInThreads) -> None:
    owner = make_user("Olga Owner")

    def correct() -> PointEntry:
        return correct_points(
            user=learner, points=-5, reason="Counted twice.", given_by=owner, number=7
        )

    results = run_in_threads(*[correct] * 10)

    assert len(set(results)) == 1
    assert ledger(learner) == ["correction"]


def test_a_level_is_celebrated_on_one_page(learner: User, run_in_threads: RunInThreads) -> None:
    course = make_course([3])
    enroll(course, learner)
    for lesson in lessons_of(course):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    results = run_in_threads(*[lambda: pop_celebrations(user=learner)] * 10)

    assert errors_in(results) == []
    news = [result for result in results if result]
    assert [each.level for each in news if each.level] == [3]
    assert len([badge for each in news for badge in each.badges]) == 3


def test_boards_are_kept_while_points_are_given_and_people_hide(
    learner: User, run_in_threads: RunInThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboard, "MOST_ENTRIES", 0)
    course = make_course([3, 2])
    learners = [learner, *(make_user(f"Learner {number}") for number in range(7))]
    for each in learners:
        enroll(course, each)
    lessons = lessons_of(course)

    def learn(who: User) -> None:
        for lesson in lessons:
            complete_lesson(user=who, lesson=lesson, origin=Origin.WEB)

    def keep() -> None:
        for _time in range(5):
            keep_boards()
            get_leaderboard(learner)

    def hide(who: User) -> None:
        for is_listed in (False, True, False):
            show_on_leaderboard(user=who, is_listed=is_listed)

    results = run_in_threads(
        *[lambda who=who: learn(who) for who in learners],
        *[keep] * 3,
        lambda: hide(learners[-1]),
    )

    assert errors_in(results) == []
    assert keep_boards() == Board.objects.count() == 2 * len(Period)
    sums = PointEntry.objects.filter(user__in=learners[:-1]).values_list("user")
    points = sorted(dict(sums.annotate(n=Sum("points"))).values(), reverse=True)
    board = get_leaderboard(learner, Period.ALL)
    assert [place.points for place in board.top] == points


def test_what_is_owed_is_given_to_one_of_many_who_ask(
    learner: User, run_in_threads: RunInThreads
) -> None:
    course = make_course([5])
    enroll(course, learner)
    with awards_lost():
        for lesson in lessons_of(course):
            complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    results = run_in_threads(*[lambda: award_points(user=learner)] * 10)

    assert errors_in(results) == []
    assert sorted(map(len, results)) == [*[0] * 9, 7]
