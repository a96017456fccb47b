"""Requests that can't be read: refuse them before any view, for pages and the API alike."""

import re
from collections.abc import Callable, Iterable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from stepwell.api.errors import refusal
from stepwell.web.views.errors import bad_request as bad_request_page

NUL = "\0"
MOST_DIGITS = 1_000
HUGE_NUMBER = re.compile(rf"=\d{{{MOST_DIGITS}}}")


class NulInRequest(SuspiciousOperation):
    """A request holds a NUL character, which PostgreSQL can neither store nor look for."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(f"NUL character in a request for {request.path!r}")


class HugeNumber(SuspiciousOperation):
    """A number in the address has more digits than Python converts."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(
            f"Number of {MOST_DIGITS} digits or more in a request for {request.path!r}"
        )


class RefuseUnreadableMiddleware:
    """Answer 400 to a NUL in a path, query, cookie or form value, and to a huge number in a query.

    It must come before the session, whose key is a cookie. The API names each number that is too
    large itself, and checks its bodies where it reads JSON, in `api.json_api`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or _any_nul([query, request.path_info, *request.COOKIES.values()]):
            raise NulInRequest(request)
        is_page = not request.path.startswith("/api/")
        if is_page and len(query) >= MOST_DIGITS and HUGE_NUMBER.search(query):
            raise HugeNumber(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_called_with: object
    ) -> None:
        """Check the form, which a view without CSRF protection does not have."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        for name, values in request.POST.lists():
            if _any_nul([name, *values]):
                raise NulInRequest(request)


def _any_nul(texts: Iterable[str]) -> bool:
    return any(NUL in text for text in texts)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 to what Django or this module refuses: in JSON below `/api/`, else as a page."""
    if request.path.startswith("/api/"):
        return refusal(400)
    return bad_request_page(request, exception)
