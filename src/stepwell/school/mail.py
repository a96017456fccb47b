"""Send mail as the owner has set it, or else as the environment says.

With a mail server, a mail is first a row, written in the transaction of the action that sends it.
A worker sends it; see `school.outgoing`. So nobody waits for a mail server, a rolled back action
sends nothing, and no mail is lost when a process dies.
"""

import smtplib
from collections.abc import Sequence
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils.encoding import punycode

from stepwell.core import clock
from stepwell.core.mail_servers import SMTP, parse_mail_url
from stepwell.core.waking import wake_worker
from stepwell.school.models import OutgoingMail, School
from stepwell.school.queries import get_settings
from stepwell.school.signals import mail_sent


class Mail(EmailMessage):
    """A mail to one address; the signals that say what became of it carry `about`."""

    def __init__(self, subject: str, body: str, to: str, *, about: str = "") -> None:
        super().__init__(subject, body, None, [to])
        self.about = about


class SchoolEmailBackend(BaseEmailBackend):
    """Reads the settings at each sending, so that every process uses a change at once."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Keep the messages for a worker; where no server takes mail, write them at once."""
        school = get_settings()
        for message in messages:
            if _is_server(school):
                _keep(message)
            else:
                send_now(message, school)
                mail_sent.send_robust(sender=OutgoingMail, about=_about(message))
        return len(messages)


def send_now(message: EmailMessage, school: School, **options: Any) -> None:
    """Send a message while the caller waits; `options` are those of the connection.

    Raises `OSError`, which is a `TimeoutError` where the server gave no answer in time.
    """
    try:
        connection_of(school, **options).send_messages([dressed(message, school)])
    except smtplib.SMTPServerDisconnected as error:
        if isinstance(error.__context__, TimeoutError):  # smtplib hides it
            raise error.__context__ from None
        raise


def dressed(message: EmailMessage, school: School) -> EmailMessage:
    """Return the message as mail of a program, from the address that the owner has set."""
    if school.email_from and message.from_email == settings.DEFAULT_FROM_EMAIL:
        message.from_email = school.email_from
    # Without the first, holiday notices come back; without the second, the machine's name goes out.
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=_own_host(message)))
    return message


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
        **{"timeout": settings.EMAIL_TIMEOUT, **options},
    )


def read_message(content: Any) -> EmailMessage:
    """Return the message that a row's `content` holds, as long as it is there."""
    fields = {name: value for name, value in content.items() if name != "subtype"}
    message = EmailMultiAlternatives(**fields)
    message.content_subtype = content["subtype"]
    return message


def _is_server(school: School) -> bool:
    if not school.email_url:
        return bool(settings.EMAIL_WAY_OUT == SMTP)
    return bool(parse_mail_url(school.email_url)["EMAIL_BACKEND"] == SMTP)


def _keep(message: EmailMessage) -> None:
    """Keep a message until it is sent. Raises `ValueError` for one with attachments."""
    if message.attachments:
        raise ValueError("A mail with attachments can't be kept.")
    # Given now, so that every attempt has the same one, and mailboxes know it again.
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=_own_host(message)))
    content: dict[str, Any] = {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from_email": message.from_email,
        "to": message.to,
        "cc": message.cc,
        "bcc": message.bcc,
        "reply_to": message.reply_to,
        "headers": message.extra_headers,
        "alternatives": [list(each) for each in getattr(message, "alternatives", [])],
    }
    OutgoingMail.objects.create(
        recipients=", ".join(message.recipients()),
        subject=content["subject"],
        content=content,
        about=_about(message),
        due_at=clock.now(),
    )
    transaction.on_commit(wake_worker)


def _about(message: EmailMessage) -> str:
    return message.about if isinstance(message, Mail) else ""


def _own_host(message: EmailMessage) -> str:
    """Return the host name of the site: of its address, or else of its mail."""
    if settings.SITE.address:
        return str(settings.SITE.address_host)
    domain = parseaddr(message.from_email)[1].rpartition("@")[2]
    return punycode(domain) or "localhost"
