"""The demo academy that a new site can be filled with."""

from datetime import UTC, datetime

import pytest

from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.models import Course, Lesson
from stepwell.demo.academy import PASSWORD, demo_accounts, load_academy
from stepwell.gamification.models import Period
from stepwell.gamification.queries import get_leaderboard
from stepwell.learning.queries import get_enrolled_courses_with_progress
from stepwell.learning.verification import find_differences

pytestmark = pytest.mark.django_db


def test_academy_is_loaded_once_and_is_true_to_its_record() -> None:
    assert load_academy()
    assert Course.objects.published().count() >= 5
    assert User.objects.filter(role=Role.LEARNER).count() >= 12
    assert Lesson.objects.filter(status="draft").exists()
    assert not list(find_differences())
    assert not load_academy()


def test_shown_accounts_open_with_the_shown_password() -> None:
    load_academy()
    for person in demo_accounts():
        assert User.objects.get(email=person.email).check_password(PASSWORD)


def test_first_learner_has_a_course_begun_half_done_and_finished() -> None:
    load_academy()
    courses = get_enrolled_courses_with_progress(User.objects.get(email="learner@example.org"))
    assert sorted(item.progress.percent for item in courses) == [10, 50, 100]
    assert [item.is_finished for item in courses].count(True) == 1


def test_site_with_people_is_left_alone() -> None:
    User.objects.create(email="someone@example.org", name="Someone", handle="someone")
    assert not load_academy()
    assert not Course.objects.exists()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 30, 0, 1, tzinfo=UTC),  # a Monday
        datetime(2026, 12, 1, 0, 1, tzinfo=UTC),  # the first of a month
    ],
    ids=["monday", "first-of-month"],
)
def test_every_leaderboard_shows_several_people_on_any_day(moment: datetime) -> None:
    with clock.at(moment):
        load_academy()
        viewer = User.objects.get(email="learner@example.org")
        boards = {period: get_leaderboard(viewer, period, None) for period in Period}

    assert min(len(board.top) for board in boards.values()) >= 7
    assert all(board.own for board in boards.values())
    assert not list(find_differences())
