"""Writers of SQLite wait in line, as those of PostgreSQL do, instead of trying again and again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from stepwell.courses.models import Course
from tests.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[..., list[Any]]


def test_nobody_is_turned_away_however_little_patience_they_have(
    monkeypatch: pytest.MonkeyPatch, run_in_threads: Run
) -> None:
    course = make_course()
    before = course.outline_version
    if connection.vendor == "sqlite":  # new connections give up at once when the database is busy
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)

    def write() -> None:
        for _time in range(10):
            with transaction.atomic():
                Course.objects.update(outline_version=F("outline_version") + 1)

    run_in_threads(*[write] * 8)

    assert Course.objects.get().outline_version == before + 80


def test_turn_is_given_away_when_a_transaction_fails(run_in_threads: Run) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Course.objects.update(outline_version=1 // 0)

    run_in_threads(make_course)

    assert Course.objects.count() == 1
    assert connection.is_usable()
