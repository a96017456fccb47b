"""Enrolling people by email, those without an account too, and taking them out again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from stepwell.accounts.errors import BadEmail
from stepwell.accounts.invitations import clean_email, invite_person
from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.models import Course
from stepwell.learning.actions.enrollment import enroll_in_course, unenroll_from_course
from stepwell.learning.actions.record import Origin
from stepwell.learning.actions.welcome import tell_of_enrollment
from stepwell.learning.models import Enrollment, PendingEnrollment


class Result(StrEnum):
    """What became of an address."""

    ENROLLED = "enrolled"
    AGAIN = "again"  # after having left, with the progress of before
    ALREADY = "already"
    INVITED = "invited"  # nobody has an account of it yet
    WAITING = "waiting"  # enrolled as soon as the course is open
    REPEATED = "repeated"  # it stands in the list above, too
    SUSPENDED = "suspended"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An address as it was given, and what became of it."""

    email: str
    result: Result


def enroll_by_email(*, course: Course, emails: Iterable[str], by: User) -> list[Outcome]:
    """Enroll the people with these addresses, and tell of each; the same again changes nothing.

    Who has no account is invited by mail, and enrolled on joining; in a course that is closed, all
    are enrolled as soon as it opens. Whoever is enrolled gets a mail that says so. One person after
    the other, so that nobody waits for a class.
    """
    wanted = [email.strip() for email in emails if email.strip()]
    people = {
        user.email.lower(): user
        for start in range(0, len(wanted), 500)
        for user in User.objects.filter(
            email__in=[email.lower() for email in wanted[start : start + 500]]
        )
    }
    is_open = Course.objects.published().filter(pk=course.pk).exists()
    outcomes, seen = [], set[str]()
    for email in wanted:
        person = people.get(email.lower())
        is_repeated = email.lower() in seen
        seen.add(email.lower())
        result = Result.REPEATED if is_repeated else _enroll(course, email, person, by, is_open)
        outcomes.append(Outcome(email, result))
    return outcomes


def remove_learner(*, course: Course, user: User) -> Enrollment | None:
    """End somebody's membership and keep every completion; a second call changes nothing.

    Sends `learner_unenrolled`.
    """
    return unenroll_from_course(user=user, course=course, origin=Origin.STUDIO)


def forget_pending_enrollment(*, pending: PendingEnrollment) -> None:
    """Take back that somebody is to be enrolled on joining; a second call changes nothing."""
    PendingEnrollment.objects.filter(pk=pending.pk).delete()


def enroll_pending(*, course: Course | None = None, user: User | None = None) -> int:
    """Enroll those who waited for a course to open, or for an account; return how many.

    A second call finds nobody. Sends `learner_enrolled`.
    """
    count = 0
    for pending, person in _ready(course, user):
        with transaction.atomic():
            # Of several who find it, the one who takes it away enrolls.
            if PendingEnrollment.objects.filter(pk=pending.pk).delete()[0]:
                enrolled = enroll_in_course(
                    user=person, course=pending.course, origin=Origin.STUDIO
                )
                if user is None:  # else they have just come, and see it
                    tell_of_enrollment(enrolled)
                count += 1
    return count


def _ready(course: Course | None, user: User | None) -> Iterator[tuple[PendingEnrollment, User]]:
    rows = PendingEnrollment.objects.select_related("course").filter(
        course__in=Course.objects.published()
    )
    if course is not None:
        rows = rows.filter(course=course)
    if user is not None:
        rows = rows.filter(email__iexact=user.email)
    found = list(rows)
    people = {
        person.email.lower(): person
        for person in User.objects.filter(email__in=[row.email.lower() for row in found])
    }
    for row in found:
        person = people.get(row.email.lower())
        if person is not None and person.is_active:
            yield row, person


def _enroll(course: Course, email: str, person: User | None, by: User, is_open: bool) -> Result:
    if person is None or not is_open:
        try:
            address = clean_email(email)
        except BadEmail:
            return Result.BAD
        return _keep_for_later(course, address, person, by)
    if not person.is_active:
        return Result.SUSPENDED
    known = Enrollment.objects.filter(user=person, course=course).first()
    if known is not None and known.is_active:
        return Result.ALREADY
    tell_of_enrollment(enroll_in_course(user=person, course=course, origin=Origin.STUDIO))
    return Result.ENROLLED if known is None else Result.AGAIN


def _keep_for_later(course: Course, address: str, person: User | None, by: User) -> Result:
    if person is not None and not person.is_active:
        return Result.SUSPENDED
    if person and Enrollment.objects.active().filter(user=person, course=course).exists():
        return Result.ALREADY
    with transaction.atomic():
        PendingEnrollment.objects.get_or_create(
            email=address,
            course=course,
            defaults={"invited_by": by, "invited_at": clock.now()},
        )
        if person is None:
            invite_person(email=address, invited_by=by, about=course.title)
    return Result.INVITED if person is None else Result.WAITING
