"""Verbs on the sub-pages of lessons."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.actions import create_page, remove_page, update_page
from stepwell.courses.models import Lesson, Page
from tests.courses.conftest import Version
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson() -> Lesson:
    return lessons_of(make_course([2]))[0]


def test_create_adds_a_rendered_page(lesson: Lesson, version: Version) -> None:
    before = version(lesson.course)

    page = create_page(lesson=lesson, title="Assignment", body="*Bake*")

    assert lesson.pages.get() == page
    assert "<em>Bake</em>" in page.html
    assert version(lesson.course) > before


def test_create_makes_an_address_that_is_free_in_the_lesson(lesson: Lesson) -> None:
    other = lessons_of(lesson.course)[1]
    slugs = [create_page(lesson=lesson, title=title).slug for title in ("Übung", "Übung", "!!!")]

    assert slugs == ["übung", "übung-2", "page"]
    assert create_page(lesson=other, title="Übung").slug == "übung"


def test_update_sets_fields_and_renders_anew(lesson: Lesson, version: Version) -> None:
    page = create_page(lesson=lesson, title="Assignment")
    before = version(lesson.course)

    update_page(page=page, title="New", body="**New**", lesson=lessons_of(lesson.course)[1])

    page.refresh_from_db()
    assert (page.title, page.lesson) == ("New", lessons_of(lesson.course)[1])
    assert "<strong>New</strong>" in page.html
    assert version(lesson.course) > before


def test_update_without_change_writes_nothing(
    lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = create_page(lesson=lesson, title="Assignment")

    with django_assert_num_queries(0):
        update_page(page=page, title="Assignment", lesson=lesson)


def test_remove_takes_the_page_away_once(lesson: Lesson, version: Version) -> None:
    page, other = (create_page(lesson=lesson, title="Assignment") for _page in range(2))
    before = version(lesson.course)

    remove_page(page=page)
    after = version(lesson.course)
    remove_page(page=page)

    assert Page.objects.get() == other
    assert version(lesson.course) == after > before
