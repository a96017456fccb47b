"""What the server runs: Django, one page at a time in each process; see docs/decisions/0016."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
django = get_wsgi_application()

import stepwell.config.urls  # noqa: E402, F401  before the first request, which would wait for it
from stepwell.config.requests import Utf8Request  # noqa: E402  once Django is set up
from stepwell.core.later import keeping_calls, run_kept  # noqa: E402  once Django is set up

django.request_class = Utf8Request

SMALL_BODY = 1_000_000  # bytes; what is larger goes the slow lane
# They hash passwords, import courses, count points, and look at all learners of a course.
SLOW_PAGES = ("/accounts/", "/welcome/", "/studio/", "/leaderboard/")
SLOW_ROUTES = ("/learners", "/drop-off", "/leaderboard")  # their twins in the API


class Lane:
    """A way for one request at a time, all of them on one connection to the database.

    One connection plans statements and loads what they read once, where that of each thread would
    do so for itself.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self.connection.inc_thread_sharing()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the lane and hold it; this thread's own connection waits meanwhile."""
        with self.lock:
            own = connections[DEFAULT_DB_ALIAS]
            connections[DEFAULT_DB_ALIAS] = self.connection
            try:
                yield
            finally:
                connections[DEFAULT_DB_ALIAS] = own


quick_lane, slow_lane = Lane(), Lane()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request when its lane is free; files are sent without holding up anyone."""
    with keeping_calls() as calls, _lane(environ).taken():
        response: Any = django(environ, start_response)
        answer = response  # its chunks wait for whoever reads them
        if not response.streaming:
            answer = [response.content]
            response.close()
    if calls:
        with slow_lane.taken():
            close_old_connections()  # as is done before and after each request
            run_kept(calls)
            close_old_connections()
    return answer  # type: ignore[no-any-return]  # chunks or a list


def _lane(environ: dict[str, Any]) -> Lane:
    size = int(environ.get("CONTENT_LENGTH") or 0)
    path = environ["PATH_INFO"]
    is_long = size > SMALL_BODY or "HTTP_TRANSFER_ENCODING" in environ
    if is_long or path.startswith(SLOW_PAGES) or path.endswith(SLOW_ROUTES):
        return slow_lane
    if size:  # whoever sends slowly is waited for out here
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(size))
    return quick_lane


# What has been loaded stays: looking through it again and again took a fifth of each request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)
