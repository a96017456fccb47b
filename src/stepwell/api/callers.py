"""Who calls: by token, or by the browser's session with its CSRF protection."""

from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from stepwell.accounts.models import User
from stepwell.accounts.queries import get_user_by_token


class Token(HttpBearer):
    """The `Authorization: Bearer …` header; a bad token is refused, whatever else is sent."""

    def authenticate(self, request: HttpRequest, token: str) -> User:  # noqa: ARG002  ninja passes it
        """Return the token's person. Raises `AuthenticationError`."""
        user = get_user_by_token(token.strip())
        if user is None:
            raise AuthenticationError
        return user


class Session(APIKeyCookie):
    """The browser's session, so that pages and the address bar can ask too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> User | None:
        """Return the signed-in person. Raises `HttpError` when the CSRF check fails."""
        # Strangers are told to sign in before anyone asks them for a CSRF token.
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> User:  # noqa: ARG002  ninja passes it
        """Return the person whom Django's middleware found."""
        return cast("User", request.user)


def anyone(_request: HttpRequest) -> AnonymousUser:
    """Let strangers in, where the page is open to them too."""
    return AnonymousUser()


signed_in = [Token(), Session()]
everyone = [*signed_in, anyone]


def current_user(request: HttpRequest) -> User:
    """Return the caller of an endpoint that requires signing in."""
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja


def known_caller(request: HttpRequest) -> User | None:
    """Return the caller of an endpoint for `everyone`, or None for a stranger."""
    user = current_user(request)
    return user if user.is_authenticated else None
