"""Reads of the school's settings; what nobody set is as the environment says."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet

from stepwell.core.prepared import prepared
from stepwell.school.models import OutgoingMail, School, SignUp

MOST_MAILS = 100  # that a page lists


@dataclass(frozen=True, slots=True)
class SchoolView:
    """The school as pages show it."""

    name: str
    description: str
    logo: str
    accent: str
    stamp: str
    has_mail_server: bool
    has_open_sign_up: bool


@prepared
def _stamps() -> QuerySet[School, datetime]:
    return School.objects.values_list("changed_at", flat=True)


def get_stamp() -> datetime | None:
    """Return when the settings were last changed; None if they never were. One query."""
    return _stamps.first()


def get_school(stamp: datetime | None) -> SchoolView:
    """Return the settings that hold since `stamp`; they are read where they are not known yet."""
    # A transaction may be undone, and its stamp with it.
    read = _read if connection.in_atomic_block else _kept
    return read(stamp)


def get_settings() -> School:
    """Return what the owner has set, or what nobody has. One query."""
    return School.objects.first() or School()


def get_mail_folder() -> Path | None:
    """Return the folder that mail is kept in, or None where a server takes it. One query."""
    return None if _has_mail_server(get_settings()) else Path(settings.EMAIL_FILE_PATH)


def get_unsent_mail() -> list[OutgoingMail]:
    """Return the mails that failed, then those that wait, the next one first. One query.

    At most `MOST_MAILS`, without their contents.
    """
    in_order = OutgoingMail.objects.order_by(F("due_at").asc(nulls_first=True), "-created_at")
    shown = in_order.annotate(can_be_sent=Q(content__isnull=False)).defer("content")
    return list(shown[:MOST_MAILS])


def count_failed_mail() -> int:
    """Return how many mails were given up and not dismissed yet. One query."""
    return OutgoingMail.objects.filter(due_at=None).count()


def is_by_invitation() -> bool:
    """Tell whether only those who are invited may sign up. One query."""
    return get_settings().sign_up == SignUp.INVITATION


def get_name() -> str:
    """Return the school's name, for mails. One query."""
    return get_settings().name or settings.SITE.name


def _read(stamp: datetime | None) -> SchoolView:
    row = get_settings() if stamp else School()
    return SchoolView(
        name=row.name or settings.SITE.name,
        description=row.description,
        logo=row.logo,
        accent=row.accent,
        stamp=f"{stamp.timestamp():.6f}".replace(".", "") if stamp else "",
        has_mail_server=_has_mail_server(row),
        has_open_sign_up=row.sign_up == SignUp.OPEN,
    )


def _has_mail_server(row: School) -> bool:
    url = row.email_url or settings.SITE.email_url
    return bool(url) and not url.startswith("file:")


_kept = lru_cache(maxsize=4)(_read)
