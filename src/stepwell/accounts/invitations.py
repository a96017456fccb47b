"""Asking people in by email, whether or not everyone may sign up."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from stepwell.accounts.errors import BadEmail, EmailTaken, MailedJustNow
from stepwell.accounts.models import Invitation, Mailed, User
from stepwell.accounts.queries import find_people_by_email
from stepwell.core import clock
from stepwell.core.addresses import site_address
from stepwell.core.email_addresses import normalize_address
from stepwell.school.mail import Mail
from stepwell.school.outgoing import withdraw_mail
from stepwell.school.queries import get_name


def clean_email(email: str) -> str:
    """Return an address as it is kept. Raises `BadEmail`."""
    cleaned = normalize_address(email)
    try:
        User._meta.get_field("email").clean(cleaned, None)
    except ValidationError:
        raise BadEmail(email=email.strip()[:100]) from None
    return cleaned


def admit_person(*, email: str, invited_by: User, about: str = "") -> tuple[Invitation, bool]:
    """Let the person with this address sign up, and tell whether that is new; send no mail.

    `about` is the title of what they are invited to. An invitation that was followed by somebody
    who has another address now is opened again.

    Raises `BadEmail`, and `EmailTaken` for who has an account already.
    """
    email = clean_email(email)
    if find_people_by_email([email]):
        raise EmailTaken(email=email)
    now = clock.now()
    fresh = {"invited_by": invited_by, "invited_at": now, "queued_at": now, "about": about}
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(email=email, defaults=fresh)
        if invitation.accepted_at:
            is_new = True
            for name, value in (fresh | {"accepted_at": None, "sent_at": None}).items():
                setattr(invitation, name, value)
            invitation.save()
    return invitation, is_new


def invite_person(*, email: str, invited_by: User) -> tuple[Invitation, bool]:
    """Ask somebody in by mail, and tell whether that is new; a second call sends nothing.

    An invitation that came with a course becomes the site's own, so that it outlasts the course's.

    Raises `BadEmail`, and `EmailTaken` for who has an account already.
    """
    with transaction.atomic():
        invitation, is_new = admit_person(email=email, invited_by=invited_by)
        if invitation.about:
            invitation.about = ""
            invitation.save(update_fields=["about"])
        if is_new:
            _mail(invitation)
    return invitation, is_new


def send_invitation_again(*, invitation: Invitation) -> None:
    """Send an invitation's mail once more. Raises `MailedJustNow`."""
    with transaction.atomic():
        note_mail_again(invitation, invitation.email)
        _mail(invitation)


def note_mail_again(row: Mailed, email: str) -> None:
    """Note that the mail of a row is wanted once more. Raises `MailedJustNow`."""
    row.refresh_from_db()
    if not row.can_be_mailed_again:
        raise MailedJustNow(email=email)
    row.queued_at = clock.now()
    row.save(update_fields=["queued_at"])


def withdraw_invitation(*, invitation: Invitation) -> None:
    """Take an invitation back that was not accepted yet; a second call changes nothing."""
    with transaction.atomic():
        withdraw_mail(invitation.mail_name)
        Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


def is_invited(email: str) -> bool:
    """Tell whether the person with this address was asked in. One query."""
    return Invitation.objects.filter(email__iexact=normalize_address(email)).exists()


def mail_invitation(email: str, row: Mailed, *, by: User | None, about: str) -> None:
    """Send the mail that invites to sign up, in the site's language; one that waits is replaced."""
    query = urlencode({"email": email})
    context = {
        "inviter": by,
        "about": about,
        "site_name": get_name(),
        "address": site_address(f"{reverse('account_signup')}?{query}"),
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = render_to_string("account/email/invitation_subject.txt", context)
        message = render_to_string("account/email/invitation_message.txt", context)
    withdraw_mail(row.mail_name)
    Mail(" ".join(subject.split()), message, email, about=row.mail_name).send()


def _mail(invitation: Invitation) -> None:
    by, about = invitation.invited_by, invitation.about
    mail_invitation(invitation.email, invitation, by=by, about=about)
