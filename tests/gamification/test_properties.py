"""Whenever points come, late or at once: the ledger equals one that is made from the facts."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.gamification.actions import award_points, rebuild_ledger
from stepwell.gamification.models import BadgeAward, PointEntry
from stepwell.learning.actions import complete_lesson, reopen_lesson
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import awards_lost

BEGIN = datetime(2024, 1, 1, 9, tzinfo=UTC)
LESSONS = 5
Story = list[tuple[int, int, bool, bool]]

# Which lesson, how many hours later, whether it is taken back, and whether the award is lost.
steps = st.tuples(
    st.integers(0, LESSONS - 1),
    st.sampled_from([0, 5, 12, 24, 24, 48, 24 * 40]),
    st.booleans(),
    st.booleans(),
)


@pytest.fixture
def learner(db: None) -> User:
    return make_user()


@pytest.fixture
def course(learner: User) -> Course:
    course = make_course([2, LESSONS - 2])
    with clock.at(BEGIN):
        enroll(course, learner)
    return course


def what_was_given() -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    entries = PointEntry.objects.values_list("rule", "subject", "points", "at", "day")
    return set(entries), set(BadgeAward.objects.values_list("badge", "at"))


def forget_all() -> None:
    BadgeAward.objects.all().delete()
    PointEntry.objects.all().delete()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=st.lists(steps, min_size=1, max_size=12))
def test_the_ledger_is_what_it_would_be_if_it_were_made_anew(
    learner: User, course: Course, story: Story
) -> None:
    with transaction.atomic():
        live(learner, course, story)
        award_points(user=learner, full=True)
        given_bit_by_bit = what_was_given()

        forget_all()
        rebuild_ledger()

        assert what_was_given() == given_bit_by_bit
        transaction.set_rollback(True)


def live(learner: User, course: Course, story: Story) -> None:
    lessons, now = lessons_of(course), BEGIN
    for number, hours, is_taken_back, is_lost in story:
        now += timedelta(hours=hours, minutes=1)
        with clock.at(now):
            with awards_lost() if is_lost else nullcontext():
                complete_lesson(user=learner, lesson=lessons[number], origin=Origin.WEB)
            if is_taken_back:
                reopen_lesson(user=learner, lesson=lessons[number], origin=Origin.WEB)
