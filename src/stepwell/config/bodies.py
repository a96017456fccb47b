"""Read request bodies in the event loop, with limits of size and time."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

from stepwell.web.uploads import ANYONE, UploadLimits

IN_MEMORY = 32 * 1024  # bytes; what is larger goes to a temporary file
LEAST_RATE = 10_000  # bytes a second from the beginning; slower uploads are ended


class Refused(Exception):
    """A request that Django never sees."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def read_body(
    environ: dict[str, Any], protocol: Any, ask_sender: Callable[[], Awaitable[UploadLimits]]
) -> IO[bytes]:
    """Return the whole body of a request, and set its length in `environ`.

    `ask_sender` returns the limits for the sender; it is called for large bodies only. Bytes over
    `kept` are dropped, so that the view can still answer with a form error.
    Raises `Refused`.
    """
    announced = int(environ.get("CONTENT_LENGTH") or 0)
    is_chunked = "HTTP_TRANSFER_ENCODING" in environ
    if not announced and not is_chunked:
        return BytesIO()
    # Granian doesn't say whether chunks ended early, and half a form would look like a whole one.
    if is_chunked and not environ.get("CONTENT_TYPE", "").startswith("application/json"):
        raise Refused(HTTPStatus.LENGTH_REQUIRED)
    limits = ANYONE if announced <= ANYONE.kept else await ask_sender()
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed once the answer is made
    try:
        size = await _fill(body, protocol, limits)
        if size < min(announced, limits.read):  # the client hung up
            raise Refused(HTTPStatus.BAD_REQUEST)
        if is_chunked and size > limits.kept:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except BaseException:
        body.close()
        raise
    environ["CONTENT_LENGTH"] = str(announced or size)
    return body


async def _fill(body: IO[bytes], protocol: Any, limits: UploadLimits) -> int:
    """Read the body and keep what the limits permit; return how many bytes were read."""
    now = asyncio.get_running_loop().time
    wait = settings.SITE.request_timeout
    begin, size = now(), 0
    try:
        async with asyncio.timeout(wait) as timer:
            async for chunk in protocol:
                size += len(chunk)
                timer.reschedule(min(now(), begin + size / LEAST_RATE) + wait)
                if size <= limits.kept:
                    body.write(chunk)
                elif size > limits.read:
                    break
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
    return size
