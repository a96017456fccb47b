"""Completing a lesson, and taking it back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    create_lesson,
    publish_lesson,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Lesson
from stepwell.learning.actions import (
    complete_lesson,
    reopen_lesson,
    toggle_lesson_complete,
    unenroll_from_course,
)
from stepwell.learning.errors import LessonNotVisible, NotEnrolled
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.gamification.switch import awards_lost
from tests.learning.conftest import FAILURES, HearLearned, Sent

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=days) for days in (1, 2))

ACTIONS = [complete_lesson, reopen_lesson, toggle_lesson_complete]
Action = Callable[..., LessonProgress | None]


@pytest.fixture
def learner() -> User:
    return make_user()


@pytest.fixture
def lesson(learner: User) -> Lesson:
    """Return the first of two lessons of a course that the learner joined on Monday."""
    course = make_course([2])
    with clock.at(MONDAY):
        enroll(course, learner)
    return lessons_of(course)[0]


def last_activity(user: User) -> datetime:
    return Enrollment.objects.get(user=user).last_activity_at


def completion_events() -> list[str]:
    events = LearningEvent.objects.filter(lesson__isnull=False)
    return list(events.values_list("kind", flat=True))


# complete_lesson


def test_complete_keeps_who_what_and_when(learner: User, lesson: Lesson) -> None:
    with clock.at(TUESDAY):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    progress = LessonProgress.objects.get()
    assert (progress.user, progress.lesson) == (learner, lesson)
    assert (progress.first_completed_at, progress.completed_at) == (TUESDAY, TUESDAY)
    assert last_activity(learner) == TUESDAY
    assert Enrollment.objects.get().finished_at is None


def test_complete_twice_changes_nothing(
    learner: User,
    lesson: Lesson,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with clock.at(TUESDAY):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with clock.at(WEDNESDAY), django_capture_on_commit_callbacks(execute=True):
        progress = complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    progress.refresh_from_db()
    assert progress.completed_at == TUESDAY
    assert last_activity(learner) == TUESDAY
    assert LessonProgress.objects.count() == 1
    assert completion_events() == ["completed"]
    assert sent == []


def test_complete_after_reopening_keeps_the_first_date(learner: User, lesson: Lesson) -> None:
    with clock.at(MONDAY):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    with clock.at(TUESDAY):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with clock.at(WEDNESDAY):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    progress = LessonProgress.objects.get()
    assert (progress.first_completed_at, progress.completed_at) == (MONDAY, WEDNESDAY)


def test_complete_last_open_lesson_finishes_the_course(learner: User, lesson: Lesson) -> None:
    first, second = lessons_of(lesson.course)
    with clock.at(TUESDAY):
        complete_lesson(user=learner, lesson=second, origin=Origin.WEB)
    assert Enrollment.objects.get().finished_at is None

    with clock.at(WEDNESDAY):
        complete_lesson(user=learner, lesson=first, origin=Origin.WEB)

    assert Enrollment.objects.get().finished_at == WEDNESDAY


def test_complete_finishes_without_lessons_that_nobody_sees(learner: User, lesson: Lesson) -> None:
    unpublish_lesson(lesson=lessons_of(lesson.course)[1])

    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert Enrollment.objects.get().finished_at is not None


def test_finishing_is_a_fact_that_neither_new_lessons_nor_reopening_take_away(
    learner: User, lesson: Lesson
) -> None:
    with clock.at(TUESDAY):
        for each in lessons_of(lesson.course):
            complete_lesson(user=learner, lesson=each, origin=Origin.WEB)

    added = publish_lesson(lesson=create_lesson(module=lesson.module, title="New"))
    with clock.at(WEDNESDAY):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
        complete_lesson(user=learner, lesson=added, origin=Origin.WEB)

    assert Enrollment.objects.get().finished_at == TUESDAY
    assert LearningEvent.objects.filter(kind="finished").count() == 1


def test_complete_sends_its_signals_once_after_commit(
    learner: User,
    lesson: Lesson,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    unpublish_lesson(lesson=lessons_of(lesson.course)[1])

    with django_capture_on_commit_callbacks(execute=True):
        complete_lesson(user=learner, lesson=lesson, origin="api")
        assert sent == []

    (completed, event), (finished, end) = sent
    assert (completed, event.lesson, event.user, event.origin) == (
        "lesson_completed",
        lesson,
        learner,
        "api",
    )
    assert (finished, end.course, end.lesson) == ("course_finished", lesson.course, None)


@pytest.mark.parametrize("size", [2, 30])
def test_complete_takes_as_many_queries_for_every_size(
    learner: User, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([size])
    enroll(course, learner)
    lesson = lessons_of(course)[0]

    # A savepoint for the transaction and one for `learned`; enrollment, state, record, completion,
    # dates.
    with awards_lost(), django_assert_num_queries(4 + 5):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)


def test_complete_lets_receivers_add_to_its_transaction_once(
    learner: User, lesson: Lesson, hear_learned: HearLearned
) -> None:
    heard = []

    @hear_learned
    def look(enrollment: Enrollment, **_rest: object) -> None:
        heard.append(
            (
                enrollment.user,
                LessonProgress.objects.completed().count(),
                connection.in_atomic_block,
            )
        )

    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert heard == [(learner, 1, True)]


@pytest.mark.parametrize("fail", FAILURES)
def test_complete_stands_without_what_a_failing_receiver_wrote(
    learner: User, lesson: Lesson, hear_learned: HearLearned, fail: Callable[[], None]
) -> None:
    unpublish_lesson(lesson=lessons_of(lesson.course)[1])

    @hear_learned
    def write_and_fail(enrollment: Enrollment, **_rest: object) -> None:
        User.objects.filter(pk=enrollment.user_id).update(name="Half done")
        fail()

    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert completion_events() == ["completed"]
    assert LessonProgress.objects.completed().count() == 1
    assert Enrollment.objects.get().finished_at is not None
    assert not list(find_differences())
    assert User.objects.get(pk=learner.pk).name == learner.name


# reopen_lesson


def test_reopen_takes_the_completion_back_and_keeps_its_first_date(
    learner: User, lesson: Lesson
) -> None:
    with clock.at(MONDAY):
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with clock.at(TUESDAY):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    progress = LessonProgress.objects.get()
    assert (progress.first_completed_at, progress.completed_at) == (MONDAY, None)
    assert last_activity(learner) == TUESDAY


def test_reopen_twice_changes_nothing(
    learner: User,
    lesson: Lesson,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    with clock.at(TUESDAY):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with clock.at(WEDNESDAY), django_capture_on_commit_callbacks(execute=True):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert last_activity(learner) == TUESDAY
    assert completion_events() == ["completed", "reopened"]
    assert sent == []


def test_reopen_of_what_was_never_completed_does_nothing(learner: User, lesson: Lesson) -> None:
    assert reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB) is None
    assert completion_events() == []


def test_reopen_sends_its_signal_once_after_commit(
    learner: User,
    lesson: Lesson,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with django_capture_on_commit_callbacks(execute=True):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
        assert sent == []

    [(name, event)] = sent
    assert (name, event.lesson, event.user) == ("lesson_reopened", lesson, learner)


def test_reopen_takes_so_many_queries(
    learner: User, lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    with django_assert_num_queries(4 + 3):
        reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)


# toggle_lesson_complete


def test_toggle_changes_the_state_once_a_call(learner: User, lesson: Lesson) -> None:
    states = []
    for _call in range(3):
        toggle_lesson_complete(user=learner, lesson=lesson, origin=Origin.WEB)
        states.append(LessonProgress.objects.completed().exists())

    assert states == [True, False, True]
    assert completion_events() == ["completed", "reopened", "completed"]


def test_toggle_sends_what_the_chosen_action_sends(
    learner: User,
    lesson: Lesson,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        toggle_lesson_complete(user=learner, lesson=lesson, origin="cli")
        toggle_lesson_complete(user=learner, lesson=lesson, origin="api")
        assert sent == []

    assert [(name, event.origin) for name, event in sent] == [
        ("lesson_completed", "cli"),
        ("lesson_reopened", "api"),
    ]


# What all three refuse


@pytest.mark.parametrize("action", ACTIONS)
def test_stranger_is_refused(action: Action, lesson: Lesson) -> None:
    with pytest.raises(NotEnrolled) as refusal:
        action(user=make_user(), lesson=lesson, origin=Origin.WEB)

    assert refusal.value.data == {"course": lesson.course}
    assert completion_events() == []


@pytest.mark.parametrize("action", ACTIONS)
def test_learner_of_another_course_is_refused(
    action: Action, learner: User, lesson: Lesson
) -> None:
    elsewhere = lessons_of(make_course([1]))[0]

    with pytest.raises(NotEnrolled):
        action(user=learner, lesson=elsewhere, origin=Origin.WEB)

    assert completion_events() == []


@pytest.mark.parametrize("action", ACTIONS)
def test_learner_who_left_is_refused(action: Action, learner: User, lesson: Lesson) -> None:
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    unenroll_from_course(user=learner, course=lesson.course, origin=Origin.WEB)

    with pytest.raises(NotEnrolled):
        action(user=learner, lesson=lesson, origin=Origin.WEB)

    assert completion_events() == ["completed"]


HIDINGS: list[Callable[[Lesson], object]] = [
    lambda lesson: unpublish_lesson(lesson=lesson),
    lambda lesson: archive_lesson(lesson=lesson),
    lambda lesson: archive_module(module=lesson.module),
    lambda lesson: unpublish_course(course=lesson.course),
    lambda lesson: archive_course(course=lesson.course),
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "hide",
    HIDINGS,
    ids=["draft", "archived", "module archived", "course closed", "course archived"],
)
def test_lesson_that_is_not_visible_is_refused(
    action: Action, hide: Callable[[Lesson], object], learner: User, lesson: Lesson
) -> None:
    complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
    hide(lesson)

    with pytest.raises(LessonNotVisible) as refusal:
        action(user=learner, lesson=lesson, origin=Origin.WEB)

    assert refusal.value.data == {"course": lesson.course, "lesson": lesson}
    assert LessonProgress.objects.get().completed_at is not None
    assert completion_events() == ["completed"]


def test_clock_set_back_between_two_completions_loses_nothing() -> None:
    enrollment = enroll(make_course())
    lesson = lessons_of(enrollment.course)[0]
    first = complete_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    reopen_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    with clock.at(first.first_completed_at - timedelta(hours=1)):
        again = complete_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    assert again.completed_at == first.first_completed_at
    assert not list(find_differences())
