"""The page that a form was on: people go back there after signing in."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators import http

from stepwell.web.requests import redirect_full_page
from stepwell.web.views.errors import method_not_allowed

View = Callable[..., HttpResponse]
READING = {"GET", "HEAD", "OPTIONS", "TRACE"}


def require_POST(view: View) -> View:  # noqa: N802  as Django names it
    """Refuse all methods but POST, and mark the view as one that has no page."""

    @wraps(view)
    @http.require_POST
    def gate(request: HttpRequest, **place: object) -> HttpResponse:
        return view(request, **place)

    vars(gate)["is_post_only"] = True
    return gate


def page_of_form(request: HttpRequest) -> str:
    """Return the address of the page that a form was sent from.

    Browsers and htmx name it. Without a name it is the nearest page above the form's own address.
    """
    for header in ("HX-Current-URL", "Referer"):
        address = request.headers.get(header, "")
        if url_has_allowed_host_and_scheme(address, {request.get_host()}):
            parts = urlsplit(address)
            if _is_page(unquote(parts.path)):
                return urlunsplit(("", "", parts.path, parts.query, ""))
    return nearest_page(request.path)


def nearest_page(path: str) -> str:
    """Return the address itself if it has a page, or else the nearest one above it that has."""
    while path != "/" and not _is_page(path):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


def _is_page(path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return not getattr(view, "is_post_only", False)


class SignInAgainMiddleware:
    """Have people sign in and come back to the page that their form or fragment was on.

    Views lead to sign-in with their own address as the next one. After a POST, that address may
    have no page; for htmx, the sign-in page would replace a part of the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_fragment = request.headers.get("HX-Request") == "true"
        is_sent = request.method not in READING
        if not (is_sent or is_fragment) or not _leads_to_sign_in(request, response):
            return response
        # Scripts that fetch in the background say it themselves.
        is_seen = is_fragment or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        if is_sent and is_seen:
            messages.warning(
                request,
                _("You were signed out, so this was not saved. Sign in, then send it again."),
            )
        return redirect_full_page(request, redirect_to_login(page_of_form(request)))


def _leads_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a view wants the person to sign in and come back to its own address."""
    if not isinstance(response, HttpResponseRedirect):
        return False
    parts = urlsplit(response.url)
    [following] = parse_qs(parts.query).get("next", [""])[:1]
    is_own = unquote(urlsplit(following).path) == request.path
    return is_own and parts.path == resolve_url(settings.LOGIN_URL)


class MethodNotAllowedMiddleware:
    """Give a refused method a page that leads on, where the answer would be empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = method_not_allowed(request, nearest_page(request.path))
        page["Allow"] = response["Allow"]
        return page
