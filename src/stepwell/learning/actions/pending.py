"""Enrollments that wait for a course to open, or for somebody to have an account."""

from contextlib import suppress

from django.db import transaction

from stepwell.accounts.errors import EmailTaken
from stepwell.accounts.invitations import (
    admit_person,
    mail_invitation,
    note_mail_again,
    withdraw_invitation,
)
from stepwell.accounts.models import Invitation, User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning.actions.enrollment import enroll_in_course
from stepwell.learning.actions.welcome import tell_of_enrollment
from stepwell.learning.models import Origin, PendingEnrollment
from stepwell.school.outgoing import withdraw_mail


def keep_person(*, course: Course, person: User, by: User) -> None:
    """Enroll a person as soon as the course opens; a second call changes nothing."""
    PendingEnrollment.objects.get_or_create(
        user=person, course=course, defaults={"invited_by": by, "invited_at": clock.now()}
    )


def keep_address(*, course: Course, email: str, by: User) -> bool:
    """Invite an address to a course by mail, and tell whether that is new.

    The person who signs up with it is enrolled. A second call sends and changes nothing, unless an
    owner withdrew the invitation meanwhile.
    """
    with transaction.atomic():
        pending, is_new = PendingEnrollment.objects.get_or_create(
            email=email,
            course=course,
            user=None,
            defaults={"invited_by": by, "invited_at": clock.now()},
        )
        try:
            _invitation, is_admitted = admit_person(email=email, invited_by=by, about=course.title)
        except EmailTaken:  # at this moment; they are enrolled instead
            return is_new
        if is_admitted and not is_new:
            pending.queued_at = clock.now()
            pending.save(update_fields=["queued_at"])
        if is_admitted or is_new:
            _mail(pending)
    return is_admitted or is_new


def send_pending_again(*, pending: PendingEnrollment, by: User) -> None:
    """Send the mail that invites to a course once more. Raises `MailedJustNow`.

    Where an owner withdrew the invitation, the address may sign up again. People who have an
    account already get their mail when they are enrolled.
    """
    if pending.user is not None:
        return
    with transaction.atomic():
        note_mail_again(pending, pending.email)
        _mail(pending)
        with suppress(EmailTaken):
            admit_person(email=pending.email, invited_by=by, about=pending.course.title)


def forget_pending_enrollment(*, pending: PendingEnrollment) -> None:
    """Take back that somebody is to be enrolled later; a second call changes nothing.

    An invitation that came with it is withdrawn too, unless they are to be enrolled elsewhere.
    """
    with transaction.atomic():
        withdraw_mail(pending.mail_name)
        PendingEnrollment.objects.filter(pk=pending.pk).delete()
        if not PendingEnrollment.objects.filter(email=pending.email).exists():
            for invitation in Invitation.objects.filter(email=pending.email).exclude(about=""):
                withdraw_invitation(invitation=invitation)


def enroll_pending(
    *, course: Course | None = None, user: User | None = None, email: str = ""
) -> int:
    """Enroll those who waited for a course to open, or for an account; return how many.

    What was kept for `email`, an address that is known to be the person's now, becomes the
    person's. A second call finds nobody. Sends `learner_enrolled`.
    """
    if user is not None and email:
        _give_to(user, email)
    rows = PendingEnrollment.objects.select_related("course", "user").filter(
        course__in=Course.objects.published(), user__is_active=True
    )
    if course is not None:
        rows = rows.filter(course=course)
    if user is not None:
        rows = rows.filter(user=user)
    return sum(_enroll(pending, is_told=user is None) for pending in rows)


def _give_to(user: User, email: str) -> None:
    """Name the person instead of the address in what waits for them."""
    for pending in PendingEnrollment.objects.filter(user=None, email__iexact=email):
        with transaction.atomic():
            withdraw_mail(pending.mail_name)
            kept = {"invited_by": pending.invited_by, "invited_at": pending.invited_at}
            # Of several who find it, the one who takes it away goes on.
            if PendingEnrollment.objects.filter(pk=pending.pk).delete()[0]:
                PendingEnrollment.objects.get_or_create(
                    user=user, course_id=pending.course_id, defaults=kept
                )


def _enroll(pending: PendingEnrollment, *, is_told: bool) -> int:
    with transaction.atomic():
        if pending.user is None or not PendingEnrollment.objects.filter(pk=pending.pk).delete()[0]:
            return 0
        enrolled = enroll_in_course(user=pending.user, course=pending.course, origin=Origin.STUDIO)
        if is_told:  # else they have just come, and see it
            tell_of_enrollment(enrolled)
    return 1


def _mail(pending: PendingEnrollment) -> None:
    mail_invitation(pending.email, pending, by=pending.invited_by, about=pending.course.title)
