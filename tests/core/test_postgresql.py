"""Connections to PostgreSQL: taken as they are, until the server has ended them.

Collected when the tests run on it; see `tests/conftest.py`.
"""

from typing import Any

import psycopg
import pytest
from django.db import connection

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
