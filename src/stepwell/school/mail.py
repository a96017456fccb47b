"""How mail leaves: as the owner has set it, or else as the environment says."""

from collections.abc import Sequence
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils.encoding import punycode

from stepwell.core.mail_servers import parse_mail_url
from stepwell.school.models import School
from stepwell.school.queries import get_settings


class SchoolEmailBackend(BaseEmailBackend):
    """Asks for the settings anew at each sending, so that a change holds at once everywhere."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send the messages, from the address that the owner has set, as mail of a program."""
        school = get_settings()
        for message in messages:
            if school.email_from and message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = school.email_from
            # Without the first, holiday notices come back; without the second, the machine's name
            # goes out.
            message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
            message.extra_headers.setdefault("Message-ID", make_msgid(domain=_own_host(message)))
        return connection_of(school, fail_silently=self.fail_silently).send_messages(messages) or 0


def _own_host(message: EmailMessage) -> str:
    """Return the host name of the site: of its address, or else of its mail."""
    if settings.SITE.address:
        return str(settings.SITE.address_host)
    domain = parseaddr(message.from_email)[1].rpartition("@")[2]
    return punycode(domain) or "localhost"


def connection_of(school: School, **options: Any) -> Any:
    """Return the way out that these settings describe."""
    if not school.email_url:
        return get_connection(settings.EMAIL_WAY_OUT, **options)
    parsed = parse_mail_url(school.email_url)
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
