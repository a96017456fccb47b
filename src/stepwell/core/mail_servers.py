"""How the address of a mail server is read, as settings and the owner's form write it."""

import warnings
from typing import Any

import dj_email_url

SMTP = "stepwell.core.smtp.EmailBackend"


def parse_mail_url(url: str) -> dict[str, Any]:
    """Return Django's settings for a mail server. Raises `ValueError`."""
    with warnings.catch_warnings(action="ignore"):  # dj_email_url is about to drop smtps
        parsed: dict[str, Any] = dj_email_url.parse(url)
    if url.startswith("smtps:"):
        # For dj_email_url it is STARTTLS, for everybody else TLS from the start.
        parsed |= {
            "EMAIL_USE_SSL": True,
            "EMAIL_USE_TLS": False,
            "EMAIL_PORT": parsed.get("EMAIL_PORT") or 465,
        }
    if str(parsed.get("EMAIL_BACKEND")).endswith("smtp.EmailBackend"):
        parsed["EMAIL_BACKEND"] = SMTP
    return parsed
