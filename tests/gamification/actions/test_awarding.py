"""Points for what was learned: each once, whatever comes again, gets lost or is undone."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from stepwell.accounts.actions import set_first_time_zone, update_profile
from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import archive_lesson, unpublish_course
from stepwell.courses.models import Course
from stepwell.gamification.actions import award_points, rebuild_ledger
from stepwell.gamification.models import BadgeAward, Celebration, PointEntry
from stepwell.gamification.queries import get_figures
from stepwell.gamification.verification import find_differences
from stepwell.learning.actions import complete_lesson, reopen_lesson, start_course_over
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import awards_lost

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner() -> User:
    return make_user()


@pytest.fixture
def course(learner: User) -> Course:
    """Return a course of modules of two lessons and of one that the learner joined."""
    course = make_course([2, 1])
    with clock.at(MONDAY):
        enroll(course, learner)
    return course


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> object:
    return django_capture_on_commit_callbacks


class Learn:
    """Completes and reopens lessons, with what follows a commit."""

    def __init__(self, learner: User, course: Course, commits: DjangoCaptureOnCommitCallbacks):
        self.learner, self.course, self.commits = learner, course, commits

    def __call__(self, number: int, *, days: float = 0, action: object = complete_lesson) -> None:
        lesson = lessons_of(self.course)[number - 1]
        with clock.at(MONDAY + timedelta(days=days)), self.commits(execute=True):
            action(user=self.learner, lesson=lesson, origin=Origin.WEB)  # type: ignore[operator]


@pytest.fixture
def learn(learner: User, course: Course, commits: DjangoCaptureOnCommitCallbacks) -> Learn:
    return Learn(learner, course, commits)


def ledger() -> list[tuple[str, int]]:
    return list(PointEntry.objects.order_by("pk").values_list("rule", "points"))


def test_a_lesson_gives_points_and_says_when(learner: User, learn: Learn) -> None:
    learn(1)

    [entry] = PointEntry.objects.all()
    assert (entry.user, entry.rule, entry.points) == (learner, "lesson", 10)
    assert (entry.at, entry.day) == (MONDAY, MONDAY.date())


def test_modules_and_courses_give_points_when_they_are_finished(learn: Learn) -> None:
    learn(1)
    learn(2)
    assert ledger() == [("lesson", 10), ("lesson", 10), ("module", 20)]

    learn(3)
    assert ledger()[3:] == [("lesson", 10), ("module", 20), ("course", 100)]


def test_a_module_is_finished_when_its_last_open_lesson_is_hidden(
    course: Course, learn: Learn
) -> None:
    learn(1)
    archive_lesson(lesson=lessons_of(course)[1])
    assert ledger() == [("lesson", 10)]

    learn(3)

    assert ledger()[1:] == [("lesson", 10), ("module", 20), ("module", 20), ("course", 100)]


def test_a_course_that_hiding_its_last_open_lesson_finishes_gives_points(
    course: Course, learn: Learn, commits: DjangoCaptureOnCommitCallbacks
) -> None:
    learn(1)
    learn(2)

    with commits(execute=True):
        archive_lesson(lesson=lessons_of(course)[2])

    assert ledger()[3:] == [("course", 100)]


def test_toggling_gives_points_once(learn: Learn) -> None:
    for _time in range(3):
        learn(1)
        learn(1, action=reopen_lesson)

    assert ledger() == [("lesson", 10)]


def test_starting_over_gives_nothing_again(learner: User, course: Course, learn: Learn) -> None:
    for number in (1, 2, 3):
        learn(number)
    start_course_over(user=learner, course=course, origin=Origin.WEB)
    before = ledger()
    for number in (1, 2, 3):
        learn(number, days=3)

    assert ledger() == before


def test_a_second_call_gives_nothing(learner: User, learn: Learn) -> None:
    learn(1)

    assert award_points(user=learner) == []
    assert award_points(user=learner, full=True) == []


def test_an_award_that_was_missed_comes_with_the_next_one(
    learner: User, course: Course, learn: Learn
) -> None:
    first, _second = lessons_of(course)[:2]
    with clock.at(MONDAY), awards_lost():
        complete_lesson(user=learner, lesson=first, origin=Origin.WEB)
    assert ledger() == []

    learn(2, days=1)

    assert PointEntry.objects.get(subject=first.pk, rule="lesson").at == MONDAY
    assert sorted(ledger()) == [("lesson", 10), ("lesson", 10), ("module", 20), ("streak", 5)]


def test_modules_of_another_course_that_were_missed_come_too(
    learner: User, course: Course, learn: Learn, commits: DjangoCaptureOnCommitCallbacks
) -> None:
    """The account holds the modules of one course; those of others are read when missing."""
    other = make_course([1, 1])
    enroll(other, learner)
    with awards_lost():
        Learn(learner, other, commits)(1)

    learn(1)

    assert sorted(PointEntry.objects.values_list("rule", "course")) == [
        ("lesson", course.pk),
        ("lesson", other.pk),
        ("module", other.pk),
    ]


def test_rebuilding_makes_up_for_what_was_missed(learner: User, course: Course) -> None:
    with clock.at(MONDAY), awards_lost():
        for lesson in lessons_of(course):
            complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert rebuild_ledger() == 6
    assert rebuild_ledger() == 0
    assert get_figures(learner).points == 170


def facts() -> set[tuple[object, ...]]:
    return set(PointEntry.objects.values_list("user", "rule", "subject", "points", "at", "day"))


def test_rebuilding_from_nothing_arrives_at_the_same_points(learn: Learn) -> None:
    for number, days in ((1, 0), (2, 1), (3, 2.5)):
        learn(number, days=days)
    before = facts()
    badges = set(BadgeAward.objects.values_list("user", "badge", "at"))
    BadgeAward.objects.all().delete()
    PointEntry.objects.all().delete()

    rebuild_ledger()

    assert facts() == before
    assert set(BadgeAward.objects.values_list("user", "badge", "at")) == badges


def test_points_stay_when_lessons_and_courses_go(course: Course, learn: Learn) -> None:
    for number in (1, 2):
        learn(number)
    before = ledger()
    archive_lesson(lesson=lessons_of(course)[0])
    unpublish_course(course=course)
    rebuild_ledger()

    assert ledger() == before


def test_new_amounts_hold_for_new_entries(learn: Learn, settings: object) -> None:
    learn(1)
    settings.SITE = settings.SITE.model_copy(update={"points_lesson": 7})  # type: ignore[attr-defined]
    learn(2)

    assert [points for rule, points in ledger() if rule == "lesson"] == [10, 7]


def test_each_further_day_in_a_row_gives_points_once(learn: Learn) -> None:
    learn(1)
    learn(2, days=1)
    learn(3, days=1.1)

    assert [entry for entry in ledger() if entry[0] == "streak"] == [("streak", 5)]


def test_a_day_is_that_of_the_learners_zone(learner: User, learn: Learn) -> None:
    update_profile(user=learner, name=learner.name, time_zone="Pacific/Auckland")
    learn(1, days=0.5)  # nine in the evening in London, ten in the morning of the next day there

    assert PointEntry.objects.get().day == (MONDAY + timedelta(days=1)).date()


def test_moving_to_another_zone_makes_no_second_day_of_a_lesson(
    learner: User, learn: Learn
) -> None:
    learn(1)
    update_profile(user=learner, name=learner.name, time_zone="Pacific/Auckland")
    rebuild_ledger()

    assert ledger() == [("lesson", 10)]


EAST, WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # 25 hours apart


def go_to(learner: User, zone: str) -> None:
    User.objects.filter(pk=learner.pk).update(time_zone=zone)
    learner.refresh_from_db()


def streak(learner: User, days: float) -> tuple[int, bool]:
    with clock.at(MONDAY + timedelta(days=days)):
        found = get_figures(learner).streak
    return found.length, found.is_safe


@pytest.mark.parametrize(("origin", "goal"), [(EAST, WEST), (WEST, EAST)])
def test_moving_keeps_the_streak_and_earns_nothing(
    learner: User, learn: Learn, origin: str, goal: str
) -> None:
    go_to(learner, origin)
    learn(1)
    learn(2, days=1)
    assert streak(learner, days=1) == (2, True)

    go_to(learner, goal)
    assert streak(learner, days=1) == (2, True)
    learn(3, days=1)

    assert streak(learner, days=1) == (2, True)
    assert [entry.day for entry in PointEntry.objects.filter(rule="streak")] == [
        PointEntry.objects.get(rule="lesson", subject=lessons_of(learn.course)[1].pk).day
    ]


@pytest.mark.parametrize(("origin", "goal"), [(EAST, WEST), (WEST, EAST)])
def test_moving_twice_within_seconds_earns_no_day(
    learner: User, learn: Learn, origin: str, goal: str
) -> None:
    for number, zone in enumerate([origin, goal, origin], 1):
        go_to(learner, zone)
        learn(number)

    assert not PointEntry.objects.filter(rule="streak").exists()
    assert PointEntry.objects.values("day").distinct().count() == 1


def test_date_that_moving_east_leaves_out_is_not_missed(learner: User, learn: Learn) -> None:
    go_to(learner, WEST)
    learn(1, days=-4)
    learn(2, days=0)
    go_to(learner, EAST)
    assert streak(learner, days=0.9) == (1, False)
    learn(3, days=0.9)

    assert streak(learner, days=0.9) == (2, True)
    with clock.at(MONDAY + timedelta(days=0.9)):
        assert get_figures(learner).streak.saved == ()  # no freeze was used
    award_points(user=learner, full=True)
    assert PointEntry.objects.filter(rule="streak").count() == 1


@pytest.mark.parametrize("is_first", [False, True], ids=["another zone", "a first zone"])
def test_moving_back_over_missed_days_brings_no_streak_back(
    learner: User, learn: Learn, settings: Settings, is_first: bool
) -> None:
    settings.TIME_ZONE = EAST  # that of people who have chosen none
    go_to(learner, "" if is_first else EAST)
    learn(1)
    days = 2.1  # two days of one week are missed there, and only one in the west
    assert streak(learner, days) == (0, False)

    with clock.at(MONDAY + timedelta(days=days)):
        if is_first:
            set_first_time_zone(user=learner, time_zone=WEST)
        else:
            update_profile(user=learner, name=learner.name, time_zone=WEST)
    assert streak(learner, days) == (0, False)
    learn(2, days=days)

    assert streak(learner, days) == (1, True)
    assert not PointEntry.objects.filter(rule="streak").exists()
    assert not list(find_differences())


def test_entries_bear_the_day_of_their_lesson(learner: User, learn: Learn) -> None:
    go_to(learner, WEST)
    learn(1)
    learn(2, days=1)
    go_to(learner, EAST)
    learn(3, days=1)

    days = {entry.day for entry in PointEntry.objects.filter(at__gte=MONDAY + timedelta(days=1))}
    assert len(days) == 1


def test_a_level_is_noted_once(learner: User, learn: Learn) -> None:
    for number in (1, 2, 3):
        learn(number)
    rebuild_ledger()

    levels = Celebration.objects.filter(kind="level").values_list("subject", flat=True)
    assert list(levels) == [3]  # from 40 points to 170


def test_badges_come_with_their_evidence(learner: User, learn: Learn) -> None:
    for number in (1, 2, 3):
        learn(number)

    earned = BadgeAward.objects.order_by("pk").values_list("badge__key", "evidence__rule", "at")
    assert list(earned) == [
        ("first-lesson", "lesson", MONDAY),
        ("first-course", "course", MONDAY),
        ("early", "course", MONDAY),
    ]


def test_completing_one_more_lesson_takes_few_queries(
    learner: User, course: Course, learn: Learn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learn(1)
    lesson = lessons_of(course)[2]

    # Those of learning; the account, and two entries in one.
    with clock.at(MONDAY), django_assert_num_queries(9 + 2):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)


def test_nothing_is_given_while_it_is_off(learn: Learn, settings: object) -> None:
    settings.SITE = settings.SITE.model_copy(update={"gamification": False})  # type: ignore[attr-defined]
    learn(1)

    assert ledger() == []
