"""Kept figures hold until a fact or the outline changes, and are counted again then."""

from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.actions import publish_lesson, unpublish_lesson
from stepwell.learning.actions import (
    complete_lesson,
    count_progress,
    figures,
    reopen_lesson,
    start_course_over,
    toggle_lesson_complete,
    unenroll_from_course,
)
from stepwell.learning.models import Enrollment, Origin
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


def kept(enrollment: Enrollment) -> tuple[int, int | None]:
    row = Enrollment.objects.get(pk=enrollment.pk)
    return row.completed_count, row.next_lesson_id


def test_figures_are_counted_for_every_learner_of_the_course() -> None:
    course = make_course([2, 1])
    first, second, third = lessons_of(course)
    ahead, behind, elsewhere = enroll(course), enroll(course), enroll(make_course([1]))
    complete_lesson(user=ahead.user, lesson=first, origin=Origin.WEB)
    complete_lesson(user=ahead.user, lesson=third, origin=Origin.WEB)

    assert count_progress(course=course) == 2
    assert kept(ahead) == (2, second.pk)
    assert kept(behind) == (0, first.pk)
    assert kept(elsewhere) == (0, None)


def test_nothing_is_open_to_those_who_completed_all() -> None:
    enrollment = enroll(make_course([1]))
    complete_lesson(
        user=enrollment.user, lesson=lessons_of(enrollment.course)[0], origin=Origin.WEB
    )

    count_progress(course=enrollment.course)

    assert kept(enrollment) == (1, None)


def test_counting_again_finds_only_those_who_did_something() -> None:
    course = make_course([2])
    first, _second = lessons_of(course)
    active = [enroll(course) for _ in range(3)]
    enroll(course)
    for each in active:
        complete_lesson(user=each.user, lesson=first, origin=Origin.WEB)
    count_progress(course=course)

    assert count_progress(course=course) == 0
    reopen_lesson(user=active[0].user, lesson=first, origin=Origin.WEB)
    start_course_over(user=active[1].user, course=course, origin=Origin.WEB)
    unenroll_from_course(user=active[2].user, course=course, origin=Origin.WEB)
    assert count_progress(course=course) == 2
    assert [kept(each) for each in active[:2]] == [(0, first.pk)] * 2


def test_counting_ends_while_somebody_goes_on_learning() -> None:
    enrollment = enroll(make_course([1]))
    [lesson], changed = lessons_of(enrollment.course), iter(range(3))

    def learn(execute: Any, sql: str, *rest: Any) -> Any:
        outcome = execute(sql, *rest)
        is_counted = sql.startswith("UPDATE") and "completed_count" in sql
        if is_counted and next(changed, None) is not None:
            toggle_lesson_complete(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
        return outcome

    with connection.execute_wrapper(learn):
        assert count_progress(course=enrollment.course) == 1

    assert count_progress(course=enrollment.course) == 1
    assert kept(enrollment) == (1, None)


def test_counting_ends_while_others_go_on_enrolling() -> None:
    course, enrolled = make_course([1]), iter(range(3))
    enroll(course)

    def join(execute: Any, sql: str, *rest: Any) -> Any:
        outcome = execute(sql, *rest)
        is_counted = sql.startswith("UPDATE") and "completed_count" in sql
        if is_counted and next(enrolled, None) is not None:
            enroll(course)
        return outcome

    with connection.execute_wrapper(join):
        assert count_progress(course=course) == 1

    assert count_progress(course=course) == 1


def test_a_class_of_many_batches_is_counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "BATCH", 2)
    course = make_course([1])
    [lesson] = lessons_of(course)
    enrollments = [enroll(course) for _ in range(5)]
    for each in enrollments:
        complete_lesson(user=each.user, lesson=lesson, origin=Origin.WEB)

    assert count_progress(course=course) == 5
    assert {kept(each) for each in enrollments} == {(1, None)}


def test_change_of_the_outline_counts_everybody_anew() -> None:
    course = make_course([2])
    first, second = lessons_of(course)
    enrollment = enroll(course, make_user())
    count_progress(course=course)

    unpublish_lesson(lesson=first)

    assert count_progress(course=course) == 1
    assert kept(enrollment) == (0, second.pk)
    publish_lesson(lesson=first)
    assert count_progress(course=course) == 1
    assert kept(enrollment) == (0, first.pk)


def test_counting_takes_as_many_queries_for_one_learner_as_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for learners in (1, 3):
        course = make_course([2])
        for _ in range(learners):
            enroll(course)
        with django_assert_num_queries(6):  # the version; one batch with its transaction
            count_progress(course=course)
