"""Verbs on modules."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.core import clock
from stepwell.courses.actions import (
    archive_module,
    create_module,
    restore_module,
    update_module,
)
from stepwell.courses.models import Lesson, Module
from tests.courses.conftest import Version
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def module() -> Module:
    return make_course([2, 1]).modules.all()[0]


def test_create_adds_a_module_at_the_end(module: Module, version: Version) -> None:
    before = version(module.course)

    added = create_module(course=module.course, title="Third", summary="What comes last")

    assert list(module.course.modules.all())[-1] == added
    assert (added.title, added.summary, added.position) == ("Third", "What comes last", 3)
    assert version(module.course) > before


def test_update_sets_fields(module: Module, version: Version) -> None:
    before = version(module.course)

    update_module(module=module, title="New")

    module.refresh_from_db()
    assert module.title == "New"
    assert version(module.course) > before


def test_update_without_change_writes_nothing(
    module: Module, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        update_module(module=module, title=module.title)


def test_archive_takes_the_lessons_along_and_restore_brings_them_back(module: Module) -> None:
    first, second, third = lessons_of(module.course)

    archive_module(module=module)
    assert list(Lesson.objects.active()) == [third]

    restore_module(module=module)
    assert list(Lesson.objects.active().in_outline_order()) == [third, first, second]


def test_archive_twice_keeps_the_first_date(module: Module) -> None:
    with clock.at(MONDAY):
        archive_module(module=module)
    with clock.at(MONDAY + timedelta(days=1)):
        archive_module(module=module)

    module.refresh_from_db()
    assert module.archived_at == MONDAY


@pytest.mark.parametrize(
    ("there", "back"), [(archive_module, restore_module), (restore_module, archive_module)]
)
def test_second_call_writes_nothing(
    there: Callable[..., Module],
    back: Callable[..., Module],
    module: Module,
    version: Version,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    back(module=module)
    before = version(module.course)

    there(module=module)
    with django_assert_num_queries(0):
        there(module=module)

    assert version(module.course) > before
