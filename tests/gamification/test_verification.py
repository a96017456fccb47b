"""Points, badges and standings that somebody damaged by hand are reported."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import move_lesson
from stepwell.gamification.actions import (
    count_standings,
    define_badge,
    rebuild_ledger,
    show_on_leaderboard,
)
from stepwell.gamification.models import BadgeAward, BadgeRule, PointEntry
from stepwell.gamification.verification import find_differences
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import awards_lost, switch_off

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner() -> User:
    """Return somebody who finished a course on two days in a row; another one has a lesson open."""
    with clock.at(MONDAY - timedelta(days=1)):
        course = make_course([1, 1])
    with clock.at(MONDAY):
        other = enroll(course).user
        complete_lesson(user=other, lesson=lessons_of(course)[0])
        enrollment = enroll(course)
        complete_lesson(user=enrollment.user, lesson=lessons_of(course)[0])
    with clock.at(MONDAY + timedelta(days=1)):
        complete_lesson(user=enrollment.user, lesson=lessons_of(course)[1])
    count_standings()
    return enrollment.user


def sentences() -> list[str]:
    return [str(difference) for difference in find_differences()]


def damage(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_true_points_have_no_differences(learner: User) -> None:
    show_on_leaderboard(user=learner, is_listed=False)
    assert sentences() == []
    show_on_leaderboard(user=learner, is_listed=True)
    unenroll_from_course(user=learner, course=PointEntry.objects.exclude(course=None)[0].course)
    rebuild_ledger()
    assert sentences() == []


@pytest.mark.parametrize("rule", ["lesson", "module", "course", "streak"])
def test_missing_entry_is_reported(learner: User, rule: str) -> None:
    damage("DELETE FROM gamification_badgeaward")
    entry = PointEntry.objects.filter(user=learner, rule=rule).latest("pk")
    damage("DELETE FROM gamification_pointentry WHERE id = %s", entry.pk)

    found = [each for each in sentences() if "an entry, found none" in each]

    assert any(each.startswith("points for ") and str(learner.pk) in each for each in found)


@pytest.mark.parametrize(
    ("rule", "change", "word"),
    [
        ("lesson", "at = '2024-05-05 00:00:00+00:00'", "points for lesson"),
        ("course", "at = '2024-05-05 00:00:00+00:00'", "points for course"),
        ("lesson", "day = '2024-05-05'", "day of entry"),
        ("lesson", "subject = 99999", "points for lesson 99999"),
        ("module", "subject = 99999", "for module 99999"),
        ("course", "subject = 99999", "points for course 99999"),
        ("lesson", "course_id = NULL", "points for lesson"),
        ("streak", "day = '2024-01-05'", "in a row"),
        ("lesson", "points = 77", "standing of learner"),
    ],
)
def test_changed_entry_is_reported(learner: User, rule: str, change: str, word: str) -> None:
    entry = PointEntry.objects.filter(user=learner, rule=rule).latest("pk")
    damage(f"UPDATE gamification_pointentry SET {change} WHERE id = %s", entry.pk)  # noqa: S608  ours

    assert any(word in each for each in sentences())


def test_missing_badge_is_reported(learner: User) -> None:
    award = BadgeAward.objects.filter(user=learner).latest("pk")
    damage("DELETE FROM gamification_badgeaward WHERE id = %s", award.pk)

    assert sentences() == [
        f"badge “{award.badge.name}” of learner {learner.pk}: expected earned, found missing"
    ]


def test_module_that_a_move_finished_is_not_missed_before_the_next_lesson(learner: User) -> None:
    course = make_course([2, 1])
    first, second, third = lessons_of(course)
    enroll(course, learner)
    complete_lesson(user=learner, lesson=first)
    move_lesson(lesson=second, module=third.module)

    assert sentences() == []


def test_missing_badge_of_the_owners_is_reported_once_it_was_given(learner: User) -> None:
    badge = define_badge(name="Starter", rule=BadgeRule.LESSONS, threshold=1)
    assert sentences() == []
    rebuild_ledger()
    damage("DELETE FROM gamification_badgeaward WHERE badge_id = %s", badge.pk)

    assert len(sentences()) == 2  # of both learners


def test_badge_that_nobody_earned_is_reported(learner: User) -> None:
    badge = define_badge(name="Legend", rule=BadgeRule.LESSONS, threshold=500)
    entry = PointEntry.objects.filter(user=learner).earliest("pk")
    BadgeAward.objects.create(user=learner, badge=badge, at=MONDAY, evidence=entry)

    [sentence] = sentences()

    assert sentence.startswith(f"badge “Legend” of learner {learner.pk}: expected not earned")


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("UPDATE gamification_standing SET points = points + 1", "standing of learner"),
        ("DELETE FROM gamification_standing", "standing of learner"),
        ("UPDATE gamification_scorecount SET learners = learners + 1", "on board"),
        ("DELETE FROM gamification_scorecount", "on board"),
    ],
)
def test_wrong_standings_are_reported(learner: User, sql: str, word: str) -> None:
    damage(sql)

    assert any(word in each for each in sentences())
    rebuild_ledger()
    assert not any("standing" in each for each in sentences())


def test_points_that_were_missed_are_reported_until_they_are_made_up_for(learner: User) -> None:
    course = make_course([1])
    enroll(course, learner)
    with awards_lost():
        complete_lesson(user=learner, lesson=lessons_of(course)[0])
    assert len(sentences()) == 3  # lesson, module, course

    rebuild_ledger()

    assert sentences() == []


def test_nothing_is_reported_while_points_are_off(learner: User, settings: object) -> None:
    damage("DELETE FROM gamification_badgeaward")
    switch_off(settings)

    assert sentences() == []


@pytest.mark.parametrize("learners", [1, 4])
def test_verification_takes_as_many_queries_for_any_number_of_learners(
    learners: int, django_assert_num_queries: Callable[..., object]
) -> None:
    course = make_course([1])
    for _learner in range(learners):
        complete_lesson(user=enroll(course, make_user()).user, lesson=lessons_of(course)[0])
    count_standings()

    with django_assert_num_queries(15):  # type: ignore[attr-defined]
        assert sentences() == []
