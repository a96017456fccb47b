"""Many at once: everybody succeeds, the database holds one row, and the record stays true."""

from collections.abc import Callable
from typing import Any

import pytest

from stepwell.accounts.models import User
from stepwell.courses.models import Lesson
from stepwell.learning.actions import (
    complete_lesson,
    count_progress,
    enroll_in_course,
    reopen_lesson,
    start_course_over,
    toggle_lesson_complete,
    unenroll_from_course,
)
from stepwell.learning.errors import NotEnrolled
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course, make_user

RunInThreads = Callable[..., list[Any]]

CROWD = 40  # two of these tests at once need 80 of the 100 connections that PostgreSQL takes


@pytest.fixture
def learner(transactional_db: None) -> User:
    return make_user()


@pytest.fixture
def lesson(learner: User) -> Lesson:
    """Return the first of two lessons of a course that the learner joined."""
    course = make_course([2])
    enroll(course, learner)
    return lessons_of(course)[0]


def errors_in(results: list[Any]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


def kinds() -> list[str]:
    return list(LearningEvent.objects.values_list("kind", flat=True))


def test_completing_and_reopening_at_once_alternate(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    results = run_in_threads(
        *[lambda: complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)] * (CROWD // 2),
        *[lambda: reopen_lesson(user=learner, lesson=lesson, origin=Origin.WEB)] * (CROWD // 2),
    )

    assert errors_in(results) == []
    assert LessonProgress.objects.count() == 1
    changes = kinds()[1:]
    assert changes == ["completed", "reopened"] * (len(changes) // 2) + ["completed"] * (
        len(changes) % 2
    )
    assert list(find_differences()) == []


def test_completing_at_once_happens_once(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    other = lessons_of(lesson.course)[1]

    results = run_in_threads(
        *[lambda: complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)] * 20,
        *[lambda: complete_lesson(user=learner, lesson=other, origin=Origin.WEB)] * 20,
    )

    assert errors_in(results) == []
    assert sorted(kinds()) == ["completed", "completed", "enrolled", "finished"]
    assert list(find_differences()) == []


@pytest.mark.parametrize("calls", [CROWD, CROWD - 1])
def test_toggling_at_once_counts_every_call(
    calls: int, learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    results = run_in_threads(
        *[lambda: toggle_lesson_complete(user=learner, lesson=lesson, origin=Origin.WEB)] * calls
    )

    assert errors_in(results) == []
    assert (LessonProgress.objects.get().completed_at is not None) == (calls % 2 == 1)
    assert kinds()[1:] == (["completed", "reopened"] * CROWD)[:calls]
    assert list(find_differences()) == []


def test_enrolling_at_once_happens_once(learner: User, run_in_threads: RunInThreads) -> None:
    course = make_course()

    results = run_in_threads(
        *[lambda: enroll_in_course(user=learner, course=course, origin=Origin.WEB)] * CROWD
    )

    assert errors_in(results) == []
    assert results == [Enrollment.objects.get()] * CROWD
    assert kinds() == ["enrolled"]
    assert list(find_differences()) == []


def test_coming_back_at_once_happens_once(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    course = lesson.course
    unenroll_from_course(user=learner, course=course, origin=Origin.WEB)

    results = run_in_threads(
        *[lambda: enroll_in_course(user=learner, course=course, origin=Origin.WEB)] * CROWD
    )

    assert errors_in(results) == []
    assert kinds() == ["enrolled", "unenrolled", "enrolled"]
    assert list(find_differences()) == []


def test_many_learners_enroll_at_once(learner: User, run_in_threads: RunInThreads) -> None:
    course = make_course()
    learners = [make_user() for _learner in range(CROWD)]

    results = run_in_threads(
        *[
            lambda user=user: enroll_in_course(user=user, course=course, origin=Origin.WEB)
            for user in learners
        ]
    )

    assert errors_in(results) == []
    assert Enrollment.objects.active().filter(course=course).count() == CROWD
    assert list(find_differences()) == []


def test_enrolling_and_unenrolling_at_once_alternate(
    learner: User, run_in_threads: RunInThreads
) -> None:
    course = make_course()

    results = run_in_threads(
        *[lambda: enroll_in_course(user=learner, course=course, origin=Origin.WEB)] * (CROWD // 2),
        *[lambda: unenroll_from_course(user=learner, course=course, origin=Origin.WEB)]
        * (CROWD // 2),
    )

    assert errors_in(results) == []
    changes = kinds()
    assert changes == (["enrolled", "unenrolled"] * CROWD)[: len(changes)]
    assert Enrollment.objects.get().is_active == (len(changes) % 2 == 1)
    assert list(find_differences()) == []


def test_starting_over_against_completing_leaves_a_true_record(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    lessons = lessons_of(lesson.course)

    results = run_in_threads(
        *[lambda: start_course_over(user=learner, course=lesson.course, origin=Origin.WEB)] * 10,
        *[lambda: complete_lesson(user=learner, lesson=lessons[0], origin=Origin.WEB)] * 10,
        *[lambda: complete_lesson(user=learner, lesson=lessons[1], origin=Origin.WEB)] * 10,
    )

    assert errors_in(results) == []
    assert LessonProgress.objects.count() == 2
    assert kinds().count("finished") <= 1
    assert list(find_differences()) == []


def test_unenrolling_against_completing_refuses_the_late_ones_only(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    results = run_in_threads(
        *[lambda: toggle_lesson_complete(user=learner, lesson=lesson, origin=Origin.WEB)] * 20,
        lambda: unenroll_from_course(user=learner, course=lesson.course, origin=Origin.WEB),
    )

    assert {type(error) for error in errors_in(results)} <= {NotEnrolled}
    assert kinds()[-1] == "unenrolled"
    assert list(find_differences()) == []


def test_verification_of_a_busy_site_raises_no_false_alarm(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    def work() -> None:
        for _call in range(10):
            toggle_lesson_complete(user=learner, lesson=lesson, origin=Origin.WEB)

    results = run_in_threads(
        *[work] * 4, *[lambda: [list(find_differences()) for _time in range(10)]] * 4
    )

    assert errors_in(results) == []
    assert [result for result in results if result is not None] == [[[]] * 10] * 4


def test_figures_counted_while_learners_complete_are_never_wrong(
    learner: User, lesson: Lesson, run_in_threads: RunInThreads
) -> None:
    crowd = [learner, *(enroll(lesson.course).user for _ in range(9))]

    results = run_in_threads(
        *[
            lambda user=user: complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
            for user in crowd
        ],
        *[lambda: count_progress(course=lesson.course)] * 10,
    )

    assert errors_in(results) == []
    assert list(find_differences()) == []
    count_progress(course=lesson.course)
    assert set(Enrollment.objects.values_list("completed_count", flat=True)) == {1}
