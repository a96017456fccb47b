"""Rows that refer to something gone are reported, and nothing fails on them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from stepwell.core.verification import find_dangling_references
from stepwell.courses import verification as courses
from stepwell.gamification import verification as gamification
from stepwell.learning import verification as learning
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def unchecked_cursor() -> Iterator[object]:
    """Yield a cursor that may delete rows which others refer to."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SET session_replication_role = replica")
        yield cursor
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = ON")
        else:
            cursor.execute("SET session_replication_role = DEFAULT")


def sentences() -> list[str]:
    return [
        *map(str, find_dangling_references()),
        *map(str, courses.find_differences()),
        *map(str, learning.find_differences()),
        *map(str, gamification.find_differences()),
    ]


@pytest.mark.parametrize("table", ["accounts_user", "courses_lesson", "courses_course"])
def test_rows_of_what_is_gone_are_reported(table: str) -> None:
    enrollment = enroll(make_course([2]))
    lesson = lessons_of(enrollment.course)[0]
    complete_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    assert sentences() == []
    gone = {
        "accounts_user": enrollment.user_id,
        "courses_lesson": lesson.pk,
        "courses_course": enrollment.course_id,
    }[table]

    with unchecked_cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [gone])  # type: ignore[attr-defined]  # noqa: S608  names of ours

    field = table.partition("_")[2]
    assert [each for each in sentences() if each.endswith(f"found no such {field}")]
    if table != "accounts_user":
        assert any("learning.LearningEvent" in each for each in sentences())
