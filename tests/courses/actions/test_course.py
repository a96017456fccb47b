"""Verbs on a course as a whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    create_course,
    publish_course,
    restore_course,
    set_instructors,
    unpublish_course,
    update_course,
)
from stepwell.courses.errors import NotAnInstructor
from stepwell.courses.models import Course, Status
from tests.courses.conftest import Version
from tests.factories import make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def test_create_makes_a_draft_with_rendered_description() -> None:
    with clock.at(MONDAY):
        course = create_course(title="Bread", description="*Flour*", outcomes=("Bake",))

    course.refresh_from_db()
    assert (course.status, course.published_at, course.archived_at) == (Status.DRAFT, None, None)
    assert "<em>Flour</em>" in course.description_html
    assert course.outcomes == ["Bake"]
    assert (course.created_at, course.updated_at) == (MONDAY, MONDAY)


def test_create_keeps_the_key_that_it_is_given() -> None:
    assert create_course(title="Bread", key="abcdefghij23").key == "abcdefghij23"


def test_create_with_a_taken_key_is_refused() -> None:
    create_course(title="Bread", key="abcdefghij23")

    with pytest.raises(IntegrityError):
        create_course(title="Cake", key="abcdefghij23")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Git without fear", "git-without-fear"),
        ("Größe & Maß", "größe-maß"),
        ("日本語 入門", "日本語-入門"),
        ("Ｆｕｌｌ", "full"),
        ("!!!", "course"),
        ("x" * 200, "x" * 80),
    ],
)
def test_create_makes_the_address_of_the_title(title: str, slug: str) -> None:
    course = create_course(title=title)

    assert course.slug == slug
    assert slug.encode() in course.get_absolute_url().encode() or "%" in course.get_absolute_url()


def test_create_replaces_a_taken_address_by_a_free_one() -> None:
    slugs = [create_course(title="Größe").slug for _time in range(3)]
    slugs += [create_course(title="Another", slug="größe").slug]
    slugs += [create_course(title="x" * 200).slug for _time in range(2)]

    assert slugs == ["größe", "größe-2", "größe-3", "größe-4", "x" * 80, "x" * 80 + "-2"]


def test_update_sets_fields_and_renders_anew(version: Version) -> None:
    course = make_course([])
    before = version(course)

    update_course(course=course, title="New", description="**New**")

    course.refresh_from_db()
    assert course.title == "New"
    assert course.outline_version > before
    assert "<strong>New</strong>" in course.description_html


def test_update_without_change_writes_nothing(
    version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = update_course(course=make_course([]), title="New", outcomes=["Bake"])
    before = version(course)

    with django_assert_num_queries(0):
        update_course(course=course, title="New", outcomes=["Bake"])

    assert version(course) == before


def test_publish_opens_from_the_first_time_on() -> None:
    course = make_course([], is_published=False)
    with clock.at(MONDAY):
        publish_course(course=course)
    unpublish_course(course=course)

    with clock.at(TUESDAY):
        publish_course(course=course)

    course.refresh_from_db()
    assert (course.status, course.published_at) == (Status.PUBLISHED, MONDAY)


def test_unpublish_closes() -> None:
    course = unpublish_course(course=make_course([1]))

    assert not Course.objects.get(pk=course.pk).is_published
    assert not Course.objects.published().exists()


def test_archive_takes_the_course_away_until_it_is_restored() -> None:
    course = make_course([1])

    archive_course(course=course)
    assert not Course.objects.published().exists()
    assert not Course.objects.active().exists()

    restore_course(course=course)
    assert Course.objects.published().get() == course


def test_archive_twice_keeps_the_first_date() -> None:
    course = make_course([])
    with clock.at(MONDAY):
        archive_course(course=course)
    with clock.at(TUESDAY):
        archive_course(course=course)

    course.refresh_from_db()
    assert course.archived_at == MONDAY


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (publish_course, unpublish_course),
        (unpublish_course, publish_course),
        (archive_course, restore_course),
    ],
)
def test_second_call_writes_nothing(
    there: Callable[..., Course],
    back: Callable[..., Course],
    version: Version,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    course = make_course([])
    back(course=course)
    before = version(course)

    there(course=course)
    with django_assert_num_queries(0):
        there(course=course)

    assert version(course) > before


def test_instructors_are_exactly_those_named(version: Version) -> None:
    course = make_course([])
    ada, ben, cleo = (make_instructor(name) for name in ("Ada", "Ben", "Cleo"))
    set_instructors(course=course, instructors=[ada, ben])
    before = version(course)

    set_instructors(course=course, instructors=[ben, cleo])

    assert set(course.instructors.all()) == {ben, cleo}
    assert version(course) > before


def test_learner_is_refused_as_instructor() -> None:
    course = make_course([])
    with pytest.raises(NotAnInstructor):
        set_instructors(course=course, instructors=[make_instructor(), make_user()])
    assert not course.instructors.exists()


def test_instructors_twice_change_nothing(version: Version) -> None:
    course = make_course([])
    ada, ben = make_instructor("Ada"), make_instructor("Ben")
    set_instructors(course=course, instructors=[ada, ben])
    before = version(course)

    set_instructors(course=course, instructors=[ben, ada])

    assert version(course) == before


def test_published_course_without_date_is_refused() -> None:
    with pytest.raises(IntegrityError):
        Course.objects.filter(pk=make_course([]).pk).update(published_at=None)
