"""Connections to PostgreSQL: taken as they are, until the server has ended them; and moments.

Collected when the tests run on it; see `tests/conftest.py`.
"""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_at_rest_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(psycopg.Cursor, "execute", lambda *_called_with: pytest.fail("was asked"))

    assert connection.is_usable()


def test_a_connection_that_the_server_ended_is_found_out() -> None:
    connection.ensure_connection()
    process: Any = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    assert not connection.is_usable()
    connection.close()


def test_a_closed_connection_is_not_usable() -> None:
    connection.close()

    assert not connection.is_usable()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 29, 4, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 7, 20, 20, 17, 40, 100_000, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_moments_come_back_as_they_were(moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, NULL::timestamptz", [moment])
        found, nothing = cursor.fetchone()

    assert (found, found.tzinfo, nothing) == (moment, UTC, None)


def test_dates_in_another_style_are_refused_by_name() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL DateStyle TO 'SQL, DMY'")
        cursor.execute("SELECT now()")
        # The driver's own words: it reads no other style, and names the setting.
        with pytest.raises(NotImplementedError, match="with DateStyle 'SQL, DMY'"):
            cursor.fetchone()
