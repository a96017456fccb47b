"""Django's SMTP, with addresses in any alphabet and certificates of one's own."""

import smtplib
import ssl
from contextlib import suppress
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.utils import getaddresses
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp
from django.core.mail.message import EmailMessage
from django.utils.encoding import punycode
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

OPTIONS = ("SMTPUTF8", "BODY=8BITMIME")  # RFC 6531


class EmailBackend(smtp.EmailBackend):
    """Sends by SMTP. All that goes wrong is an `OSError`."""

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Trust what the machine trusts, and the authority that the settings name."""
        context = super().ssl_context
        if settings.SITE.email_ca_file:
            context.load_verify_locations(settings.SITE.email_ca_file)
        return context

    def open(self) -> bool | None:
        """Connect and say hello, so that whatever fails later is about a mail. Raises `OSError`."""
        try:
            is_new = super().open()
            connection: Any = self.connection  # open by now
            connection.ehlo_or_helo_if_needed()
            return is_new
        except (OSError, UnicodeError) as error:
            with suppress(OSError):
                self.close()
            raise _in_words(error) from None

    def _send(self, email_message: EmailMessage) -> bool:
        if _is_ascii_before_at([email_message.from_email, *email_message.recipients()]):
            return bool(super()._send(email_message))  # type: ignore[misc]  # not in the stubs
        # Django encodes the part before the @ as a header, and so names another mailbox.
        server: Any = self.connection  # open by now
        if not server.has_extn("smtputf8"):
            sentence = _("The mail server takes no addresses with letters such as ü before the @.")
            raise smtplib.SMTPNotSupportedError(sentence)
        recipients = [_sendable(address) for address in email_message.recipients()]
        sender = _sendable(email_message.from_email)
        server.sendmail(sender, recipients, _as_utf8(email_message), OPTIONS)
        return True


def _in_words(error: OSError | UnicodeError) -> OSError:
    if isinstance(error, ssl.SSLCertVerificationError):
        sentence = _(
            "Its certificate isn’t trusted (%(reason)s). If it is the server’s own, set "
            "STEPWELL_EMAIL_CA_FILE."
        )
        return OSError(sentence % {"reason": error.verify_message})
    if isinstance(error, UnicodeError):
        return OSError(_("User name and password must be plain ASCII."))
    return error


def _is_ascii_before_at(addresses: list[str]) -> bool:
    return all(address.rpartition("@")[0].isascii() for _name, address in getaddresses(addresses))


def _sendable(address: str) -> str:
    """Return the bare address with its domain as DNS knows it."""
    [(_name, bare)] = getaddresses([address])
    user, _at, domain = bare.rpartition("@")
    return f"{user}@{punycode(domain)}"


def _as_utf8(email_message: EmailMessage) -> bytes:
    """Return the message with the recipients' addresses as they are, in UTF-8."""
    message = email_message.message()
    for name, addresses in (("To", email_message.to), ("Cc", email_message.cc)):
        if addresses:
            del message[name]
            # Django's own way of setting a header would encode it.
            Message.__setitem__(message, name, ", ".join(map(_sendable, addresses)))
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=policy.SMTPUTF8).flatten(message)
    return out.getvalue()
