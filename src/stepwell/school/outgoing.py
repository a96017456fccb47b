"""Send waiting mail, retry it, and let the owner retry or dismiss what failed.

Each mail is sent at least once: a worker claims it for `CLAIM`, sends it, and deletes its row. If
the worker dies in between, the next one sends it, perhaps twice. The other order could lose a
person's only way into their account.
"""

import logging
import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stepwell.core import clock
from stepwell.core.waking import wake_worker
from stepwell.school.mail import connection_of, dressed, read_message
from stepwell.school.models import OutgoingMail
from stepwell.school.queries import get_settings
from stepwell.school.signals import mail_failed, mail_sent

logger = logging.getLogger(__name__)

# Between two attempts; after the last one, a mail is given up.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
CLAIM = timedelta(minutes=5)  # no other worker tries a claimed mail for so long
CONTENT_KEPT = timedelta(days=3)  # as long as links in mails are valid
FAILED_KEPT = timedelta(days=30)  # address, subject and reason of what failed
MOST_AT_ONCE = 100


def send_due_mail(*, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Send the mails whose time has come, and return how many were tried.

    They share a connection. A server that can't be reached, or refuses the password, is asked
    once, and that counts as an attempt for all of them.

    Sends `mail_sent`, and `mail_failed` for what is given up.
    """
    school = get_settings()
    connection = connection_of(school)
    tried, unreachable = 0, None
    for mail in _due().order_by("due_at", "pk")[:MOST_AT_ONCE]:
        if not may_go_on():
            break
        if not _claim(mail):
            continue
        tried += 1
        try:
            if unreachable is None:
                connection.open()
        except OSError as error:
            unreachable = error
        if unreachable is not None:
            _note_failure(mail, words_of(unreachable))
            continue
        try:
            connection.send_messages([dressed(read_message(mail.content), school)])
        except OSError as error:  # what mail servers and networks say no with
            _hang_up(connection)
            _note_failure(mail, words_of(error), is_final=_is_final(error))
        except Exception:
            logger.exception("The mail %s can't be sent", mail.pk)
            _note_failure(mail, _("Something is broken here; the log says what."), is_final=True)
        else:
            OutgoingMail.objects.filter(pk=mail.pk).delete()
            mail_sent.send_robust(sender=OutgoingMail, about=mail.about)
    _hang_up(connection)
    return tried


def is_mail_due() -> bool:
    """Tell whether `send_due_mail` has something to send. One query."""
    return _due().exists()


def get_next_time() -> datetime | None:
    """Return when there is something to do: a mail to send, or an old one to forget."""
    rows = OutgoingMail.objects
    due = rows.exclude(due_at=None).order_by("due_at").values_list("due_at", flat=True).first()
    secret = rows.filter(due_at=None, content__isnull=False).order_by("created_at").first()
    times = [due, secret and secret.created_at + CONTENT_KEPT]
    return min((time for time in times if time), default=None)


def forget_old_mail() -> None:
    """Give up what waits since `CONTENT_KEPT`, forget contents as old, and rows in the end."""
    now = clock.now()
    old = OutgoingMail.objects.filter(created_at__lte=now - CONTENT_KEPT)
    for mail in old.exclude(due_at=None):
        _note_failure(mail, mail.error or _("It waited for too long."), is_final=True)
    old.filter(due_at=None, content__isnull=False).update(content=None)
    OutgoingMail.objects.filter(due_at=None, created_at__lte=now - FAILED_KEPT).delete()


def try_mail_again(key: int | None = None) -> int:
    """Have one mail, or all of them, sent as soon as possible; return how many.

    What failed is tried as often as at first. Mail whose content is gone is left as it is.
    """
    mails = OutgoingMail.objects.filter(content__isnull=False)
    if key is not None:
        mails = mails.filter(pk=key)
    count = mails.update(due_at=clock.now(), attempts=0)
    if count:
        wake_worker()
    return count


def dismiss_mail(key: int) -> None:
    """Delete a mail that waits or has failed; a second call changes nothing.

    Sends `mail_failed` if it was waiting.
    """
    mail = OutgoingMail.objects.filter(pk=key).first()
    if mail is not None and mail.delete()[0] and not mail.has_failed:
        mail_failed.send_robust(sender=OutgoingMail, about=mail.about)


def withdraw_mail(about: str) -> None:
    """Delete the mail about something that is no longer so; a second call changes nothing."""
    OutgoingMail.objects.filter(about=about).delete()


def words_of(error: OSError) -> str:
    """Return what the server or the network said."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    said = [
        f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
        for code, text in answers
    ]
    return " ".join(" ".join(said or [error.strerror or str(error)]).split())[:300]


def _due() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(due_at__lte=clock.now())


def _claim(mail: OutgoingMail) -> bool:
    """Take a mail for this attempt; of two workers one succeeds."""
    mail.attempts += 1
    same = OutgoingMail.objects.filter(pk=mail.pk, due_at=mail.due_at)
    return bool(same.update(due_at=clock.now() + CLAIM, attempts=mail.attempts))


def _hang_up(connection: Any) -> None:
    with suppress(OSError):
        connection.close()


def _note_failure(mail: OutgoingMail, error: str, *, is_final: bool = False) -> None:
    is_final = is_final or mail.attempts > len(PAUSES)
    due_at = None if is_final else clock.now() + PAUSES[mail.attempts - 1]
    OutgoingMail.objects.filter(pk=mail.pk).update(due_at=due_at, error=error)
    logger.warning("A mail to %s was not sent: %s", mail.recipients, error)
    if is_final:
        mail_failed.send_robust(sender=OutgoingMail, about=mail.about)


def _is_final(error: OSError) -> bool:
    """Tell whether the server refused this mail for good, as it says by a code of 500 or more."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, smtplib.SMTPNotSupportedError)
