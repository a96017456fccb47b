"""Page-shaped reads of courses: what strangers may see, in a fixed number of queries."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    arrange_outline,
    create_lesson,
    set_instructors,
    unpublish_lesson,
    update_course,
    update_lesson,
)
from stepwell.courses.outlines import get_outline
from stepwell.courses.queries import (
    Catalog,
    get_courses_taught,
)
from tests.factories import lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db
OUTLINES = 4  # queries that read any number of outlines


def sizes() -> dict[str, tuple[int, int]]:
    return {outline.course.title: (len(outline.lessons), outline.minutes) for outline in Catalog()}


def test_catalog_holds_published_courses_by_title() -> None:
    for title in ("Cake", "Bread"):
        make_course([1], title=title)
    make_course([1], title="Draft", is_published=False)
    archive_course(course=make_course([1], title="Archived"))

    assert [outline.course.title for outline in Catalog()] == ["Bread", "Cake"]


def test_catalog_sizes_count_what_learners_see() -> None:
    course = make_course([3, 2], title="Bread")
    for minutes, lesson in enumerate(lessons_of(course), 1):
        update_lesson(lesson=lesson, minutes=minutes)
    a, b, _c, _d, e = lessons_of(course)
    create_lesson(module=a.module, title="Draft", minutes=100)
    unpublish_lesson(lesson=a)
    archive_lesson(lesson=b)
    archive_module(module=e.module)
    make_course([], title="Empty")

    assert sizes() == {"Bread": (1, 3), "Empty": (0, 0)}


@pytest.mark.parametrize("count", [1, 3, 30])
def test_catalog_takes_as_many_queries_for_any_number_of_courses(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    teacher = make_instructor("Ada Teacher")
    for _course in range(count):
        set_instructors(course=make_course([1]), instructors=[teacher])

    with django_assert_num_queries(1):
        assert len(Catalog()) == count
    with django_assert_num_queries(1 + OUTLINES):
        outlines = Catalog()[0:30]

    names = [person.name for outline in outlines for person in outline.instructors]
    assert names == ["Ada Teacher"] * count


def test_catalog_is_read_by_parts() -> None:
    titles = [f"Course {letter}" for letter in "abcde"]
    for title in titles:
        make_course([], title=title)

    parts = [Catalog()[part] for part in (slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 8))]

    assert [[outline.course.title for outline in part] for part in parts] == [
        titles[:2],
        titles[2:4],
        titles[4:],
        [],
    ]
    assert [outline.course.title for outline in Catalog("course")[1:3]] == titles[1:3]


def test_search_finds_every_word_in_title_or_summary() -> None:
    bread = make_course([1], title="Bread from flour")
    update_course(course=bread, summary="Water and time")
    make_course([1], title="Flour only")
    make_course([1], title="Bread, flour and water", is_published=False)

    def found(search: str) -> list[str]:
        return [outline.course.title for outline in Catalog(search)]

    assert found("WATER flour") == ["Bread from flour"]
    assert found("flour") == ["Bread from flour", "Flour only"]
    assert found("  ") == ["Bread from flour", "Flour only"]
    assert found("flour cake") == []
    assert found("100%") == []


@pytest.mark.parametrize("search", ["a" * 60_000, "a " * 2_000, "% _ \\ ' \""])
def test_search_takes_any_text(search: str) -> None:
    make_course([1], title="Bread")

    assert len(Catalog(search)) == len(Catalog(search)[:10]) <= 1


def test_courses_taught_are_the_published_ones_of_that_person() -> None:
    ada, ben = make_instructor("Ada"), make_instructor("Ben")
    mine, others, draft = make_course([]), make_course([]), make_course([], is_published=False)
    set_instructors(course=mine, instructors=[ada, ben])
    set_instructors(course=others, instructors=[ben])
    set_instructors(course=draft, instructors=[ada])

    assert get_courses_taught(ada) == [mine]


def test_outline_numbers_lessons_through_the_course_in_order() -> None:
    course = make_course([2, 1])
    (first, second), (a, b, c) = course.modules.all(), lessons_of(course)
    arrange_outline(course=course, arrangement=[(second, [b, c]), (first, [a])])

    outline = get_outline(course)

    assert [module.title for module in outline.modules] == ["Module 2", "Module 1"]
    assert [(lesson.id, lesson.number) for lesson in outline.lessons] == [
        (b.pk, 1),
        (c.pk, 2),
        (a.pk, 3),
    ]


def test_outline_leaves_out_what_learners_do_not_see() -> None:
    course = make_course([3, 1, 1])
    draft, archived, third, fourth, fifth = lessons_of(course)
    unpublish_lesson(lesson=draft)
    archive_lesson(lesson=archived)
    unpublish_lesson(lesson=fourth)
    archive_module(module=fifth.module)

    outline = get_outline(course)

    assert [lesson.id for lesson in outline.lessons] == [third.pk]
    assert [module.title for module in outline.modules] == ["Module 1"]


def test_outline_knows_neighbors_across_modules() -> None:
    course = make_course([1, 2])
    a, b, c = get_outline(course).lessons

    outline = get_outline(course)

    assert outline.neighbors(a.id) == (None, b)
    assert outline.neighbors(b.id) == (a, c)
    assert outline.neighbors(c.id) == (b, None)


@pytest.mark.parametrize("size", [1, 3, 30])
def test_outline_takes_four_queries(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([size, size])

    with django_assert_num_queries(OUTLINES):
        assert len(get_outline(course).lessons) == 2 * size
