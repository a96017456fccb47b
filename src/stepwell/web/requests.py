"""The person behind a request, typed, and the ways to other pages, for htmx too."""

from collections.abc import Callable
from functools import wraps
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from stepwell.accounts.models import User
from stepwell.gamification.rules import is_on

View = Callable[..., HttpResponse]


def signed_in(request: HttpRequest) -> User | None:
    """Return the person who is signed in, or None."""
    return request.user if request.user.is_authenticated else None


def current_user(request: HttpRequest) -> User:
    """Return the person behind a view that requires sign-in."""
    return cast("User", request.user)


def needs_points(view: View) -> View:
    """Let a page be there only while the owner wants points."""

    @wraps(view)
    def gate(request: HttpRequest, **place: object) -> HttpResponse:
        if not is_on():
            raise Http404
        return view(request, **place)

    return gate


def instructors_only(view: View) -> View:
    """Let a page of the studio be there only for those who may teach."""

    @wraps(view)
    def gate(request: HttpRequest, **place: object) -> HttpResponse:
        if not current_user(request).is_instructor:
            raise Http404
        return view(request, **place)

    return gate


def owners_only(view: View) -> View:
    """Let a page be there only for those who own the site."""

    @wraps(view)
    def gate(request: HttpRequest, **place: object) -> HttpResponse:
        if not current_user(request).is_owner:
            raise Http404
        return view(request, **place)

    return gate


def page_query(**parameters: object) -> str:
    """Return the query string for pagination links, which add the page's number."""
    kept = {name: value for name, value in parameters.items() if value}
    return f"&{urlencode(kept)}" if kept else ""


def redirect_full_page(request: HttpRequest, way: HttpResponseRedirect) -> HttpResponse:
    """Return a redirect of the whole page, even if htmx asked for a part of it."""
    is_fragment = request.headers.get("HX-Request") == "true"
    return HttpResponseClientRedirect(way.url) if is_fragment else way
