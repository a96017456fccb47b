"""The figures that everyone sees: one definition, a fixed number of queries."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stepwell.accounts.models import User
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    arrange_outline,
    create_lesson,
    create_module,
    publish_course,
    publish_lesson,
    restore_lesson,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    complete_lesson,
    reopen_lesson,
    start_course_over,
)
from stepwell.learning.models import Origin
from stepwell.learning.queries import (
    EnrolledCourse,
    Progress,
    get_completed_lesson_ids,
    get_enrolled_course,
    get_enrolled_courses_with_progress,
)
from tests.factories import lessons_of, make_course, make_user
from tests.learning.conftest import join

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def learner() -> User:
    return make_user()


def seen(user: User, course: Course) -> EnrolledCourse:
    found = get_enrolled_course(user, course)
    assert found is not None
    return found


def figures(user: User, course: Course) -> tuple[int, int, int]:
    progress = seen(user, course).progress
    return progress.completed, progress.total, progress.percent


# Progress


@pytest.mark.parametrize(
    ("completed", "total", "percent"),
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 66), (199, 200, 99), (200, 200, 100)],
)
def test_percent_is_rounded_down(completed: int, total: int, percent: int) -> None:
    assert Progress(completed, total).percent == percent


@pytest.mark.parametrize(("completed", "total"), [(0, 0), (2, 3)])
def test_progress_is_not_complete_with_nothing_or_something_open(
    completed: int, total: int
) -> None:
    assert not Progress(completed, total).is_complete
    assert Progress(3, 3).is_complete


def test_course_without_lessons_is_at_zero(learner: User) -> None:
    course = make_course([])
    join(learner, course)

    assert figures(learner, course) == (0, 0, 0)
    assert seen(learner, course).next_lesson is None
    assert not seen(learner, course).is_finished


def test_draft_lessons_do_not_count(learner: User) -> None:
    course = make_course([2])
    create_lesson(module=course.modules.get(), title="Draft")
    join(learner, course, completed=2)

    assert figures(learner, course) == (2, 2, 100)


def test_hidden_lessons_that_were_completed_count_neither_above_nor_below(learner: User) -> None:
    course = make_course([3, 1])
    join(learner, course, completed=2)
    first, second, *_rest = lessons_of(course)

    unpublish_lesson(lesson=first)
    archive_lesson(lesson=second)

    assert figures(learner, course) == (0, 2, 0)
    assert get_completed_lesson_ids(learner, course) == set()


def test_lessons_of_an_archived_module_do_not_count(learner: User) -> None:
    course = make_course([2, 1])
    join(learner, course, completed=2)

    archive_module(module=course.modules.all()[0])

    assert figures(learner, course) == (0, 1, 0)


def test_hidden_lesson_comes_back_completed(learner: User) -> None:
    course = make_course([2])
    join(learner, course, completed=1)
    lesson = lessons_of(course)[0]

    restore_lesson(lesson=archive_lesson(lesson=lesson))
    publish_lesson(lesson=unpublish_lesson(lesson=lesson))

    assert figures(learner, course) == (1, 2, 50)
    assert get_completed_lesson_ids(learner, course) == {lesson.pk}


def test_lesson_moved_to_another_module_stays_completed(learner: User) -> None:
    course = make_course([2, 1])
    join(learner, course, completed=1)
    first, second, third = lessons_of(course)
    module, target = course.modules.all()

    arrange_outline(course=course, arrangement=[(target, [third, first]), (module, [second])])

    assert get_completed_lesson_ids(learner, course) == {first.pk}
    assert figures(learner, course) == (1, 3, 33)
    assert next_id(learner, course) == third.pk
    assert seen(learner, course).module_progress == [Progress(1, 2), Progress(0, 1)]


def test_completions_of_other_learners_and_courses_do_not_count(learner: User) -> None:
    course, elsewhere = make_course([2]), make_course([2])
    join(make_user(), course, completed=2)
    join(learner, elsewhere, completed=2)
    join(learner, course)

    assert figures(learner, course) == (0, 2, 0)
    assert get_completed_lesson_ids(learner, course) == set()
    assert seen(learner, course).module_progress == [Progress(0, 2)]


# Finishing, and what comes after


def test_lessons_added_after_finishing_are_counted_as_new(learner: User) -> None:
    course = make_course([1])
    join(learner, course, completed=1)

    for title in ("New", "Newer"):
        publish_lesson(lesson=create_lesson(module=course.modules.get(), title=title))

    found = seen(learner, course)
    assert (found.new_lesson_count, found.is_finished) == (2, True)
    assert figures(learner, course) == (1, 3, 33)
    assert found.finished_at is not None


def test_lessons_added_before_finishing_are_not_new(learner: User) -> None:
    course = make_course([2])
    join(learner, course, completed=1)
    publish_lesson(lesson=create_lesson(module=course.modules.get(), title="New"))

    found = seen(learner, course)
    assert (found.new_lesson_count, found.is_finished) == (0, False)


def test_reopened_lesson_of_a_finished_course_is_open_but_not_new(learner: User) -> None:
    course = make_course([2])
    join(learner, course, completed=2)

    reopen_lesson(user=learner, lesson=lessons_of(course)[1], origin=Origin.WEB)

    found = seen(learner, course)
    assert (found.new_lesson_count, found.is_finished) == (0, False)
    assert found.next_lesson
    assert found.next_lesson.id == lessons_of(course)[1].pk


def test_course_started_over_is_under_way_again(learner: User) -> None:
    course = make_course([2])
    join(learner, course, completed=2)

    start_course_over(user=learner, course=course, origin=Origin.WEB)

    found = seen(learner, course)
    assert (found.new_lesson_count, found.is_finished) == (0, False)
    assert figures(learner, course) == (0, 2, 0)
    assert found.finished_at is not None


# The next lesson


def next_id(user: User, course: Course) -> int | None:
    following = seen(user, course).next_lesson
    return following and following.id


def test_next_lesson_is_the_first_open_one_in_outline_order(learner: User) -> None:
    course = make_course([2, 1])
    join(learner, course)
    first, second, third = lessons_of(course)

    complete_lesson(user=learner, lesson=second, origin=Origin.WEB)
    assert next_id(learner, course) == first.pk
    complete_lesson(user=learner, lesson=first, origin=Origin.WEB)
    assert next_id(learner, course) == third.pk
    complete_lesson(user=learner, lesson=third, origin=Origin.WEB)
    assert next_id(learner, course) is None


def test_next_lesson_is_never_one_that_nobody_sees(learner: User) -> None:
    course = make_course([1, 2])
    join(learner, course)
    first, second, third = lessons_of(course)
    archive_module(module=first.module)
    unpublish_lesson(lesson=second)

    assert next_id(learner, course) == third.pk


# Courses that are closed


@pytest.mark.parametrize("close", [unpublish_course, archive_course])
def test_closed_course_keeps_its_figures_and_offers_nothing(
    learner: User, close: Callable[..., Course]
) -> None:
    course = make_course([3])
    join(learner, course, completed=1)

    close(course=course)

    [found] = get_enrolled_courses_with_progress(learner)
    assert not found.is_available
    assert (found.progress, found.next_lesson) == (Progress(1, 3), None)


def test_course_opened_again_goes_on(learner: User) -> None:
    course = make_course([3])
    join(learner, course, completed=1)

    publish_course(course=unpublish_course(course=course))

    [found] = get_enrolled_courses_with_progress(learner)
    assert found.is_available
    assert found.next_lesson
    assert found.next_lesson.id == lessons_of(course)[1].pk


def test_module_progress_follows_the_outline_and_omits_what_nobody_sees(learner: User) -> None:
    course, empty = make_course([1, 2, 1]), make_course([])
    draft = create_module(course=course, title="Only drafts")
    create_lesson(module=draft, title="Draft")
    join(learner, course, completed=2)
    first, second, third = course.modules.all()[:3]
    by_module = {module: list(module.lessons.all()) for module in (third, first, draft, second)}
    arrange_outline(course=course, arrangement=list(by_module.items()))
    archive_module(module=second)

    join(learner, empty)

    assert seen(learner, course).module_progress == [Progress(0, 1), Progress(1, 1)]
    assert seen(learner, empty).module_progress == []
