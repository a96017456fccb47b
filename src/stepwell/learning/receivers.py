"""What learning does when courses, people or mails change."""

from typing import Any

from django.dispatch import receiver

from stepwell.accounts.models import Invitation, User
from stepwell.accounts.signals import person_joined, person_readmitted
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.courses.signals import counted_lessons_changed, course_opened
from stepwell.learning.actions import enroll_pending, record_finishes
from stepwell.learning.models import PendingEnrollment
from stepwell.school.signals import mail_sent


@receiver(counted_lessons_changed)
def finish_for_those_with_nothing_open(course: Course, **_rest: Any) -> None:
    """Keep for good what learners now see as complete."""
    record_finishes(course=course)


@receiver(course_opened)
def enroll_those_who_waited(course: Course, **_rest: Any) -> None:
    """Let those in who were enrolled by email while the course was closed."""
    enroll_pending(course=course)


@receiver(person_joined)
def enroll_who_was_invited(user: User, email: str, **_rest: Any) -> None:
    """Let somebody into the courses that they were enrolled in before they had an account."""
    enroll_pending(user=user, email=email)


@receiver(person_readmitted)
def enroll_who_is_back(user: User, **_rest: Any) -> None:
    """Let somebody into the courses that opened while their account was suspended."""
    enroll_pending(user=user)


@receiver(mail_sent)
def note_mailed_invitation(about: str, **_rest: Any) -> None:
    """Note that the mail which invited to a course invited to the site, too."""
    label, _colon, key = about.partition(":")
    if label == PendingEnrollment._meta.label_lower:
        emails = PendingEnrollment.objects.filter(pk=key).values("email")
        Invitation.objects.filter(email__in=emails).update(sent_at=clock.now(), failed_at=None)
