"""Points, the leaderboard and people over the API: the same figures as on the pages."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.gamification.actions import correct_points, set_weekly_goal, show_on_leaderboard
from stepwell.gamification.models import GoalUnit
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.api.calls import Caller, refused
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import switch_off

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> User:
    """Return somebody who completed a lesson on Monday and another one on Tuesday."""
    learner, course = make_user("Lara Learner"), make_course([2, 2], title="Bread")
    enroll(course, learner)
    for day, lesson in enumerate(lessons_of(course)[:2]):
        moment = MONDAY + timedelta(days=day)
        with clock.at(moment), django_capture_on_commit_callbacks(execute=True):
            complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    return learner


def test_points_say_what_for(
    learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = make_user("Olga Owner", role=Role.OWNER)
    with clock.at(MONDAY + timedelta(days=2)):
        correct_points(user=learner, points=-5, reason="A test.", given_by=owner, number=1)
        set_weekly_goal(user=learner, unit=GoalUnit.DAYS, amount=3)
        caller = Caller(learner)
        # The token with its person, the ledger's part and length, titles of modules (there are no
        # lessons in it), the sums and what the learner chose.
        with django_assert_num_queries(6):
            body = caller.get("me/points?limit=3").json()

    assert (body["points"], body["count"], body["is_listed"]) == (40, 5, True)
    assert body["level"] == {"number": 1, "starts_at": 0, "next_at": 50}
    assert body["streak"] == {"length": 2, "longest": 2, "is_safe": False}
    assert body["goal"] == {"unit": "days", "amount": 3, "done": 2}
    told = [(item["rule"], item["title"], item["points"]) for item in body["items"]]
    assert told == [("correction", "A test.", -5), ("streak", "", 5), ("module", "Module 1", 20)]


def test_leaderboard_has_the_caller(learner: User) -> None:
    with clock.at(MONDAY + timedelta(days=1)):
        body = Caller(learner).get("leaderboard").json()

    assert body == {
        "period": "week",
        "top": [
            {
                "name": "Lara Learner",
                "handle": learner.handle,
                "rank": 1,
                "points": 45,
                "level": 1,
                "is_self": True,
            }
        ],
        "around": [],
    }


def test_leaderboard_of_a_course_is_for_its_class(learner: User) -> None:
    with clock.at(MONDAY + timedelta(days=1)):
        body = Caller(learner).get("leaderboard?course=bread&period=all").json()

    assert [place["points"] for place in body["top"]] == [40]  # days in a row are of no course
    assert refused(Caller(make_user()).get("leaderboard?course=bread")) == (404, "not_found")


def test_leaderboard_knows_its_periods(learner: User) -> None:
    assert refused(Caller(learner).get("leaderboard?period=year")) == (422, "invalid")


def test_member_has_what_they_reached(learner: User) -> None:
    with clock.at(MONDAY + timedelta(days=1)):
        body = Caller(make_user()).get(f"members/{learner.handle}").json()

    assert (body["name"], body["handle"]) == ("Lara Learner", learner.handle)
    assert body["rewards"] == {
        "points": 45,
        "level": {"number": 1, "starts_at": 0, "next_at": 50},
        "streak": {"length": 2, "longest": 2, "is_safe": True},
        "badges": [
            {
                "name": "First step",
                "rule": "lessons",
                "threshold": 1,
                "earned_at": "2024-01-01T09:00:00Z",
            }
        ],
    }


def test_who_hides_is_hidden_here_too(learner: User) -> None:
    show_on_leaderboard(user=learner, is_listed=False)
    other = Caller(make_user())

    assert other.get(f"members/{learner.handle}").json()["rewards"] is None
    assert other.get("leaderboard?period=all").json()["top"] == []
    assert Caller(learner).get("me/points").json()["points"] == 45
    assert Caller(learner).get(f"members/{learner.handle}").json()["rewards"]["points"] == 45


def test_suspended_people_are_nobody(learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(is_active=False)
    other = Caller(make_user())

    assert refused(other.get(f"members/{learner.handle}")) == (404, "not_found")
    assert other.get("leaderboard?period=all").json()["top"] == []


def test_turned_off_there_are_no_points(learner: User, settings: object) -> None:
    switch_off(settings)
    caller = Caller(learner)

    assert refused(caller.get("me/points")) == (404, "not_found")
    assert refused(caller.get("leaderboard")) == (404, "not_found")
    assert caller.get(f"members/{learner.handle}").json()["rewards"] is None
