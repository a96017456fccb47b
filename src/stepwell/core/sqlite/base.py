"""SQLite lets one write at a time; here those who want to stand in line for it.

Left alone, writers that find the database busy sleep and try again, up to a tenth of a second each
time, and whoever comes at the right moment goes first. A lock on a file beside the database wakes
the next one at once, and nobody waits in line for the disk: whoever has written gives the turn away
before their commit is synced, once with those of what follows it. See
`docs/decisions/0015-writers-queue.md`.
"""

import fcntl
import os
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

Wrapper: Any = base.DatabaseWrapper
Cursor: Any = base.SQLiteCursorWrapper

# Without the times of the file, which recovery does not need; macOS has no such call.
sync_file = getattr(os, "fdatasync", os.fsync)

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
        self._files: dict[str, int] = {}  # those beside the database that are open, by their names
        self._has_log = False
        self._is_unsynced = False
        self._hooks_running = 0

    def create_cursor(self, name: str | None = None) -> CursorWrapper:  # noqa: ARG002  Django's own
        """Return a cursor of the kind above."""
        return self.connection.cursor(factory=CursorWrapper)  # type: ignore[no-any-return]  # untyped

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection, and note whether what it commits goes to a log."""
        connection = super().get_new_connection(conn_params)
        [mode] = connection.execute("PRAGMA journal_mode").fetchone()
        self._has_log = mode == "wal"
        return connection

    def run_and_clear_commit_hooks(self) -> None:
        """Do what follows a commit; the outermost returns when all of it is on the disk."""
        self._hooks_running += 1
        try:
            super().run_and_clear_commit_hooks()
        finally:
            self._hooks_running -= 1
            if not self._hooks_running:
                self._sync()

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            if self._has_log:
                self.connection.execute("PRAGMA synchronous=NORMAL")
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._is_unsynced = self._has_log
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        self._sync()
        super()._close()
        while self._files:
            os.close(self._files.popitem()[1])

    def _sync(self) -> None:
        if self._is_unsynced:
            self._is_unsynced = False
            sync_file(self._file_beside("-wal"))

    def _wait_for_turn(self) -> None:
        if not self.is_in_memory_db():
            fcntl.flock(self._file_beside("-queue"), fcntl.LOCK_EX)

    def _end_turn(self) -> None:
        if "-queue" in self._files:
            fcntl.flock(self._files["-queue"], fcntl.LOCK_UN)
        if self._has_log:  # statements outside of transactions are synced by SQLite itself
            self.connection.execute("PRAGMA synchronous=FULL")

    def _file_beside(self, suffix: str) -> int:
        """Return the open file of that name beside the database."""
        if suffix not in self._files:
            path = os.path.realpath(self.settings_dict["NAME"]) + suffix
            self._files[suffix] = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        return self._files[suffix]
