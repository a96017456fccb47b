"""What follows from a request runs once it is committed, and where there is no request, at once."""

import pytest
from django.db import transaction

from stepwell.core.later import keeping_calls, run_kept, run_later

pytestmark = pytest.mark.django_db(transaction=True)


def fail() -> None:
    raise ValueError("This belongs into the log.")


def test_it_runs_after_the_commit_where_there_is_no_request() -> None:
    done: list[str] = []
    with transaction.atomic():
        run_later(lambda: done.append("counted"))
        assert done == []

    assert done == ["counted"]


def test_it_is_kept_while_a_request_is_answered() -> None:
    done: list[str] = []
    with keeping_calls() as calls, transaction.atomic():
        run_later(lambda: done.append("counted"))
    assert done == []

    run_kept(calls)

    assert done == ["counted"]


def test_what_is_rolled_back_has_nothing_to_follow() -> None:
    with keeping_calls() as calls, transaction.atomic():
        run_later(fail)
        transaction.set_rollback(True)

    assert calls == []


def test_what_it_raises_is_logged_and_stops_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    with keeping_calls() as calls:
        run_later(fail)
        run_later(lambda: done.append("counted"))

    run_kept(calls)

    assert done == ["counted"]
    assert "This belongs into the log." in caplog.text
