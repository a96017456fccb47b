"""What a page asks the database: recorded once, and run again without the page."""

import pickle
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from benchmarks.visits import Visit

Statement = tuple[str, Any]
HOST = "127.0.0.1:8000"
GIVES_A_BADGE = 'INTO "gamification_badgeaward"'
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Recording:
    """The statements of each visit, and the seconds that the database needs for all of them."""

    visits: list[list[Statement]]
    seconds: float

    @property
    def queries(self) -> list[int]:
        """How many queries each visit makes, begin and end of transactions not counted."""
        return [
            sum(not text.startswith(OF_TRANSACTIONS) for text, _values in statements)
            for statements in self.visits
        ]


def record(visits: Sequence[Visit], warm_ups: Sequence[Visit]) -> Recording:
    """Make the visits in this process and note their SQL; what they change is rolled back.

    Warm-ups, which only read, come first, so that the site has in memory what it keeps there.
    """
    for visit in warm_ups:
        make_visit(visit)
    noted, seconds = [], 0.0
    for visit in visits:
        with _undone(visit):
            noted.append(_note(visit))
        with _undone(visit):
            start = time.perf_counter()
            replay(noted[-1])
            seconds += time.perf_counter() - start
    return Recording(noted, seconds)


def make_visit(visit: Visit) -> bytes:
    """Make the visit in this process, without a server, and return the body of the answer."""
    response = Client(enforce_csrf_checks=True).generic(
        visit.method, visit.path, visit.body, visit.content_type, headers=visit.headers(HOST)
    )
    if response.status_code != 200:
        raise RuntimeError(f"{visit} was answered with {response.status_code} in this process.")
    return response.content


def replay(statements: Sequence[Statement]) -> None:
    """Run the statements and fetch all that they find."""
    with connection.cursor() as cursor:
        for text, values in statements:
            cursor.execute(text, values)
            if cursor.description:
                cursor.fetchall()


def write(page: str, recording: Recording) -> None:
    """Keep a page's statements in the data folder, for the server of the floor."""
    _file(page).write_bytes(pickle.dumps([_by_themselves(noted) for noted in recording.visits]))


def read(page: str) -> list[list[Statement]]:
    """Return what `write` kept."""
    return pickle.loads(_file(page).read_bytes())  # type: ignore[no-any-return]  # noqa: S301  our own file


def _file(page: str) -> Path:
    return Path(settings.SITE.data) / f"sql-{page}.pickle"


def _note(visit: Visit) -> list[Statement]:
    noted: list[Statement] = []

    def note(execute: Any, text: str, values: Any, many: bool, context: Any) -> Any:
        noted.append((text, values))
        return execute(text, values, many, context)

    with connection.execute_wrapper(note):
        make_visit(visit)
    return noted


@contextmanager
def _undone(visit: Visit) -> Iterator[None]:
    """Undo what a visit changes. One that reads is made as it is: caches mistrust transactions."""
    if visit.method == "GET":
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _by_themselves(statements: Sequence[Statement]) -> list[Statement]:
    """Return what was noted inside a transaction as it is outside: savepoints become its ends.

    A badge names the entry that earned it, which was rolled back: it is left out.
    """
    begin = "BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN"
    alone: list[Statement] = []
    depth = 0
    for text, values in statements:
        if GIVES_A_BADGE in text:
            continue
        is_end = text.startswith("RELEASE")
        depth -= is_end
        is_outermost = depth == 0 and text.startswith(("SAVEPOINT", "RELEASE"))
        alone.append((("COMMIT" if is_end else begin), None) if is_outermost else (text, values))
        depth += text.startswith("SAVEPOINT")
    return alone
