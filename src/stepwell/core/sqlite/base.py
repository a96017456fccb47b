"""Django's SQLite backend, with a lock that lets writers wait in line.

SQLite allows one write transaction at a time. A second one sleeps and tries again, for up to 100 ms
at a time, so that unlucky ones wait long. Here each transaction first locks a file beside the
database, and the kernel wakes the next one at once. It is an optimization: `BEGIN IMMEDIATE`
follows all the same. See docs/decisions/0015-writers-queue.md.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base

Wrapper: Any = base.DatabaseWrapper


class DatabaseWrapper(Wrapper):  # type: ignore[misc]  # stubs know only the public methods
    """A connection whose transactions take the lock of writers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lock_file: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._lock()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._unlock()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._unlock()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._unlock()

    def _close(self) -> None:
        super()._close()
        if self._lock_file is not None:  # closing the file unlocks it
            os.close(self._lock_file)
            self._lock_file = None

    def _lock(self) -> None:
        if self.is_in_memory_db():
            return
        if self._lock_file is None:
            path = os.path.realpath(self.settings_dict["NAME"]) + "-queue"
            self._lock_file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)

    def _unlock(self) -> None:
        if self._lock_file is not None:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)
