"""How much may be sent: what is larger is refused without being kept, so that no disk fills."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from stepwell.accounts.middleware import SessionUserMiddleware

MIB = 1024 * 1024
FOR_ALL = 1  # MiB, for who is no instructor: nothing that they can use takes files
# What browsers go on to send is read and dropped up to here, since they show no answer before.
DROPPED = 3 * 1024  # MiB
TOO_LARGE = "stepwell.upload_too_large"


@dataclass(frozen=True)
class UploadLimits:
    """How many bytes of a request's body the server keeps, and after how many it hangs up."""

    kept: int
    read: int


# The server doesn't ask who sends this much: the longest text in a form or in JSON is shorter.
ANYONE = UploadLimits(6 * MIB, 6 * MIB)


def get_upload_limits(environ: dict[str, Any]) -> UploadLimits:
    """Return the limits for the person who sends a large request. One query."""
    request = WSGIRequest(environ | {"CONTENT_TYPE": "", "wsgi.input": BytesIO()})
    for middleware in (SessionMiddleware, SessionUserMiddleware):
        middleware(_no_response).process_request(request)
    if getattr(request.user, "is_instructor", False):
        return UploadLimits((upload_limit(request.path) + 1) * MIB, DROPPED * MIB)
    return UploadLimits((FOR_ALL + 1) * MIB, (FOR_ALL + 1) * MIB)


def _no_response(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def upload_limit(path: str) -> int:
    """Return how many MiB a form at this address may send."""
    if path.endswith("/settings/") and "/lessons/" in path:
        return settings.SITE.max_video_mb
    if path.endswith(("/import/", "/transfer/")):
        return settings.SITE.max_import_mb
    return settings.SITE.max_attachment_mb


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether a file of the request was refused for its size."""
    return TOO_LARGE in request.META


class LimitedUploadHandler(FileUploadHandler):
    """The first of the upload handlers: lets files pass to the others, drops them, or hangs up.

    Django reads a form to check its token before any view can ask who sends it.
    """

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002  named by Django
        META: dict[str, Any],  # noqa: ARG002, N803  named by Django
        content_length: int,
        boundary: str,  # noqa: ARG002  named by Django
        encoding: str | None = None,  # noqa: ARG002  named by Django
    ) -> None:
        """Look at who sends it, and at the length that was announced."""
        assert self.request is not None  # noqa: S101  for the types: Django sets it
        is_author = getattr(self.request.user, "is_instructor", False)
        limit = upload_limit(self.request.path) if is_author else FOR_ALL
        self.is_too_large = content_length > (limit + 1) * MIB
        self.can_be_dropped = is_author and content_length <= DROPPED * MIB

    def new_file(self, *about: Any, **more: Any) -> None:
        """Stop where a file begins that is too large; what came before it is read already."""
        super().new_file(*about, **more)
        if self.is_too_large:
            assert self.request is not None  # noqa: S101  as above
            self.request.META[TOO_LARGE] = True
            if self.can_be_dropped:
                raise SkipFile
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  named by Django
        """Pass on what came; of more than was announced nothing is read."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the other handlers."""
