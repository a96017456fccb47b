"""Mark views that take long, so that the server runs them in its slow thread.

Each server process makes pages in two threads. The fast one starts every request. When it comes to
a slow view, it stops, and the slow thread starts the request again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

IN_FAST_THREAD = "stepwell.in_fast_thread"  # set in the environ by `config.rsgi`
# Sign-in hashes passwords, and the admin lists whole tables.
SLOW_LIBRARIES = ("allauth.", "django.contrib.admin.")

View = TypeVar("View", bound=Callable[..., Any])


class RunInSlowThread(HttpResponse):
    """A sign to the server; no client receives it."""


def slow_view(view: View) -> View:
    """Run a view in the slow thread. Use it for views that take more than about 50 ms.

    It must be the outermost decorator, so that nothing of the view runs twice.
    """

    @wraps(view)
    def in_slow_thread(request: HttpRequest, *args: Any, **named: Any) -> Any:
        if IN_FAST_THREAD in request.META:
            return RunInSlowThread()
        return view(request, *args, **named)

    return cast("View", in_slow_thread)


class SlowLibraryViewsMiddleware:
    """Run the views of some libraries in the slow thread, since we can't decorate them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_called_with: object
    ) -> HttpResponse | None:
        is_slow = view.__module__.startswith(SLOW_LIBRARIES)
        return RunInSlowThread() if is_slow and IN_FAST_THREAD in request.META else None
