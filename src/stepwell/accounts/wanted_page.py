"""The page that a person wants to reach through sign-in: `next`, as account pages pass it on."""

from urllib.parse import parse_qs, urlsplit

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import add_query_params
from allauth.utils import get_request_param
from django.http import HttpRequest
from django.urls import reverse


def link_to(name: str, wanted: str) -> str:
    """Return the address of an account page that leads on to the wanted page, if there is one."""
    return str(add_query_params(reverse(name), {"next": wanted} if wanted else {}))


def get_wanted_page(request: HttpRequest) -> str:
    """Return the page of the request's `next`, or nothing if it is missing or not of this site."""
    return safe_page(get_request_param(request, "next") or "")


def safe_page(page: str) -> str:
    """Return a page of this site, or nothing.

    Links in mails lead to the sign-in page first; then its own `next` is the page.
    """
    if page and _is_safe(page) and urlsplit(page).path == reverse("account_login"):
        page = parse_qs(urlsplit(page).query).get("next", [""])[0]
    return page if page and _is_safe(page) else ""


def _is_safe(page: str) -> bool:
    return bool(get_adapter().is_safe_url(page))
