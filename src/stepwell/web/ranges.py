"""Files in parts: what players ask for when someone seeks, and downloads that go on (RFC 9110, 14).

Several parts in one answer, which players don't ask for, are answered with the whole file.
"""

import os
import re
from typing import Any

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# No file has more bytes than 18 digits can count.
ONE_PART = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


class FilePart:
    """Some bytes of an open file, as `FileResponse` reads and closes one."""

    def __init__(self, file: "File[bytes]", part: range) -> None:
        file.seek(part.start)
        self.file = file
        self.part = part
        self.left = len(part)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` of the bytes that are left, or all of them."""
        block: bytes = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(block)
        return block

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def wanted_part(request: HttpRequest, size: int, etag: str) -> range | None:
    """Return the bytes that a request asks for; None where the whole file is the answer.

    The range is empty when the file, of `size` bytes, has none of them.
    """
    found = ONE_PART.fullmatch(request.headers.get("Range", ""))
    is_same_file = request.headers.get("If-Range", etag) == etag
    if found is None or request.method != "GET" or not is_same_file:
        return None
    first, last = found["first"], found["last"]
    if first and last and int(first) > int(last):
        return None
    if first:
        return range(int(first), min(int(last) + 1, size) if last else size)
    return range(max(size - int(last), 0), size) if last else None


def file_response(
    request: HttpRequest, file: "File[bytes]", *, etag: str, **described: Any
) -> HttpResponseBase:
    """Answer with a file or the part of it that was asked for; `described` is `FileResponse`'s."""
    size = file.size
    part = wanted_part(request, size, etag)
    response: HttpResponseBase
    if part is None:
        response = FileResponse(file.open(), **described)
    elif not part:
        response = HttpResponse(status=416, content_type="text/plain")
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = FileResponse(FilePart(file.open(), part), status=206, **described)
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        response["Content-Length"] = len(part)
    response["Accept-Ranges"] = "bytes"
    return response


def find_file(response: Any) -> tuple[str, range | None] | None:
    """Return the path of the file that a `FileResponse` sends, with the range of a part of it.

    Return None for other streams.
    """
    file: Any = getattr(response, "file_to_stream", None)
    part = None
    if isinstance(file, FilePart):
        part, file = file.part, file.file
    path = getattr(file, "path", None) or getattr(file, "name", None)
    return (os.fspath(path), part) if isinstance(path, str | os.PathLike) else None
