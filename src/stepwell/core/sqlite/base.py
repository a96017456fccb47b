"""SQLite lets one write at a time; here those who want to stand in line for it.

Left alone, writers that find the database busy sleep and try again, up to a tenth of a second each
time, and whoever comes at the right moment goes first. A lock on a file beside the database wakes
the next one at once. See `docs/decisions/0015-writers-queue.md`.
"""

import fcntl
import os
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

Wrapper: Any = base.DatabaseWrapper
Cursor: Any = base.SQLiteCursorWrapper

LONGEST_KEPT = 10_000  # characters of a statement; longer ones list values, and don't come again


class CursorWrapper(Cursor):  # type: ignore[misc]  # stubs know only the public methods
    """A cursor that turns a statement's placeholders into SQLite's once, not at each run."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None and len(query) < LONGEST_KEPT:
            return _with_own_placeholders(query)
        return str(super().convert_query(query, param_names=param_names))


@lru_cache(maxsize=500)
def _with_own_placeholders(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(Wrapper):  # type: ignore[misc]  # stubs know only the public methods
    """A connection whose transactions begin in turn with those of all threads and processes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._queue: int | None = None

    def create_cursor(self, name: str | None = None) -> CursorWrapper:  # noqa: ARG002  Django's own
        """Return a cursor of the kind above."""
        return self.connection.cursor(factory=CursorWrapper)  # type: ignore[no-any-return]  # untyped

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn_away()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._give_turn_away()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_turn_away()

    def _close(self) -> None:
        super()._close()
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None

    def _wait_for_turn(self) -> None:
        if self.is_in_memory_db():
            return
        if self._queue is None:
            name = f"{self.settings_dict['NAME']}-queue"
            self._queue = os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)

    def _give_turn_away(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
