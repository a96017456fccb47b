"""What every page knows."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input

from stepwell.accounts.wanted_page import get_wanted_page, link_to
from stepwell.gamification.rules import is_on
from stepwell.school.queries import get_mail_folder, get_school, get_stamp


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the school, and whether there are points."""
    school = get_school(_stamp(request))
    return {"site_name": school.name, "school": school, "has_points": is_on()}


def _stamp(request: HttpRequest) -> datetime | None:
    """Return when the school's settings were changed, which the session's query has found."""
    session = getattr(request, "session", None)
    if session is None or "is_our_fault" in vars(request):
        return None
    if getattr(session, "person", None) is not None:
        stamp: datetime | None = session.school_stamp
        return stamp
    return get_stamp()


def page(request: HttpRequest) -> dict[str, Any]:
    """Give our templates their page's URL name, empty where no address was found, and the token.

    Django's own `csrf_input` would mask the token again for each of a page's forms. Every page has
    one, to change its language, so that nothing is gained by waiting for it.
    """
    match = request.resolver_match
    return {
        "page_name": match.url_name or "" if match else "",
        "csrf_input": csrf_input(request),
        "sign_in_link": partial(_sign_in_link, request),
    }


def _sign_in_link(request: HttpRequest, name: str) -> str:
    """Return the address of an account page that leads back to the request's page."""
    is_account_page = request.path.startswith("/accounts/")
    if is_account_page or request.method != "GET":
        return link_to(name, get_wanted_page(request))
    return link_to(name, "" if request.path == "/" else request.get_full_path())


def mail(_request: HttpRequest) -> dict[str, Any]:
    """Give allauth's templates the folder that mail stays in, or None where it is sent."""
    return {"mail_folder": get_mail_folder}  # asked for by few pages
