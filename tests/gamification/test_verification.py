"""Points and badges that somebody damaged by hand are reported."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import move_lesson
from stepwell.gamification.actions import define_badge, rebuild_ledger, show_on_leaderboard
from stepwell.gamification.models import BadgeAward, BadgeRule, PointEntry
from stepwell.gamification.verification import find_differences
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from stepwell.learning.models import Origin
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
        complete_lesson(user=other, lesson=lessons_of(course)[0], origin=Origin.WEB)
        enrollment = enroll(course)
        complete_lesson(user=enrollment.user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    with clock.at(MONDAY + timedelta(days=1)):
        complete_lesson(user=enrollment.user, lesson=lessons_of(course)[1], origin=Origin.WEB)
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
    unenroll_from_course(
        user=learner, course=PointEntry.objects.exclude(course=None)[0].course, origin=Origin.WEB
    )
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
        ("module", "at = '2024-05-05 00:00:00+00:00'", "the moment of a lesson"),
        ("streak", "at = '2024-05-05 00:00:00+00:00'", "the moment of a lesson"),
        ("module", "day = '2024-05-05'", "day of entry"),
        ("course", "day = '2024-05-05'", "day of entry"),
        ("streak", "subject = 0", "the number of a day"),
        ("streak", "course_id = (SELECT min(id) FROM courses_course)", "course of entry"),
        ("lesson", "given_by_id = user_id", "given_by of entry"),
        ("module", "reason = 'Well done'", "reason of entry"),
        ("course", "zone = 'UTC'", "zone of entry"),
        ("streak", "skipped = 1", "skipped of entry"),
        ("lesson", "skipped = 1", "dates skipped before entry"),
        ("lesson", "zone = ''", "zone of entry"),
        ("lesson", "zone = 'Moon/Far_Side'", "zone of entry"),
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


@pytest.mark.parametrize(
    ("rule", "change", "word"),
    [
        (BadgeRule.LESSONS, "at = '2024-05-05 00:00:00+00:00'", "found earned 2024-05-05"),
        (BadgeRule.LESSONS, "evidence_id = {course}", "expected earned by a lesson"),
        (BadgeRule.COURSES, "evidence_id = {lesson}", "expected earned by a course"),
        (BadgeRule.EARLY, "evidence_id = {lesson}", "expected earned by a course"),
    ],
)
def test_changed_award_is_reported(learner: User, rule: BadgeRule, change: str, word: str) -> None:
    award = BadgeAward.objects.filter(user=learner, badge__rule=rule).earliest("pk")
    latest = {
        kind: PointEntry.objects.filter(user=learner, rule=kind).latest("pk").pk
        for kind in ("lesson", "course")
    }
    damage(
        f"UPDATE gamification_badgeaward SET {change.format(**latest)} WHERE id = %s",  # noqa: S608  ours
        award.pk,
    )

    assert any(word in each and f"badge “{award.badge.name}”" in each for each in sentences())


def test_badge_for_two_lessons_is_not_earned_by_the_first(learner: User) -> None:
    badge = define_badge(name="Pair", rule=BadgeRule.LESSONS, threshold=2)
    rebuild_ledger()
    first = PointEntry.objects.filter(user=learner, rule="lesson").earliest("pk")
    BadgeAward.objects.filter(user=learner, badge=badge).update(evidence=first, at=first.at)

    assert sentences() == [
        f"badge “Pair” of learner {learner.pk}: expected earned by lesson number 2, "
        f"found earned by entry {first.pk}"
    ]


def test_days_of_a_traveler_have_no_differences() -> None:
    with clock.at(MONDAY - timedelta(days=1)):
        course = make_course([1] * 5)
        user = enroll(course).user
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati", "Asia/Tokyo")
    for number, (zone, lesson) in enumerate(zip(zones, lessons_of(course), strict=False)):
        user.time_zone = zone
        user.save(update_fields=["time_zone"])
        with clock.at(MONDAY + timedelta(hours=20 * number)):
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    assert PointEntry.objects.filter(skipped__gt=0).exists()

    assert sentences() == []
    damage("UPDATE gamification_pointentry SET skipped = 0")
    assert any("dates skipped before entry" in each for each in sentences())


def test_module_that_a_move_finished_is_not_missed_before_the_next_lesson(learner: User) -> None:
    course = make_course([2, 1])
    first, second, third = lessons_of(course)
    enroll(course, learner)
    complete_lesson(user=learner, lesson=first, origin=Origin.WEB)
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


def test_points_that_were_missed_are_reported_until_they_are_made_up_for(learner: User) -> None:
    course = make_course([1])
    enroll(course, learner)
    with awards_lost():
        complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
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
        complete_lesson(
            user=enroll(course, make_user()).user, lesson=lessons_of(course)[0], origin=Origin.WEB
        )

    with django_assert_num_queries(10):  # type: ignore[attr-defined]
        assert sentences() == []
