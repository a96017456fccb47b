"""What accounts do when somebody has come in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from stepwell.accounts.actions import set_first_time_zone
from stepwell.accounts.models import Invitation, User
from stepwell.accounts.signals import person_joined
from stepwell.accounts.time_zones import zone_of_browser
from stepwell.core import clock


@receiver(email_confirmed)
def welcome_who_confirmed(email_address: EmailAddress, **_rest: Any) -> None:
    """Whoever reads mail at an address is the one who was invited there."""
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
    open_ones.update(accepted_at=clock.now())
