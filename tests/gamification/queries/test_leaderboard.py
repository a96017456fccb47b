"""The leaderboard: ranks, one's own place with neighbors, and periods in the site's zone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.actions import correct_points, count_standings, show_on_leaderboard
from stepwell.gamification.models import Board, Period, PointEntry
from stepwell.gamification.queries import Place, get_figures, get_leaderboard
from stepwell.learning.actions import unenroll_from_course
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
        count_standings()
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


def test_neighbors_are_told_apart_among_many_with_the_same_points(give: Any) -> None:
    people = crowd(give, [90, *[10] * 19])

    assert told(board(people[14]).around) == [
        (2, f"Person {number}", 10) for number in (12, 13, 14, 15, 16)
    ]
    assert told(board(people[19]).around) == [
        (2, f"Person {number}", 10) for number in (17, 18, 19)
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


def test_old_boards_are_dropped_when_points_are_counted(give: Any) -> None:
    [person] = crowd(give, [10])
    board(person)
    next_month = WEDNESDAY + timedelta(days=30)
    for _time in range(4):
        give(person, 1, next_month)
        board(person, at=next_month)

    starts = Board.objects.exclude(period=Period.ALL).values_list("starts_on", flat=True)
    assert min(starts) > WEDNESDAY.date()


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


@pytest.mark.parametrize(("size", "queries"), [(1, 3), (3, 3), (30, 9)])
def test_a_look_costs_as_many_queries_for_any_number_of_learners(
    give: Any, django_assert_num_queries: DjangoAssertNumQueries, size: int, queries: int
) -> None:
    people = crowd(give, [10] * size)
    board(people[-1])

    # The board, what the viewer chose, the first ten; and below these one's own standing, those
    # before it with as many points or more, after it with as many or fewer, and their ranks.
    with clock.at(WEDNESDAY), django_assert_num_queries(queries):
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
        unenroll_from_course(user=ada, course=course)
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
