"""Mark views that take long or wait, so that the server runs them in a thread of their kind.

Each server process makes pages in a fast thread, a slow one, and some that may wait for other
services. The fast one starts every request. When it comes to a view of another kind, it stops, and
a thread of that kind starts the request again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

THREAD = "stepwell.thread"  # the kind of thread, in the environ; `config.rsgi` sets it
FAST, SLOW, WAITING = "fast", "slow", "waiting"
# Sign-in hashes passwords, and the admin lists whole tables.
SLOW_LIBRARIES = ("allauth.", "django.contrib.admin.")
# They ask the issuer of single sign-on.
WAITING_LIBRARIES = ("allauth.socialaccount.providers.",)

View = TypeVar("View", bound=Callable[..., Any])


class RunElsewhere(HttpResponse):
    """A sign to the server: another kind of thread must run this. No client receives it."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


def slow_view(view: View) -> View:
    """Run a view in the slow thread. Use it for views that take more than about 50 ms.

    It must be the outermost decorator, so that nothing of the view runs twice.
    """
    return _in_thread(SLOW, view)


def waiting_view(view: View) -> View:
    """Run a view in a thread that may wait. Use it for views that ask another service.

    It must be the outermost decorator, too.
    """
    return _in_thread(WAITING, view)


class SlowLibraryViewsMiddleware:
    """Do the same with the views of some libraries, since we can't decorate them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_called_with: object
    ) -> HttpResponse | None:
        if view.__module__.startswith(WAITING_LIBRARIES):
            return _elsewhere(request, WAITING)
        if view.__module__.startswith(SLOW_LIBRARIES):
            return _elsewhere(request, SLOW)
        return None


def _in_thread(kind: str, view: View) -> View:
    @wraps(view)
    def in_thread(request: HttpRequest, *args: Any, **named: Any) -> Any:
        return _elsewhere(request, kind) or view(request, *args, **named)

    return cast("View", in_thread)


def _elsewhere(request: HttpRequest, kind: str) -> RunElsewhere | None:
    here = request.META.get(THREAD, kind)  # tests have no such threads
    return None if here == kind else RunElsewhere(kind)
