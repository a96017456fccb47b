"""The mails that invite an address to a course, and their withdrawal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from stepwell.accounts.errors import MailedJustNow
from stepwell.accounts.invitations import (
    invite_person,
    is_invited,
    send_invitation,
    withdraw_invitation,
)
from stepwell.accounts.models import MAIL_AGAIN_AFTER, Invitation, User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    Result,
    forget_pending_enrollment,
    send_pending_again,
)
from stepwell.learning.actions.pending import send_course_invitation
from stepwell.learning.models import PendingEnrollment
from stepwell.school.actions import update_school
from stepwell.web.words import mail_words
from tests.factories import make_course
from tests.learning.actions.conftest import results

pytestmark = pytest.mark.django_db

Capture = Callable[..., Any]


def mailed(capture: Capture, course: Course, by: User) -> list[str]:
    """Enroll Nia, send what that enqueued, and return the bodies of her mails."""
    mail.outbox.clear()
    tasks = set(DBTaskResult.objects.values_list("pk", flat=True))
    with capture(execute=True):
        results(course, by, "nia@example.org")
    for task in DBTaskResult.objects.exclude(pk__in=tasks):
        send_course_invitation(*task.args_kwargs["args"])
    return [str(each.body) for each in mail.outbox]


def test_each_course_has_a_mail_of_its_own(
    ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    tea, ink = make_course([1], title="Tea"), make_course([1], title="Ink")

    [first] = mailed(django_capture_on_commit_callbacks, tea, ines)
    [second] = mailed(django_capture_on_commit_callbacks, ink, ines)

    assert "Ines invites you to “Tea”" in first
    assert "Ines invites you to “Ink”" in second
    assert mailed(django_capture_on_commit_callbacks, ink, ines) == []


def test_withdrawn_invitation_is_mailed_again(
    course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    assert len(mailed(django_capture_on_commit_callbacks, course, ines)) == 1
    forget_pending_enrollment(pending=PendingEnrollment.objects.get())
    assert not is_invited("nia@example.org")

    assert len(mailed(django_capture_on_commit_callbacks, course, ines)) == 1
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
    way: str, course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    results(course, ines, "nia@example.org")
    PendingEnrollment.objects.update(queued_at=clock.now() - MAIL_AGAIN_AFTER)
    withdraw_invitation(invitation=Invitation.objects.get())

    with django_capture_on_commit_callbacks() as callbacks:
        if way == "enroll":
            assert results(course, ines, "nia@example.org") == [Result.INVITED]
        else:
            send_pending_again(pending=PendingEnrollment.objects.get(), by=ines)

    assert is_invited("nia@example.org")
    assert len(callbacks) == 1
    assert not PendingEnrollment.objects.get().can_be_mailed_again


def test_mail_is_sent_again_after_ten_minutes_or_a_failure(
    course: Course, ines: User, settings: Settings, django_capture_on_commit_callbacks: Capture
) -> None:
    results(course, ines, "nia@example.org")
    pending = PendingEnrollment.objects.get()
    with pytest.raises(MailedJustNow):
        send_pending_again(pending=pending, by=ines)

    settings.EMAIL_BACKEND = "stepwell.school.mail.SchoolEmailBackend"
    update_school(email_url="smtp://127.0.0.1:9")
    with pytest.raises(ConnectionRefusedError):
        send_course_invitation(pending.pk)
    pending.refresh_from_db()
    assert pending.has_failed
    assert mail_words(pending) == "the mail could not be sent"

    with django_capture_on_commit_callbacks(execute=True):
        send_pending_again(pending=pending, by=ines)
    assert not pending.has_failed
    assert mail_words(pending) == "no mail has left yet"
    assert DBTaskResult.objects.count() == 1
    PendingEnrollment.objects.update(queued_at=pending.queued_at - MAIL_AGAIN_AFTER)
    send_pending_again(pending=pending, by=ines)


def test_invitation_goes_out_once_and_names_who_asks(
    ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        invitation, is_new = invite_person(email="nia@example.org", invited_by=ines)
        again = invite_person(email="NIA@example.org", invited_by=ines)
    assert (is_new, again) == (True, (invitation, False))
    assert len(callbacks) == 1

    send_invitation(invitation.pk)

    [sent] = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert "Ines invites you to learn at" in sent.body
    invitation.refresh_from_db()
    assert invitation.sent_at
    assert "/accounts/signup/?email=nia%40example.org" in sent.body
    assert is_invited("Nia@example.org")
    withdraw_invitation(invitation=invitation)
    send_invitation(invitation.pk)
    assert len(mail.outbox) == 1
