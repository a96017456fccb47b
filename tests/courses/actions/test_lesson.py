"""Verbs on lessons."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.core import clock
from stepwell.courses.actions import (
    NewLesson,
    archive_lesson,
    create_lesson,
    create_lessons,
    publish_lesson,
    restore_lesson,
    unpublish_lesson,
    update_lesson,
)
from stepwell.courses.errors import AddressTaken
from stepwell.courses.models import Course, Lesson, Module, Status
from tests.courses.conftest import Version
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def course() -> Course:
    return make_course([1])


@pytest.fixture
def module(course: Course) -> Module:
    return course.modules.get()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    return lessons_of(course)[0]


def test_create_makes_a_rendered_draft(module: Module, version: Version) -> None:
    before = version(module.course)

    lesson = create_lesson(
        module=module, title="Dough", body="## Rest\n\nLet it *rest*.", minutes=5
    )

    lesson.refresh_from_db()
    assert (lesson.course, lesson.module, lesson.minutes) == (module.course, module, 5)
    assert (lesson.status, lesson.published_at) == (Status.DRAFT, None)
    assert "<em>rest</em>" in lesson.html
    assert ">Rest <a" in lesson.html
    assert version(module.course) > before


def test_create_makes_an_address_that_is_free_in_the_course(module: Module) -> None:
    elsewhere = make_course([0]).modules.get()
    titles = ["Größe", "Größe", "!!!", "!!!"]

    slugs = [create_lesson(module=module, title=title).slug for title in titles]

    assert slugs == ["größe", "größe-2", "lesson", "lesson-2"]
    assert create_lesson(module=module, title="Other", slug="größe").slug == "größe-3"
    assert create_lesson(module=elsewhere, title="Größe").slug == "größe"


def test_create_of_several_keeps_their_order_and_finds_each_an_address(
    module: Module, version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = version(module.course)
    new = [NewLesson("Dough"), NewLesson("Dough", slug="lesson-11"), NewLesson("Bake", body="*x*")]

    for lessons in (new[:1], new):
        with clock.at(MONDAY), django_assert_num_queries(9):
            rows = create_lessons(module=module, lessons=lessons)

    assert [row.slug for row in rows] == ["dough-2", "lesson-11-2", "bake"]
    assert [row.position for row in rows] == [3, 4, 5]
    stored = list(module.lessons.order_by("position"))[2:]
    assert stored == rows
    assert (stored[2].html.strip(), stored[2].updated_at) == ("<p><em>x</em></p>", MONDAY)
    assert version(module.course) == before + 2


def test_create_of_a_published_lesson_dates_it(module: Module) -> None:
    new = [NewLesson("Dough", status=Status.PUBLISHED), NewLesson("Bake")]

    with clock.at(MONDAY):
        rows = create_lessons(module=module, lessons=new)

    assert [(row.status, row.published_at) for row in rows] == [
        (Status.PUBLISHED, MONDAY),
        (Status.DRAFT, None),
    ]


def test_create_takes_the_html_that_it_is_given(module: Module) -> None:
    [row] = create_lessons(
        module=module, lessons=[NewLesson("Dough", body="x")], render=lambda _course, body: body * 2
    )

    assert Lesson.objects.get(pk=row.pk).html == "xx"


def test_update_sets_fields_and_renders_anew(lesson: Lesson, version: Version) -> None:
    before = version(lesson.course)

    with clock.at(MONDAY):
        update_lesson(lesson=lesson, title="New", body="# New\n\n**New**")

    lesson.refresh_from_db()
    assert (lesson.title, lesson.updated_at) == ("New", MONDAY)
    assert "<strong>New</strong>" in lesson.html
    assert ">New <a" in lesson.html
    assert version(lesson.course) > before


def test_update_without_change_writes_nothing(
    lesson: Lesson, version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = version(lesson.course)

    with django_assert_num_queries(0):
        update_lesson(lesson=lesson, title=lesson.title, body=lesson.body)

    assert version(lesson.course) == before


def test_update_to_a_taken_address_is_refused(lesson: Lesson) -> None:
    create_lesson(module=lesson.module, title="Dough")

    with pytest.raises(AddressTaken):
        update_lesson(lesson=lesson, slug="dough")


def test_publish_shows_from_the_first_time_on(lesson: Lesson) -> None:
    lesson = create_lesson(module=lesson.module, title="Dough")
    with clock.at(MONDAY):
        publish_lesson(lesson=lesson)
    unpublish_lesson(lesson=lesson)

    with clock.at(TUESDAY):
        publish_lesson(lesson=lesson)

    lesson.refresh_from_db()
    assert (lesson.status, lesson.published_at) == (Status.PUBLISHED, MONDAY)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (publish_lesson, unpublish_lesson),
        (unpublish_lesson, publish_lesson),
        (archive_lesson, restore_lesson),
        (restore_lesson, archive_lesson),
    ],
)
def test_second_call_writes_nothing(
    there: Callable[..., Lesson],
    back: Callable[..., Lesson],
    lesson: Lesson,
    version: Version,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    back(lesson=lesson)
    before = version(lesson.course)

    there(lesson=lesson)
    with django_assert_num_queries(0):
        there(lesson=lesson)

    assert version(lesson.course) > before


def test_visible_lessons_are_published_ones_of_open_courses(course: Course) -> None:
    draft = create_lesson(module=course.modules.get(), title="Draft")
    closed = lessons_of(make_course([1], is_published=False))[0]

    assert draft not in Lesson.objects.counted()
    assert closed in Lesson.objects.counted()
    assert list(Lesson.objects.visible()) == lessons_of(course)[:1]


def test_create_takes_so_many_queries(
    module: Module, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    module.course.title  # noqa: B018  loads the course beforehand

    with django_assert_num_queries(9):
        create_lesson(module=module, title="Dough")
