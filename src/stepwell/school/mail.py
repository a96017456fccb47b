"""How mail leaves: as the owner has set it, or else as the environment says."""

from collections.abc import Sequence
from typing import Any

import dj_email_url
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from stepwell.school.models import School
from stepwell.school.queries import get_settings


class SchoolEmailBackend(BaseEmailBackend):
    """Asks for the settings anew at each sending, so that a change holds at once everywhere."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send the messages, from the address that the owner has set."""
        school = get_settings()
        for message in messages:
            if school.email_from and message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = school.email_from
        return connection_of(school, fail_silently=self.fail_silently).send_messages(messages) or 0


def connection_of(school: School, **options: Any) -> Any:
    """Return the way out that these settings describe."""
    if not school.email_url:
        return get_connection(settings.EMAIL_WAY_OUT, **options)
    parsed = dj_email_url.parse(school.email_url)
    return get_connection(
        parsed["EMAIL_BACKEND"],
        host=parsed.get("EMAIL_HOST") or "localhost",
        port=parsed.get("EMAIL_PORT") or 25,
        username=parsed.get("EMAIL_HOST_USER") or "",
        password=parsed.get("EMAIL_HOST_PASSWORD") or "",
        use_tls=parsed.get("EMAIL_USE_TLS", False),
        use_ssl=parsed.get("EMAIL_USE_SSL", False),
        timeout=settings.EMAIL_TIMEOUT,
        **options,
    )
