"""The application that Granian runs: it connects the event loop with Django.

The event loop reads each request and sends each answer. A thread makes the page in between, so
that no thread ever waits for a client. See docs/explanation/serving.md.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")
django: Any = get_wsgi_application()

# Django must be set up first. Loading the URLs now saves the first request the wait.
import stepwell.config.urls  # noqa: E402, F401
from stepwell.config.bodies import IN_MEMORY, Refused, read_body  # noqa: E402
from stepwell.config.environ import make_environ  # noqa: E402
from stepwell.config.parent import exit_with_parent  # noqa: E402
from stepwell.config.requests import Utf8Request  # noqa: E402
from stepwell.core.slow_views import FAST, SLOW, THREAD, WAITING, RunElsewhere  # noqa: E402
from stepwell.web.ranges import find_file  # noqa: E402
from stepwell.web.uploads import get_upload_limits  # noqa: E402

django.request_class = Utf8Request
logger = logging.getLogger(__name__)

PLAIN_TEXT = [("content-type", "text/plain")]
PIECE = 64 * 1024  # bytes of a temporary file that are sent at once

# One thread each: two that make pages at once would slow each other down; docs/decisions/0016.
# Those that wait for other services do nothing meanwhile.
threads = {
    FAST: ThreadPoolExecutor(1, FAST),
    SLOW: ThreadPoolExecutor(1, SLOW),
    WAITING: ThreadPoolExecutor(4, WAITING),
}

Result = TypeVar("Result")


@dataclass
class Answer:
    """An answer with one of: bytes, a file on disk or a range of it, a temporary file."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes = b""
    path: str = ""
    part: range | None = None
    temporary: IO[bytes] | None = None


async def application(scope: Any, protocol: Any) -> None:
    """Answer one request."""
    try:
        answer = await _answer(scope, protocol)
    except Refused as refused:
        answer = Answer(refused.status, PLAIN_TEXT, str(refused).encode())
    except Exception:
        logger.exception("No answer to %s %.200s", scope.method, scope.path)
        answer = Answer(500, PLAIN_TEXT, b"Internal Server Error")
    await _send(answer, protocol, has_body=scope.method != "HEAD")


async def _answer(scope: Any, protocol: Any) -> Answer:
    environ = make_environ(scope)
    with await read_body(
        environ, protocol, partial(run_in_thread, FAST, get_upload_limits, environ)
    ) as body:
        # To read a large body takes long, and happens before its view is known.
        is_small = int(environ.get("CONTENT_LENGTH") or 0) <= IN_MEMORY
        answer: Answer | str = FAST if is_small else SLOW
        while isinstance(answer, str):
            answer = await run_in_thread(answer, _make_page, environ | {THREAD: answer}, body)
    return answer


async def run_in_thread(kind: str, function: Callable[..., Result], *args: Any) -> Result:
    """Run a function in a thread of this kind, in a context of its own.

    Django keeps the language and the time zone there, so nothing of a request is left for the next.
    """
    work = partial(Context().run, function, *args)
    return await asyncio.get_running_loop().run_in_executor(threads[kind], work)


def _make_page(environ: dict[str, Any], body: IO[bytes]) -> Answer | str:
    """Run Django in one of the threads; return another kind of thread if that must run it."""
    body.seek(0)
    head: list[Any] = []
    response = django(environ | {"wsgi.input": body}, lambda *given: head.extend(given))
    try:
        if isinstance(response, RunElsewhere):
            return response.kind
        answer = Answer(response.status_code, [(name.lower(), value) for name, value in head[1]])
        if not response.streaming:
            answer.content = response.content
        elif file := find_file(response):
            answer.path, answer.part = file
        else:
            answer.temporary = _written(response)
        return answer
    finally:
        response.close()


def _written(pieces: Iterable[bytes]) -> IO[bytes]:
    """Write a stream to a temporary file, so that no thread waits for its reader."""
    file = TemporaryFile()  # noqa: SIM115  `_send` closes it
    file.writelines(pieces)
    file.seek(0)
    return file


async def _send(answer: Answer, protocol: Any, *, has_body: bool) -> None:
    """Hand the answer to Granian, which sends it as fast as the client reads."""
    status, headers = answer.status, answer.headers
    if answer.temporary:
        with answer.temporary, suppress(RuntimeError):  # the client may hang up
            transport = protocol.response_stream(status, headers)
            while has_body and (piece := answer.temporary.read(PIECE)):
                await transport.send_bytes(piece)
    elif answer.part:
        start, stop = answer.part.start, answer.part.stop
        protocol.response_file_range(status, headers, answer.path, start, stop)
    elif answer.path:
        protocol.response_file(status, headers, answer.path)
    else:
        protocol.response_bytes(status, headers, answer.content)


if parent := parent_process():  # Granian's main process; None in tests
    exit_with_parent(parent.pid or 0)
# The garbage collector took a fifth of each request to look through all that is loaded by now.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)
