"""Asking people in by email, whether or not everyone may sign up."""

from functools import partial

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django_tasks import task

from stepwell.accounts.errors import BadEmail, EmailTaken
from stepwell.accounts.models import Invitation, User
from stepwell.core import clock
from stepwell.core.addresses import site_address
from stepwell.core.email_addresses import normalize_address
from stepwell.core.waking import wake_worker
from stepwell.school.queries import get_name


def clean_email(email: str) -> str:
    """Return an address as it is kept. Raises `BadEmail`."""
    cleaned = normalize_address(email)
    try:
        User._meta.get_field("email").clean(cleaned, None)
    except ValidationError:
        raise BadEmail(email=email.strip()[:100]) from None
    return cleaned


def invite_person(*, email: str, invited_by: User, about: str = "") -> tuple[Invitation, bool]:
    """Ask somebody in by mail, and tell whether that is new; a second call sends nothing.

    `about` is the title of what they are invited to, which the mail names.

    Raises `BadEmail`, and `EmailTaken` for who has an account already.
    """
    email = clean_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken(email=email)
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(
            email=email,
            defaults={"invited_by": invited_by, "invited_at": clock.now(), "about": about},
        )
        if is_new:
            transaction.on_commit(partial(_enqueue_mail, invitation))
    return invitation, is_new


def send_invitation_again(*, invitation: Invitation) -> None:
    """Send an invitation's mail once more."""
    _enqueue_mail(invitation)


def withdraw_invitation(*, invitation: Invitation) -> None:
    """Take an invitation back that was not accepted yet; a second call changes nothing."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).delete()


def is_invited(email: str) -> bool:
    """Tell whether the person with this address was asked in. One query."""
    return Invitation.objects.filter(email__iexact=normalize_address(email)).exists()


def send_invitation(key: int) -> None:
    """Send the mail of an invitation, unless it was withdrawn or accepted meanwhile."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=key).first()
    if invitation is None or invitation.accepted_at:
        return
    query = urlencode({"email": invitation.email})
    context = {
        "inviter": invitation.invited_by,
        "about": invitation.about,
        "site_name": get_name(),
        "address": site_address(f"{reverse('account_signup')}?{query}"),
    }
    subject = render_to_string("account/email/invitation_subject.txt", context)
    message = render_to_string("account/email/invitation_message.txt", context)
    send_mail(" ".join(subject.split()), message, None, [invitation.email])
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=clock.now())


@task()
def mail_invitation(key: int) -> None:
    """Send the mail of the invitation with this primary key, in a worker."""
    send_invitation(key)


def _enqueue_mail(invitation: Invitation) -> None:
    mail_invitation.enqueue(invitation.pk)
    wake_worker()
