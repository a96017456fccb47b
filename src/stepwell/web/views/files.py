"""Files: attachments of courses, and the icon that browsers ask for."""

import mimetypes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from stepwell.core.characters import charset_of
from stepwell.courses.models import Attachment
from stepwell.learning.access import get_readable_attachment
from stepwell.web.ranges import file_response
from stepwell.web.requests import signed_in

# Shown inside a page; anything else is offered as a download, so that it never runs as ours.
SHOWN_TYPES = {
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/svg+xml",
    "video/mp4",
    "video/webm",
    "text/vtt",
    "application/pdf",
    "text/plain",
}

READ_FOR_CHARSET = 256 * 1024  # bytes


@require_safe
def attachment(request: HttpRequest, course_key: str, name: str) -> HttpResponseBase:
    """Serve a course's file to those who may see its lessons, with headers that disarm it."""
    found = get_readable_attachment(signed_in(request), course_key, name)
    etag = f'"{found.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag)
    if response is None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = f"; charset={_charset(found)}" if kind.startswith("text/") else ""
        response = file_response(
            request,
            found.file,
            etag=etag,
            as_attachment=kind not in SHOWN_TYPES,
            filename=name.rpartition("/")[2],
            content_type=f"{kind}{charset}",
        )
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _charset(attachment: Attachment) -> str:
    with attachment.file.open() as file:
        return charset_of(file.read(READ_FOR_CHARSET))


def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead browsers that guess to the real icon, whose address changes with its drawing."""
    return redirect(static("img/logo.svg"))
