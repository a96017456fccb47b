"""What the tests of sign-in share: a person, their password, and how to read mail and codes."""

import re
import time
from collections.abc import Iterator

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.urls import get_resolver, reverse

PASSWORD = "a well of many steps"
EMAIL = "ada@example.org"
SIGN_UP = {"name": "Ada Byron", "email": EMAIL, "password1": PASSWORD}
SIGN_IN = {"login": EMAIL, "password": PASSWORD}

# What an address with parts is walked with; others take posts only.
PARTS = {"key": "none-such", "uidb36": "1", "pk": 1, "provider_id": "oidc"}


def _account_pages() -> Iterator[tuple[str, str]]:
    names = get_resolver().reverse_dict
    for name in filter(lambda key: isinstance(key, str), names):
        route, parts = names.getlist(name)[0][0][0]
        if route.startswith("accounts/") and PARTS.keys() >= set(parts):
            yield name, reverse(name, kwargs={part: PARTS[part] for part in parts})


# The address of every page below /accounts/, by its name.
PAGES = dict(_account_pages())


def is_ours(response: HttpResponse) -> bool:
    """Tell whether a page has our layout."""
    text = response.content.decode()
    return 'class="site-header"' in text and 'id="content"' in text


def link_in(message: EmailMessage) -> str:
    """Return the address that a mail asks to open."""
    found = re.search(r"http://[^/]+(/accounts/(?:confirm-email|password)/\S+)", str(message.body))
    assert found, message.body
    return found[1]


def current_code(secret: str) -> str:
    """Return what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
