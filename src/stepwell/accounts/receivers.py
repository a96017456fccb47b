"""What accounts do when somebody has come in, or a mail was sent."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.apps import apps
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

from stepwell.accounts.actions import set_first_time_zone
from stepwell.accounts.models import Invitation, Mailed, User
from stepwell.accounts.signals import person_joined
from stepwell.accounts.time_zones import zone_of_browser
from stepwell.core import clock
from stepwell.school.outgoing import withdraw_mail
from stepwell.school.signals import mail_failed, mail_sent


@receiver(email_confirmed)
def welcome_who_confirmed(email_address: EmailAddress, **_rest: Any) -> None:
    """Send `person_joined` for the confirmed address, which proves that it is theirs."""
    person_joined.send_robust(sender=User, user=email_address.user, email=email_address.email)


@receiver(user_signed_up)
def welcome_who_signed_up(user: User, **_rest: Any) -> None:
    """Where addresses need not be confirmed, or are known from elsewhere, signing up is enough."""
    is_verified = EmailAddress.objects.filter(user=user, verified=True).exists()
    if is_verified or settings.SITE.email_verification != "mandatory":
        person_joined.send_robust(sender=User, user=user, email=user.email)


@receiver(user_logged_in)
def take_time_zone_of_browser(user: User, request: HttpRequest, **_rest: Any) -> None:
    """Take the zone that the sign-in page's script has noted, until the person chooses one."""
    zone = zone_of_browser(request.COOKIES.get("time_zone", ""))
    if zone and not user.time_zone:
        set_first_time_zone(user=user, time_zone=zone)


@receiver(person_joined)
def accept_invitation(email: str, **_rest: Any) -> None:
    """Note that an invitation was followed."""
    open_ones = Invitation.objects.filter(email__iexact=email, accepted_at=None)
    for invitation in open_ones:
        withdraw_mail(invitation.mail_name)
    open_ones.update(accepted_at=clock.now())


@receiver(mail_sent)
def note_sent_mail(about: str, **_rest: Any) -> None:
    """Note in an invitation's row that its mail was sent."""
    if (rows := _mailed(about)) is not None:
        rows.update(sent_at=clock.now(), failed_at=None)


@receiver(mail_failed)
def note_failed_mail(about: str, **_rest: Any) -> None:
    """Note in an invitation's row that its mail was given up."""
    if (rows := _mailed(about)) is not None:
        rows.update(failed_at=clock.now())


def _mailed(name: str) -> QuerySet[Any] | None:
    """Return the row that a mail is for, or None where it is for none that takes note."""
    label, _colon, key = name.partition(":")
    model = apps.get_model(label) if label else None
    is_noted = model is not None and issubclass(model, Mailed)
    return model._default_manager.filter(pk=key) if model is not None and is_noted else None
