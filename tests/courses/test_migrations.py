"""Migrations of courses, on rows of the released version."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

BEFORE = ("courses", "0005_catalog_by_title")
AFTER = ("courses", "0006_positions_of_active_rows")

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def released() -> Iterator[Any]:
    """Go back to the released version's tables, and forward again after the test."""
    yield migrate(BEFORE)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(newest)


def test_positions_of_archived_rows_go_and_gaps_close(released: Any) -> None:
    now = timezone.now()
    dates = {"created_at": now, "updated_at": now}
    course = released.get_model("courses", "Course").objects.create(slug="c", title="C", **dates)
    modules = [
        course.modules.create(title="M", position=place, archived_at=archived)
        for place, archived in [(3, None), (5, now), (5, None), (9, None)]
    ]
    for place, archived in [(2, None), (2, now), (4, None)]:
        modules[0].lessons.create(
            course=course,
            slug=f"l{place}{archived is None}",
            position=place,
            archived_at=archived,
            **dates,
        )

    apps = migrate(AFTER)

    modules_now = apps.get_model("courses", "Module").objects.order_by("pk")
    assert list(modules_now.values_list("position", flat=True)) == [1, None, 2, 3]
    lessons_now = apps.get_model("courses", "Lesson").objects.order_by("pk")
    assert list(lessons_now.values_list("position", flat=True)) == [1, None, 2]
