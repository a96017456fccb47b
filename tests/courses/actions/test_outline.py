"""The order of modules and lessons."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    arrange_outline,
    create_lesson,
    create_module,
    move_lesson,
    restore_lesson,
    restore_module,
)
from stepwell.courses.errors import ModuleArchived, OutlineChanged
from stepwell.courses.models import Course, Lesson, Module
from tests.courses.conftest import Version
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db

Arrangement = list[tuple[Module, list[Lesson]]]


def outline_of(course: Course) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return the active modules and lessons with their positions, as the database holds them."""
    return [
        (
            module.position,
            [(lesson.position, lesson.pk) for lesson in module.lessons.filter(archived_at=None)],
        )
        for module in course.modules.filter(archived_at=None)
    ]


def arrangement_of(course: Course) -> Arrangement:
    return [
        (module, list(module.lessons.filter(archived_at=None)))
        for module in course.modules.filter(archived_at=None)
    ]


def test_arrange_puts_modules_and_lessons_into_order() -> None:
    course = make_course([2, 3])
    a, b, c, d, e = (lesson.pk for lesson in lessons_of(course))
    (first, [one, two]), (second, [three, four, five]) = arrangement_of(course)

    arrange_outline(course=course, arrangement=[(second, [five, one, three]), (first, [two, four])])

    assert outline_of(course) == [(1, [(1, e), (2, a), (3, c)]), (2, [(1, b), (2, d)])]
    assert course.modules.first() == second


def test_arrange_twice_leaves_the_same_order() -> None:
    course = make_course([2, 1])
    arrangement = arrangement_of(course)[::-1]
    arrange_outline(course=course, arrangement=arrangement)
    before = outline_of(course)

    arrange_outline(course=course, arrangement=arrangement)

    assert outline_of(course) == before


def test_arrange_may_empty_a_module() -> None:
    course = make_course([1, 1])
    (first, [one]), (second, [two]) = arrangement_of(course)

    arrange_outline(course=course, arrangement=[(first, [two, one]), (second, [])])

    assert outline_of(course) == [(1, [(1, two.pk), (2, one.pk)]), (2, [])]


def test_arrange_makes_positions_dense_after_archiving() -> None:
    course = make_course([3, 1, 1])
    a, _b, c, _d, e = lessons_of(course)
    archive_lesson(lesson=lessons_of(course)[1])
    archive_module(module=lessons_of(course)[3].module)

    arrange_outline(course=course, arrangement=arrangement_of(course))

    assert outline_of(course) == [(1, [(1, a.pk), (2, c.pk)]), (2, [(1, e.pk)])]


def test_arrange_leaves_other_courses_alone() -> None:
    course, other = make_course([2]), make_course([2])
    before = outline_of(other)
    [(module, lessons)] = arrangement_of(course)

    arrange_outline(course=course, arrangement=[(module, lessons[::-1])])

    assert outline_of(other) == before


def test_arrange_an_empty_course() -> None:
    course = make_course([])

    arrange_outline(course=course, arrangement=[])

    assert outline_of(course) == []


def drop_lesson(arrangement: Arrangement) -> None:
    arrangement[0][1].pop()


def drop_module(arrangement: Arrangement) -> None:
    _module, lessons = arrangement.pop()
    arrangement[0][1].extend(lessons)


def repeat_lesson(arrangement: Arrangement) -> None:
    arrangement[1][1].append(arrangement[0][1][0])


def swap_one_for_a_repeated_lesson(arrangement: Arrangement) -> None:
    arrangement[0][1][0] = arrangement[0][1][1]


def repeat_module(arrangement: Arrangement) -> None:
    arrangement.append((arrangement[0][0], []))


def add_lesson_of_another_course(arrangement: Arrangement) -> None:
    arrangement[0][1].append(lessons_of(make_course([1]))[0])


def add_module_of_another_course(arrangement: Arrangement) -> None:
    arrangement.append((make_course([0]).modules.get(), []))


def name_an_archived_lesson(arrangement: Arrangement) -> None:
    archive_lesson(lesson=arrangement[0][1][0])


def name_an_archived_module(arrangement: Arrangement) -> None:
    archive_module(module=arrangement[0][0])


@pytest.mark.parametrize(
    "spoil",
    [
        drop_lesson,
        drop_module,
        repeat_lesson,
        swap_one_for_a_repeated_lesson,
        repeat_module,
        add_lesson_of_another_course,
        add_module_of_another_course,
        name_an_archived_lesson,
        name_an_archived_module,
    ],
)
def test_arrange_of_an_outline_that_is_not_so_is_refused(
    spoil: Callable[[Arrangement], None],
) -> None:
    course = make_course([2, 1])
    arrangement = arrangement_of(course)
    spoil(arrangement)
    before = outline_of(course), Course.objects.get(pk=course.pk).outline_version

    with pytest.raises(OutlineChanged):
        arrange_outline(course=course, arrangement=arrangement[::-1])

    assert (outline_of(course), Course.objects.get(pk=course.pk).outline_version) == before


def test_arrange_raises_the_version(version: Version) -> None:
    course = make_course([2])
    before = version(course)

    arrange_outline(course=course, arrangement=arrangement_of(course))

    assert version(course) == course.outline_version > before


@pytest.mark.parametrize("size", [1, 3, 30])
def test_arrange_takes_as_many_queries_for_every_size(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([size, size])
    arrangement = arrangement_of(course)[::-1]

    with django_assert_num_queries(10):
        arrange_outline(course=course, arrangement=arrangement)


# Where things come to stand


def test_new_modules_and_lessons_come_last() -> None:
    course = make_course([2])
    module = create_module(course=course, title="Second")

    assert module.position == 2
    assert create_lesson(module=module, title="First").position == 1
    assert create_lesson(module=course.modules.all()[0], title="Third").position == 3


def test_restored_lesson_comes_last_in_its_module() -> None:
    course = make_course([3])
    a, b, c = lessons_of(course)

    archive_lesson(lesson=a)
    restore_lesson(lesson=a)

    assert [pk for _position, pk in outline_of(course)[0][1]] == [b.pk, c.pk, a.pk]


def test_restored_lesson_may_come_into_another_module() -> None:
    course = make_course([2, 1])
    a, b, c = lessons_of(course)
    archive_lesson(lesson=a)

    restore_lesson(lesson=a, module=c.module)

    a.refresh_from_db()
    assert a.module == c.module
    assert outline_of(course) == [(1, [(1, b.pk)]), (2, [(1, c.pk), (2, a.pk)])]


def test_restored_module_comes_last_with_its_lessons() -> None:
    course = make_course([1, 1])
    a, b = lessons_of(course)

    archive_module(module=a.module)
    restore_module(module=a.module)

    assert outline_of(course) == [(1, [(1, b.pk)]), (2, [(1, a.pk)])]


def test_those_behind_what_is_archived_move_up() -> None:
    course = make_course([3, 1, 1])
    a, b, c, d, e = lessons_of(course)
    move_lesson(lesson=b, module=b.module, before=a)  # a and its row here no longer agree

    archive_lesson(lesson=b)
    archive_module(module=d.module)

    assert outline_of(course) == [(1, [(1, a.pk), (2, c.pk)]), (2, [(1, e.pk)])]


def test_nothing_comes_into_a_module_that_is_archived() -> None:
    course = make_course([2, 1])
    lesson = lessons_of(course)[0]
    archive_lesson(lesson=lesson)
    archive_module(module=lesson.module)

    with pytest.raises(ModuleArchived):
        restore_lesson(lesson=lesson)
    with pytest.raises(ModuleArchived):
        create_lesson(module=lesson.module, title="New")


def test_archived_lesson_gives_its_place_to_another() -> None:
    course = make_course([2])
    a, b = lessons_of(course)
    archive_lesson(lesson=b)

    added = create_lesson(module=a.module, title="In its place")
    restore_lesson(lesson=b)

    assert outline_of(course) == [(1, [(1, a.pk), (2, added.pk), (3, b.pk)])]
