"""Commits are on the disk before anyone is told, and nobody stands in line meanwhile.

Collected when the tests run on SQLite; see `tests/conftest.py`.
"""

import fcntl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from stepwell.core.sqlite import base
from stepwell.courses.models import Course
from tests.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)

NORMAL, FULL = 1, 2  # as SQLite numbers them


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch, run_in_threads: Callable[..., list[Any]]) -> list[int]:
    """Return how many courses others could see each time that the log was synced.

    The turn to write must have been given away by then.
    """
    seen: list[int] = []
    really_sync = base.sync_file

    def look_and_sync(file: int) -> None:
        with Path(f"{connection.settings_dict['NAME']}-queue").open() as queue:
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        seen.extend(run_in_threads(Course.objects.count))
        really_sync(file)

    monkeypatch.setattr(base, "sync_file", look_and_sync)
    return seen


def test_whoever_comes_next_need_not_wait_for_a_sync(syncs: list[int]) -> None:
    with transaction.atomic():
        make_course()
        assert syncs == []

    assert syncs == [1]


def test_a_commit_is_synced_once_with_what_follows_it(syncs: list[int]) -> None:
    with transaction.atomic():
        make_course()
        transaction.on_commit(make_course)
        transaction.on_commit(make_course)

    assert syncs == [3]


def test_a_commit_is_synced_even_if_what_follows_it_fails(syncs: list[int]) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        make_course()
        transaction.on_commit(lambda: 1 // 0)

    assert syncs == [1]


def test_a_commit_is_synced_before_its_connection_closes(syncs: list[int]) -> None:
    with transaction.atomic():
        make_course()
        transaction.on_commit(connection.close)
        transaction.on_commit(lambda: seen.append(len(syncs)))
        seen: list[int] = []

    assert seen == syncs == [1]


def test_what_was_rolled_back_is_not_synced(syncs: list[int]) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        make_course()
        raise ZeroDivisionError

    assert syncs == []
    assert not Course.objects.exists()


def test_statements_outside_of_transactions_are_synced_by_sqlite(syncs: list[int]) -> None:
    def level() -> int:
        with connection.cursor() as cursor:
            [(level,)] = cursor.execute("PRAGMA synchronous")
        return int(level)

    with transaction.atomic():
        assert level() == NORMAL
    assert level() == FULL
    with suppress(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError

    assert level() == FULL
    assert syncs == [0]
