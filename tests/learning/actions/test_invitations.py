"""The mails that invite an address to a course, and their withdrawal."""

import pytest
from django.core import mail
from pytest_django import Settings

from stepwell.accounts.errors import MailedJustNow
from stepwell.accounts.invitations import (
    invite_person,
    is_invited,
    send_invitation_again,
    withdraw_invitation,
)
from stepwell.accounts.models import MAIL_AGAIN_AFTER, Invitation, User
from stepwell.accounts.signals import person_joined
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    Result,
    forget_pending_enrollment,
    send_pending_again,
)
from stepwell.learning.models import PendingEnrollment
from stepwell.school.actions import update_school
from stepwell.school.models import OutgoingMail
from stepwell.school.outgoing import send_due_mail
from stepwell.web.words import mail_words
from tests.factories import make_course, make_user
from tests.learning.actions.conftest import results
from tests.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def through_the_queue(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    update_school(email_url="smtp://127.0.0.1:9")


def mailed(course: Course, by: User) -> list[str]:
    """Enroll Nia, and return the bodies of the mails that she gets."""
    mail.outbox.clear()
    results(course, by, "nia@example.org")
    return [str(each.body) for each in mail.outbox]


def test_each_course_has_a_mail_of_its_own(ines: User) -> None:
    tea, ink = make_course([1], title="Tea"), make_course([1], title="Ink")

    [first] = mailed(tea, ines)
    [second] = mailed(ink, ines)

    assert "Ines invites you to “Tea”" in first
    assert "Ines invites you to “Ink”" in second
    assert mailed(ink, ines) == []


def test_withdrawn_invitation_is_mailed_again(course: Course, ines: User) -> None:
    assert len(mailed(course, ines)) == 1
    forget_pending_enrollment(pending=PendingEnrollment.objects.get())
    assert not is_invited("nia@example.org")

    assert len(mailed(course, ines)) == 1
    assert is_invited("nia@example.org")


def test_owners_invitation_outlives_that_to_a_course(course: Course, ines: User) -> None:
    invite_person(email="nia@example.org", invited_by=ines)
    results(course, ines, "nia@example.org")

    forget_pending_enrollment(pending=PendingEnrollment.objects.get())

    assert is_invited("nia@example.org")


def test_invitation_of_an_owner_outlasts_that_of_a_course(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    invite_person(email="nia@example.org", invited_by=ines)

    forget_pending_enrollment(pending=PendingEnrollment.objects.get())

    assert is_invited("nia@example.org")


@pytest.mark.parametrize("way", ["enroll", "send again"])
def test_address_whose_invitation_an_owner_withdrew_can_be_invited_again(
    way: str, course: Course, ines: User
) -> None:
    results(course, ines, "nia@example.org")
    PendingEnrollment.objects.update(queued_at=clock.now() - MAIL_AGAIN_AFTER)
    withdraw_invitation(invitation=Invitation.objects.get())
    mail.outbox.clear()

    if way == "enroll":
        assert results(course, ines, "nia@example.org") == [Result.INVITED]
    else:
        send_pending_again(pending=PendingEnrollment.objects.get(), by=ines)

    assert is_invited("nia@example.org")
    assert len(mail.outbox) == 1
    assert not PendingEnrollment.objects.get().can_be_mailed_again


def test_mail_is_sent_again_after_ten_minutes(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    pending = PendingEnrollment.objects.get()
    with pytest.raises(MailedJustNow):
        send_pending_again(pending=pending, by=ines)

    PendingEnrollment.objects.update(queued_at=pending.queued_at - MAIL_AGAIN_AFTER)
    send_pending_again(pending=pending, by=ines)

    assert len(mail.outbox) == 2


@pytest.mark.usefixtures("through_the_queue")
def test_page_tells_what_became_of_a_mail(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    pending = PendingEnrollment.objects.get()
    assert mail_words(pending) == "no mail has left yet"

    with mail_server() as server:
        update_school(email_url=f"smtp://127.0.0.1:{server.port}")
        server.refusals["RCPT"] = "550 no such mailbox"
        send_due_mail()
        pending.refresh_from_db()
        assert mail_words(pending) == "the mail could not be sent"

        send_pending_again(pending=pending, by=ines)
        assert mail_words(pending) == "no mail has left yet"
        server.refusals.clear()
        send_due_mail()

    pending.refresh_from_db()
    assert mail_words(pending) == mail_words(Invitation.objects.get()) == "mailed"
    assert len(server.messages) == 1  # the one that had failed was replaced


@pytest.mark.usefixtures("through_the_queue")
def test_mail_that_waits_goes_with_what_it_is_about(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    forget_pending_enrollment(pending=PendingEnrollment.objects.get())
    invite_person(email="nia@example.org", invited_by=ines)
    withdraw_invitation(invitation=Invitation.objects.get())
    assert not OutgoingMail.objects.exists()

    results(course, ines, "nia@example.org")
    invite_person(email="ada@example.org", invited_by=ines)
    for email in ("nia@example.org", "ada@example.org"):
        person_joined.send(sender=User, user=make_user(), email=email)

    assert not OutgoingMail.objects.exists()


def test_invitation_goes_out_once_and_names_who_asks(ines: User) -> None:
    invitation, is_new = invite_person(email="nia@example.org", invited_by=ines)
    again = invite_person(email="NIA@example.org", invited_by=ines)
    assert (is_new, again) == (True, (invitation, False))

    [sent] = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert "Ines invites you to learn at" in sent.body
    assert "/accounts/signup/?email=nia%40example.org" in sent.body
    assert is_invited("Nia@example.org")
    with pytest.raises(MailedJustNow):
        send_invitation_again(invitation=invitation)
