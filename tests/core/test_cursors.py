"""A connection keeps one cursor, as long as it is the same connection."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from stepwell.core.cursors import cursor_of
from stepwell.core.prepared import prepared
from stepwell.courses.models import Lesson


@prepared
def ask() -> QuerySet[Lesson, int]:
    return Lesson.objects.values_list("pk", flat=True)


@pytest.mark.django_db(transaction=True)
def test_cursor_is_kept_until_its_connection_is_closed() -> None:
    first = cursor_of(connection)
    assert ask() == []
    assert cursor_of(connection) is first

    connection.close()

    assert ask() == []
    assert cursor_of(connection) is not first


@pytest.mark.django_db
def test_statements_are_logged_where_django_logs_them() -> None:
    ask()

    with CaptureQueriesContext(connection) as captured:
        ask()
        ask()
    ask()

    assert len(captured) == 2
