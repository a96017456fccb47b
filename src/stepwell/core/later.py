"""What follows from a request, and nobody else need wait for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import transaction

Call = Callable[[], object]
_kept: ContextVar[list[Call] | None] = ContextVar("kept", default=None)


def run_later(call: Call) -> None:
    """Run it after the commit, and once the answer is made where a request is being answered.

    What it raises is logged.
    """
    transaction.on_commit(partial(_keep_or_run, call), robust=True)


@contextmanager
def keeping_calls() -> Iterator[list[Call]]:
    """Collect what is to run later, for whoever makes an answer to run it with `run_kept`."""
    calls: list[Call] = []
    token = _kept.set(calls)
    try:
        yield calls
    finally:
        _kept.reset(token)


def run_kept(calls: list[Call]) -> None:
    """Run calls that were kept; what they raise is logged."""
    for call in calls:
        transaction.on_commit(call, robust=True)  # at once, since there is no transaction


def _keep_or_run(call: Call) -> None:
    calls = _kept.get()
    if calls is None:
        call()
    else:
        calls.append(call)
