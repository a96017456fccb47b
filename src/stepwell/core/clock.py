"""The one source of the present moment, so that the demo and tests can act on other days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_set_time: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """Return the present moment, aware and in UTC, or the one that `at` has set."""
    return _set_time.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at `moment` (an aware datetime)."""
    token = _set_time.set(moment)
    try:
        yield
    finally:
        _set_time.reset(token)
