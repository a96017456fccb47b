"""The leaderboard: ranks, one's own place with neighbors, and periods in the site's zone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.actions import correct_points, keep_boards, show_on_leaderboard
from stepwell.gamification.models import Board, Period, PointEntry
from stepwell.gamification.queries import Place, get_figures, get_leaderboard
from stepwell.learning.actions import unenroll_from_course
from stepwell.learning.models import Origin
from tests.factories import enroll, make_course, make_user

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2024, 1, 31, 12, tzinfo=UTC)  # the last day of its month


@pytest.fixture
def give() -> Any:
    """Return a function that gives somebody points at a moment, in a course or not."""
    owner, numbers = make_user("Olga Owner"), iter(range(1000))

    def give(
        user: User, points: int, at: datetime = WEDNESDAY, course: Course | None = None
    ) -> None:
        with clock.at(at):
            entry = correct_points(
                user=user, points=points, reason="A test.", given_by=owner, number=next(numbers)
            )
        if course:
            PointEntry.objects.filter(pk=entry.pk).update(course=course)

    return give


def board(viewer: User, period: Period = Period.WEEK, at: datetime = WEDNESDAY, **more: Any) -> Any:
    with clock.at(at):
        return get_leaderboard(viewer, period, **more)


def told(places: list[Place]) -> list[tuple[int, str, int]]:
    return [(place.rank, place.name, place.points) for place in places]


def crowd(give: Any, points: list[int]) -> list[User]:
    people = [make_user(f"Person {number:02}") for number in range(len(points))]
    for person, amount in zip(people, points, strict=True):
        give(person, amount)
    return people


def test_those_with_the_same_points_share_a_rank(give: Any) -> None:
    people = crowd(give, [20, 30, 20, 10])

    assert told(board(people[3]).top) == [
        (1, "Person 01", 30),
        (2, "Person 00", 20),
        (2, "Person 02", 20),
        (4, "Person 03", 10),
    ]


def test_own_row_is_marked_among_the_first_ten(give: Any) -> None:
    people = crowd(give, [20, 30])
    found = board(people[0])

    assert (found.own.rank, found.own.is_self, found.around) == (2, True, [])


def test_own_row_below_comes_with_its_neighbors(give: Any) -> None:
    people = crowd(give, list(range(200, 0, -10)))
    found = board(people[14])

    assert len(found.top) == 10
    assert told(found.around) == [
        (13, "Person 12", 80),
        (14, "Person 13", 70),
        (15, "Person 14", 60),
        (16, "Person 15", 50),
        (17, "Person 16", 40),
    ]


def test_neighbors_have_the_next_more_and_the_next_fewer_points(give: Any) -> None:
    """Many may have one's own points; whom one can overtake says more."""
    people = crowd(give, [90] * 10 + [50, 40, *[10] * 8, 5])

    assert told(board(people[19]).around) == [
        (11, "Person 10", 50),
        (12, "Person 11", 40),
        (13, "Person 19", 10),
        (21, "Person 20", 5),
    ]


def test_who_has_no_points_has_no_place(give: Any) -> None:
    crowd(give, [10])
    found = board(make_user("Nora Newcomer"))

    assert (found.own, found.is_listed, len(found.top)) == (None, True, 1)


def test_who_hides_has_no_place_and_takes_none(give: Any) -> None:
    people = crowd(give, [30, 20, 10])
    with clock.at(WEDNESDAY):
        show_on_leaderboard(user=people[0], is_listed=False)
    found = board(people[0])

    assert told(found.top) == [(1, "Person 01", 20), (2, "Person 02", 10)]
    assert (found.own, found.is_listed) == (None, False)


@pytest.mark.parametrize(
    ("at", "periods"),
    [
        (WEDNESDAY + timedelta(hours=11), "day week month all"),
        (WEDNESDAY + timedelta(hours=13), "week all"),  # the first of February
        (WEDNESDAY + timedelta(days=4), "week all"),  # Sunday
        (WEDNESDAY + timedelta(days=5), "all"),  # Monday
    ],
)
def test_points_count_in_the_periods_that_last(give: Any, at: datetime, periods: str) -> None:
    [person] = crowd(give, [10])
    board(person)

    assert [each.value for each in Period if board(person, each, at).top] == periods.split()


def test_days_turn_at_midnight_of_the_site(give: Any, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    evening, later = (
        datetime(2024, 1, 10, 22, 59, tzinfo=UTC),
        datetime(2024, 1, 10, 23, tzinfo=UTC),
    )
    person = make_user()
    give(person, 10, evening)

    assert board(person, Period.DAY, evening).top
    assert not board(person, Period.DAY, later).top
    give(person, 4, later)
    assert told(board(person, Period.DAY, later).top) == [(1, person.name, 4)]


def test_the_day_that_begins_a_week_ends_before_the_week(give: Any) -> None:
    person, monday = make_user(), WEDNESDAY - timedelta(days=2)
    for at, points in ((monday, 10), (monday + timedelta(days=1), 5)):
        give(person, points, at)
        board(person, at=at)

    found = {period: board(person, period, at).top[0].points for period in Period}
    assert found == {"day": 5, "week": 15, "month": 15, "all": 15}


def test_a_course_has_boards_of_its_own(give: Any) -> None:
    bread, git = make_course(title="Bread"), make_course(title="Git")
    ada, bob = make_user("Ada Learner"), make_user("Bob Builder")
    give(ada, 10, course=bread)
    give(ada, 50, course=git)
    give(bob, 20, course=bread)
    give(bob, 7)

    assert told(board(ada, course=bread).top) == [(1, "Bob Builder", 20), (2, "Ada Learner", 10)]
    assert told(board(ada, course=git).top) == [(1, "Ada Learner", 50)]
    assert told(board(ada).top) == [(1, "Ada Learner", 60), (2, "Bob Builder", 27)]


@pytest.mark.parametrize("size", [1, 30])
def test_a_look_costs_as_many_queries_for_any_number_of_learners(
    give: Any, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    people = crowd(give, [10] * size)

    # Whether the board is kept; the newest entry, and the board; what the viewer chose, and their
    # points; who of these people is hidden; their names; their levels.
    with clock.at(WEDNESDAY), django_assert_num_queries(8):
        get_leaderboard(people[-1])


def test_who_left_a_course_is_off_its_board_until_they_return(
    give: Any, django_capture_on_commit_callbacks: Any
) -> None:
    course = make_course()
    ada, ben = make_user("Ada"), make_user("Ben")
    for person, points in ((ada, 20), (ben, 10)):
        enroll(course, person)
        give(person, points, course=course)
    assert told(board(ben, course=course).top) == [(1, "Ada", 20), (2, "Ben", 10)]

    with clock.at(WEDNESDAY), django_capture_on_commit_callbacks(execute=True):
        unenroll_from_course(user=ada, course=course, origin=Origin.WEB)
    give(ada, 5, course=course)

    assert told(board(ben, course=course).top) == [(1, "Ben", 10)]
    assert told(board(ben).top) == [(1, "Ada", 25), (2, "Ben", 10)]
    with clock.at(WEDNESDAY), django_capture_on_commit_callbacks(execute=True):
        enroll(course, ada)
    assert told(board(ben, course=course).top) == [(1, "Ada", 25), (2, "Ben", 10)]


def test_level_is_that_of_all_points(give: Any) -> None:
    person, last_month = make_user(), WEDNESDAY - timedelta(days=40)
    give(person, 5_000, at=last_month)
    give(person, 10)

    [place] = board(person).top

    with clock.at(WEDNESDAY):
        assert place.level == get_figures(person).level.number > 1


def test_points_taken_below_nothing_are_owed_to_what_comes(give: Any) -> None:
    person = make_user()
    give(person, -5)
    assert board(person).top == []

    give(person, 12)
    assert told(board(person).top) == [(1, person.name, 7)]


def test_suspended_people_take_no_rank_until_they_are_back(give: Any) -> None:
    ada, ben = crowd(give, [30, 10])
    ada.is_active = False
    ada.save()
    assert told(board(ben).top) == [(1, ben.name, 10)]

    ada.is_active = True
    ada.save(update_fields=["is_active"])
    assert told(board(ben).top) == [(1, ada.name, 30), (2, ben.name, 10)]


@pytest.fixture
def keep(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that keeps all boards, however small they are."""
    monkeypatch.setattr("stepwell.gamification.queries.leaderboard.MOST_ENTRIES", 0)

    def keep(at: datetime = WEDNESDAY) -> int:
        with clock.at(at):
            return keep_boards()

    return keep


def test_kept_board_has_others_as_they_were_and_oneself_as_of_now(
    give: Any, keep: Callable[..., int]
) -> None:
    people = crowd(give, list(range(200, 0, -10)))
    assert keep() == len(Period)
    give(people[0], 500)
    give(people[14], 35)

    assert told(board(people[1]).top)[0] == (1, "Person 00", 200)
    assert told(board(people[14]).around) == [
        (11, "Person 10", 100),
        (12, "Person 14", 95),
        (13, "Person 11", 90),
        (14, "Person 12", 80),
    ]
    give(people[14], 80)
    found = board(people[14])
    assert told(found.top)[2:4] == [(3, "Person 02", 180), (4, "Person 14", 175)]
    assert (len(found.top), found.top[-1].rank, found.around) == (10, 10, [])


@given(
    others=st.lists(st.integers(1, 30), max_size=25),
    before=st.integers(0, 30),
    more=st.integers(0, 9),
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_own_place_on_a_kept_board_is_that_on_one_made_now(
    give: Any, keep: Callable[..., int], others: list[int], before: int, more: int
) -> None:
    with transaction.atomic():
        crowd(give, others)
        viewer = make_user("Vera Viewer")
        if before:
            give(viewer, before)
        keep()
        if more:
            give(viewer, more)
        kept = board(viewer)
        Board.objects.all().delete()
        made = board(viewer)
        transaction.set_rollback(True)

    assert (kept.top, kept.own) == (made.top, made.own)


def test_who_hides_or_leaves_is_off_a_kept_board_at_once(
    give: Any, keep: Callable[..., int]
) -> None:
    course = make_course()
    people = crowd(give, [40, 30, 20, 10])
    for person in people:
        enroll(course, person)
        give(person, 5, course=course)
    assert keep() == 2 * len(Period)
    with clock.at(WEDNESDAY):
        show_on_leaderboard(user=people[0], is_listed=False)
        unenroll_from_course(user=people[1], course=course, origin=Origin.WEB)
    User.objects.filter(pk=people[2].pk).update(is_active=False)

    assert [place.name for place in board(people[3]).top] == ["Person 01", "Person 03"]
    assert [place.name for place in board(people[3], course=course).top] == ["Person 03"]
    keep()
    assert told(board(people[3], course=course).top) == [(1, "Person 03", 5)]


def test_kept_boards_of_periods_that_are_over_are_dropped(
    give: Any, keep: Callable[..., int]
) -> None:
    crowd(give, [10])
    keep()
    keep(WEDNESDAY + timedelta(days=30))

    starts = Board.objects.exclude(period=Period.ALL).values_list("starts_on", flat=True)
    assert len(starts) == 3
    assert min(starts) > WEDNESDAY.date()


def test_only_boards_of_many_entries_are_kept(give: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(give, [10, 20])
    monkeypatch.setattr("stepwell.gamification.queries.leaderboard.MOST_ENTRIES", 2)
    assert keep_boards() == 0
    crowd(give, [30])
    assert keep_boards() == len(Period)
