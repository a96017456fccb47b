"""What every page knows."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input

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

    Django's own `csrf_input` would mask the token anew for each of a page's forms. Every page has
    one, to change its language, so that nothing is gained by waiting for it.
    """
    match = request.resolver_match
    return {
        "page_name": match.url_name or "" if match else "",
        "csrf_input": csrf_input(request),
    }


def mail(_request: HttpRequest) -> dict[str, Any]:
    """Give allauth's templates the folder that mail stays in, or None where it is sent."""
    return {"mail_folder": get_mail_folder}  # asked for by few pages
