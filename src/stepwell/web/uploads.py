"""How much may be sent: what is larger is refused before it is read, so that no disk fills."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MIB = 1024 * 1024


def upload_limit(path: str) -> int:
    """Return how many MiB a form at this address may send."""
    if path.endswith("/settings/") and "/lessons/" in path:
        return settings.SITE.max_video_mb
    if path.endswith(("/import/", "/transfer/")):
        return settings.SITE.max_import_mb
    return settings.SITE.max_attachment_mb


class LimitedUploadHandler(FileUploadHandler):
    """The first of the upload handlers: lets files pass to the others, or ends the request."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002  named by Django
        META: dict[str, Any],  # noqa: ARG002, N803  named by Django
        content_length: int,
        boundary: str,  # noqa: ARG002  named by Django
        encoding: str | None = None,  # noqa: ARG002  named by Django
    ) -> None:
        """Look at the length that was announced."""
        limit = upload_limit(self.request.path) if self.request else 0
        self.is_too_large = content_length > (limit + 1) * MIB

    def new_file(self, *about: Any, **more: Any) -> None:
        """Stop where a file begins that is too large; what came before it is read already."""
        super().new_file(*about, **more)
        if self.is_too_large:
            assert self.request is not None  # noqa: S101  for the types: Django sets it
            self.request.META[TOO_LARGE] = True
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  named by Django
        """Pass on what came."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the other handlers."""


TOO_LARGE = "stepwell.upload_too_large"


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether a file of the request was refused for its size."""
    return TOO_LARGE in request.META
