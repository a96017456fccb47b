"""Talking with the issuer of single sign-on, who may be down, slow or odd.

Imported only where single sign-on is used: its libraries take 6 MB in each process.
"""

import hashlib
import json
import time
import unicodedata
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from urllib3.exceptions import HTTPError

from stepwell.core import clock
from stepwell.core.email_addresses import normalize_address, validate_address

LONGEST_ANSWER = 5  # seconds
MOST_REDIRECTS = 3
SILENCE = timedelta(seconds=30)  # for which an issuer that gave no answer isn't asked
FRESH = timedelta(hours=1)  # for which it isn't asked again what it publishes
STALE = timedelta(days=1)  # for which that counts if the issuer can't be reached
LARGEST_ANSWER = 1_000_000  # bytes
LONGEST_SUBJECT = 191  # what the column of allauth holds
CONFIGURATION = "/.well-known/openid-configuration"
ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
PIECES_OF_NAME = ("name", "given_name", "family_name", "preferred_username")


class IssuerError(ProviderException):  # type: ignore[misc]  # allauth ships no types
    """What the issuer did wrong, in words for the log."""

    def __init__(self, reason: str, *, is_unreachable: bool = False) -> None:
        super().__init__(reason)
        self.is_unreachable = is_unreachable


class IssuerSilent(IssuerError):
    """The issuer gave no answer in time, or none at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, is_unreachable=True)


class IssuerSession(requests.Session):
    """Asks the issuer. An answer that can't be used becomes a page that says so.

    allauth catches few of the errors that follow from odd answers.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.visit = request
        self.max_redirects = MOST_REDIRECTS

    def request(self, method: str | bytes, url: str | bytes, *given: Any, **options: Any) -> Any:
        """Return an answer that is a JSON object; each takes at most five seconds.

        An issuer that gave no answer isn't asked again for `SILENCE`. What it publishes about
        itself is kept: it isn't asked for `FRESH`, and what it said before counts for `STALE` if
        it can't be reached.
        """
        address = str(url)
        try:
            if address.endswith(CONFIGURATION):
                answer = self._published(address)
            else:
                answer = self._ask(method, address, *given, **options)
        except IssuerError as error:
            page = render_authentication_error(self.visit, None, exception=error)
            raise ImmediateHttpResponse(page) from error
        response = requests.Response()
        response.status_code = HTTPStatus.OK
        response.headers["content-type"] = "application/json"
        response._content = json.dumps(answer).encode()
        return response

    def _published(self, url: str) -> dict[str, Any]:
        now = clock.now()
        kept, asked_at = cache.get(_key("published", url), ({}, now - STALE))
        if now - asked_at < FRESH:
            return dict(kept)
        try:
            answer = self._ask("GET", url)
        except IssuerError as error:
            if not error.is_unreachable or now - asked_at >= STALE:
                raise
            return dict(kept)
        cache.set(_key("published", url), (answer, now), STALE.total_seconds())
        return answer

    def _ask(self, method: Any, url: str, *given: Any, **options: Any) -> dict[str, Any]:
        silent = _key("silent", urlsplit(url).netloc)
        if cache.get(silent, clock.now()) > clock.now():
            raise IssuerSilent(f"{url} isn't asked, since it gave no answer a moment ago")
        try:
            response, body = self._read(method, url, *given, **options)
        except IssuerSilent:
            cache.set(silent, clock.now() + SILENCE, SILENCE.total_seconds())
            raise
        return _read_json(url, response, body)

    def _read(self, method: Any, url: str, *given: Any, **options: Any) -> Any:
        end = time.monotonic() + LONGEST_ANSWER
        body = b""
        options |= {"timeout": LONGEST_ANSWER, "stream": True}
        try:
            with super().request(method, url, *given, **options) as response:
                # Other ways of reading wait until a piece is full, however long that takes.
                while piece := response.raw.read1(64_000, decode_content=True):
                    body += piece
                    if time.monotonic() > end:
                        raise IssuerSilent(f"{url} is too slow")
                    if len(body) > LARGEST_ANSWER:
                        raise IssuerError(f"{url} answers with more than {LARGEST_ANSWER} bytes")
        except (requests.RequestException, HTTPError) as error:
            raise IssuerSilent(f"{url} can't be asked: {error}") from error
        return response, body


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth ships no types
    """OpenID Connect with claims of any form."""

    def sociallogin_from_response(
        self, request: HttpRequest, response: dict[str, Any]
    ) -> SocialLogin:
        """Return who arrives. Raises `IssuerError`."""
        return super().sociallogin_from_response(request, {"userinfo": read_claims(response)})

    def cleanup_email_addresses(
        self,
        email: str | None,
        addresses: list[EmailAddress],  # noqa: ARG002  allauth's
        email_verified: bool = False,  # noqa: ARG002  allauth's
    ) -> str | None:
        """Leave the address as `read_claims` has read it; allauth knows ASCII alone."""
        return email


def read_claims(response: dict[str, Any]) -> dict[str, Any]:
    """Return the claims that we use, each in the form that we expect; odd ones are left out.

    Raises `IssuerError` if they don't say who it is.
    """
    told, token = response.get("userinfo"), response.get("id_token")
    claims = told or token
    if not isinstance(claims, dict):
        raise IssuerError(f"The claims are no object: {claims!r:.100}")
    subject = _read_subject(claims)
    if isinstance(told, dict) and isinstance(token, dict) and _read_subject(token) != subject:
        raise IssuerError("The user info is about somebody else than the token")
    known: dict[str, Any] = {"sub": subject}
    known |= {name: claims[name] for name in PIECES_OF_NAME if _is_text(claims.get(name))}
    email = claims.get("email")
    if isinstance(email, str) and _is_address(email):
        # Some issuers write "true"; "false" is a word that is true for Python.
        is_verified = str(claims.get("email_verified")).lower() == "true"
        known |= {"email": normalize_address(email), "email_verified": is_verified}
    return known


def _key(kind: str, address: str) -> str:
    return f"issuer:{kind}:{hashlib.sha256(address.encode()).hexdigest()}"


def _read_subject(claims: dict[str, Any]) -> str:
    subject = claims.get("sub")
    if isinstance(subject, int) and not isinstance(subject, bool):
        subject = str(subject)
    if not _is_text(subject) or len(str(subject)) > LONGEST_SUBJECT:
        raise IssuerError(f"The claims don't say who it is: sub is {subject!r:.100}")
    return str(subject)


def _is_text(value: Any) -> bool:
    """Tell whether a claim is text that databases take."""
    return (
        isinstance(value, str)
        and bool(value.strip())
        and not {"Cc", "Cs"}.intersection(map(unicodedata.category, value))
    )


def _is_address(text: str) -> bool:
    try:
        validate_address(normalize_address(text))
    except ValidationError:
        return False
    return True


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _read_json(url: str, response: requests.Response, body: bytes) -> dict[str, Any]:
    beginning = body[:200].decode(errors="replace")
    if not response.ok:
        raise IssuerError(
            f"{url} answers {response.status_code}: {beginning!r}",
            is_unreachable=response.status_code >= 500,
        )
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise IssuerError(f"{url} answers with something else than JSON: {beginning!r}") from None
    if not isinstance(answer, dict):
        raise IssuerError(f"{url} answers with no JSON object: {beginning!r}")
    needed = ENDPOINTS if url.endswith(CONFIGURATION) else ()
    texts = (*needed, *(name for name in ("access_token", "id_token") if name in answer))
    for name in texts:
        if not isinstance(answer.get(name), str):
            raise IssuerError(f"{url} has no text as {name}: {answer.get(name)!r:.100}")
    for name in needed:
        if name != "issuer" and not _is_web_address(answer[name]):
            raise IssuerError(f"{url} has no web address as {name}: {answer[name]!r:.100}")
    if url.endswith(CONFIGURATION) and not isinstance(
        answer.get("token_endpoint_auth_methods_supported", []), list
    ):
        raise IssuerError(f"{url} has no list as token_endpoint_auth_methods_supported")
    answer.pop("expires_in", None)  # allauth would read it as a number; we keep no tokens
    return answer
