"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input

from stepwell.gamification.rules import is_on


def site(_request: HttpRequest) -> dict[str, Any]:
    """Give templates the school's name, and whether there are points."""
    return {"site_name": settings.SITE.name, "has_points": is_on()}


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
    return {"mail_folder": None if settings.SITE.email_url else settings.EMAIL_FILE_PATH}
