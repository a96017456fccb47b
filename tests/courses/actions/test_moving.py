"""Moving one module or lesson."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    move_lesson,
    move_module,
    restore_module,
)
from stepwell.courses.errors import OutlineChanged
from stepwell.courses.models import Course, Lesson, Module
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course([3, 2])


def order_of(course: Course) -> list[list[tuple[int, str]]]:
    return [
        [(lesson.position, lesson.title) for lesson in module.lessons.filter(archived_at=None)]
        for module in course.modules.filter(archived_at=None)
    ]


def modules_of(course: Course) -> list[Module]:
    return list(course.modules.all())


def test_lesson_moves_in_front_of_another_one(course: Course) -> None:
    first, _second, third, *_rest = lessons_of(course)

    move_lesson(lesson=third, module=third.module, before=first)

    assert order_of(course)[0] == [(1, "Lesson 1.3"), (2, "Lesson 1.1"), (3, "Lesson 1.2")]


def test_lesson_moves_to_the_end(course: Course) -> None:
    first = lessons_of(course)[0]

    move_lesson(lesson=first, module=first.module)

    assert order_of(course)[0] == [(1, "Lesson 1.2"), (2, "Lesson 1.3"), (3, "Lesson 1.1")]


def test_lesson_moves_to_another_module_and_both_stay_dense(course: Course) -> None:
    _one, two, _three, four, _five = lessons_of(course)

    move_lesson(lesson=two, module=four.module, before=four)

    assert order_of(course) == [
        [(1, "Lesson 1.1"), (2, "Lesson 1.3")],
        [(1, "Lesson 1.2"), (2, "Lesson 2.1"), (3, "Lesson 2.2")],
    ]
    assert two.module == four.module


def test_moving_twice_changes_nothing(course: Course) -> None:
    first, *_rest, last = lessons_of(course)
    move_lesson(lesson=last, module=first.module, before=first)
    before = order_of(course)

    move_lesson(lesson=last, module=first.module, before=first)

    assert order_of(course) == before


def test_archived_lessons_keep_out_of_the_way(course: Course) -> None:
    first, second, third, *_rest = lessons_of(course)
    archive_lesson(lesson=second)

    move_lesson(lesson=third, module=first.module, before=first)

    assert order_of(course)[0] == [(1, "Lesson 1.3"), (2, "Lesson 1.1")]


def test_what_has_left_the_outline_is_refused(course: Course) -> None:
    first, second, _third, fourth, _fifth = lessons_of(course)
    archive_lesson(lesson=second)
    elsewhere = lessons_of(make_course([1]))[0]

    for lesson, module, before in [
        (second, first.module, None),
        (first, first.module, second),
        (first, first.module, fourth),
        (first, elsewhere.module, None),
    ]:
        with pytest.raises(OutlineChanged):
            move_lesson(lesson=lesson, module=module, before=before)
    assert [title for _place, title in order_of(course)[0]] == ["Lesson 1.1", "Lesson 1.3"]


def test_module_moves_in_front_of_another_one_and_back(course: Course) -> None:
    first, second = modules_of(course)

    move_module(module=second, before=first)
    assert [module.position for module in modules_of(course)] == [1, 2]
    assert modules_of(course) == [second, first]

    move_module(module=second)
    assert modules_of(course) == [first, second]


def test_archived_module_is_refused(course: Course) -> None:
    first, second = modules_of(course)
    archive_module(module=first)

    with pytest.raises(OutlineChanged):
        move_module(module=second, before=first)
    with pytest.raises(OutlineChanged):
        move_lesson(lesson=lessons_of(course)[-1], module=first)
    assert Lesson.objects.active().filter(course=course).count() == 2


def test_module_moves_beside_archived_ones() -> None:
    course = make_course([1, 1, 1, 1])
    first, second, third, fourth = modules_of(course)
    archive_module(module=second)

    move_module(module=fourth, before=first)
    move_module(module=third, before=first)
    restore_module(module=second)

    assert [(each.position, each) for each in modules_of(course)] == [
        (1, fourth),
        (2, third),
        (3, first),
        (4, second),
    ]


def test_lesson_moves_beside_an_archived_module_whose_lessons_keep_their_order() -> None:
    course = make_course([2, 2, 1])
    one, two, three, four, five = lessons_of(course)
    third = five.module
    archive_module(module=three.module)
    archive_lesson(lesson=one)

    move_lesson(lesson=five, module=two.module, before=two)
    move_lesson(lesson=two, module=third)
    restore_module(module=three.module)

    assert lessons_of(course) == [five, one, two, three, four]


@pytest.mark.parametrize("archive", [archive_lesson, archive_module])
def test_archived_again_from_an_older_page_leaves_no_gap(archive: Callable[..., object]) -> None:
    course = make_course([3, 1, 1])
    kind = "lesson" if archive is archive_lesson else "module"
    one, two, *_rest = lessons_of(course)
    thing = two if kind == "lesson" else one.module
    older = type(thing).objects.get(pk=thing.pk)
    archive(**{kind: thing})
    before = order_of(course)

    archive(**{kind: older})

    assert order_of(course) == before
    assert older.archived_at == type(thing).objects.get(pk=thing.pk).archived_at


def test_lesson_that_was_moved_meanwhile_leaves_no_gap_when_archived(course: Course) -> None:
    first, _second, _third, fourth, _fifth = lessons_of(course)
    older = Lesson.objects.get(pk=first.pk)
    move_lesson(lesson=first, module=fourth.module, before=fourth)

    archive_lesson(lesson=older)

    assert order_of(course) == [
        [(1, "Lesson 1.2"), (2, "Lesson 1.3")],
        [(1, "Lesson 2.1"), (2, "Lesson 2.2")],
    ]


@pytest.mark.parametrize("archived_at", [None, datetime(2024, 1, 1, tzinfo=UTC)])
def test_active_rows_alone_have_a_position(course: Course, archived_at: datetime | None) -> None:
    for rows in (course.modules.all(), course.lessons.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(archived_at=archived_at, position=None if archived_at is None else 1)
