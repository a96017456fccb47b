"""Enrolling people by email, those without an account too, and taking them out again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from stepwell.accounts.errors import BadEmail
from stepwell.accounts.invitations import clean_email
from stepwell.accounts.models import User
from stepwell.accounts.queries import find_people_by_email
from stepwell.core.email_addresses import normalize_address
from stepwell.courses.models import Course
from stepwell.learning.actions.enrollment import enroll_in_course, unenroll_from_course
from stepwell.learning.actions.pending import enroll_pending, keep_address, keep_person
from stepwell.learning.actions.welcome import tell_of_enrollment
from stepwell.learning.models import Enrollment, Origin


class Result(StrEnum):
    """What became of an address."""

    ENROLLED = "enrolled"
    AGAIN = "again"  # after having left, with the progress of before
    ALREADY = "already"
    INVITED = "invited"  # nobody has an account of it yet; a mail is on its way
    INVITED_BEFORE = "invited_before"  # to this course; no further mail is sent
    WAITING = "waiting"  # enrolled as soon as the course is open
    REPEATED = "repeated"  # it is in the list above, too
    SUSPENDED = "suspended"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An address as it was given, and what became of it."""

    email: str
    result: Result


def enroll_by_email(*, course: Course, emails: Iterable[str], by: User) -> list[Outcome]:
    """Enroll the people with these addresses, and tell of each; the same again changes nothing.

    People without an account are invited by mail, and enrolled when they join. If the course is
    closed, all are enrolled when it opens. Enrolled people get a mail. Each person is enrolled in
    a transaction of their own, so that no other request waits for a whole class.
    """
    wanted = [(email.strip(), normalize_address(email)) for email in emails if email.strip()]
    people = find_people_by_email(address for _email, address in wanted)
    is_open = Course.objects.published().filter(pk=course.pk).exists()
    outcomes, seen = [], set[object]()
    for email, address in wanted:
        person = people.get(address)
        same = person or address  # two addresses may be one person's
        result = Result.REPEATED if same in seen else _enroll(course, address, person, by, is_open)
        seen.add(same)
        outcomes.append(Outcome(email, result))
    return outcomes


def remove_learner(*, course: Course, user: User) -> Enrollment | None:
    """End somebody's membership and keep every completion; a second call changes nothing.

    Sends `learner_unenrolled`.
    """
    return unenroll_from_course(user=user, course=course, origin=Origin.STUDIO)


def _enroll(course: Course, email: str, person: User | None, by: User, is_open: bool) -> Result:
    if person is None:
        return _invite(course, email, by)
    if not person.is_active:
        return Result.SUSPENDED
    known = Enrollment.objects.filter(user=person, course=course).first()
    if known is not None and known.is_active:
        return Result.ALREADY
    if not is_open:
        keep_person(course=course, person=person, by=by)
        return Result.WAITING
    with transaction.atomic():
        tell_of_enrollment(enroll_in_course(user=person, course=course, origin=Origin.STUDIO))
    return Result.ENROLLED if known is None else Result.AGAIN


def _invite(course: Course, email: str, by: User) -> Result:
    try:
        address = clean_email(email)
    except BadEmail:
        return Result.BAD
    is_new = keep_address(course=course, email=address, by=by)
    # Somebody who made their account at this very moment has not found what was kept for them.
    person = find_people_by_email([address]).get(address)
    if person is not None:
        enroll_pending(user=person, email=address)
    return Result.INVITED if is_new else Result.INVITED_BEFORE
