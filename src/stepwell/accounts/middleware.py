"""Set the user and the time zone of a request."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from stepwell.accounts.models import User


class SessionUserMiddleware(AuthenticationMiddleware):
    """Django's own middleware, but with the user that the session's query has read already.

    Anything unusual, such as a changed password, is left to Django, which reads the user again.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set `request.user`."""
        super().process_request(request)
        person = vouched_person(request) if request.session.session_key else None
        if person is not None:
            request._cached_user = person  # type: ignore[attr-defined]  # where Django looks first
            request.user = person  # a lazy object costs time at each attribute


def vouched_person(request: HttpRequest) -> User | None:
    """Return the signed-in user if all of Django's own conditions hold, else None."""
    session = request.session
    signed_in_as = session.get(SESSION_KEY)
    person: User | None = getattr(session, "person", None)
    if (
        person is not None
        and person.is_active
        and signed_in_as == str(person.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    ):
        return person
    return None


class TimeZoneMiddleware:
    """Activate the signed-in person's time zone for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session there is no user, and no query is needed.
        name = getattr(request.user, "time_zone", "") if request.session.session_key else ""
        with timezone.override(zoneinfo.ZoneInfo(name) if name else None):
            return self.get_response(request)
