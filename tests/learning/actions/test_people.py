"""Enrolling a class by email."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from stepwell.accounts.actions import create_user
from stepwell.accounts.invitations import (
    invite_person,
    is_invited,
    send_invitation,
    withdraw_invitation,
)
from stepwell.accounts.models import Invitation, User
from stepwell.courses.actions import publish_course, unpublish_course
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    Result,
    complete_lesson,
    enroll_by_email,
    enroll_pending,
    forget_pending_enrollment,
    remove_learner,
    unenroll_from_course,
)
from stepwell.learning.actions.welcome import send_welcome
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress, PendingEnrollment
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

Capture = Callable[..., Any]


@pytest.fixture
def course() -> Course:
    return make_course([2])


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def results(course: Course, by: User, *emails: str) -> list[Result]:
    return [each.result for each in enroll_by_email(course=course, emails=emails, by=by)]


def test_each_address_gets_what_it_needs(course: Course, ines: User) -> None:
    new, inside, former, suspended = (make_user(name) for name in ("New", "In", "Out", "Sus"))
    enroll(course, inside)
    enroll(course, former)
    unenroll_from_course(user=former, course=course)
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    emails = [person.email for person in (new, inside, former, suspended)]

    found = results(course, ines, *emails, "stranger@example.org", "nobody", "")

    assert found == [
        *(Result.ENROLLED, Result.ALREADY, Result.AGAIN, Result.SUSPENDED),
        *(Result.INVITED, Result.BAD),
    ]
    assert Enrollment.objects.active().filter(course=course).count() == 3
    event = LearningEvent.objects.filter(user=new).get()
    assert event.origin == LearningEvent.Origin.STUDIO


def test_same_list_again_changes_nothing(course: Course, ines: User) -> None:
    person = make_user()
    emails = [person.email, person.email.upper(), "stranger@example.org"]
    results(course, ines, *emails)
    count = LearningEvent.objects.count()

    assert results(course, ines, *emails) == [Result.ALREADY, Result.REPEATED, Result.INVITED]

    assert LearningEvent.objects.count() == count
    assert PendingEnrollment.objects.count() == Invitation.objects.count() == 1


def test_who_joins_is_enrolled_once(
    course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    results(course, ines, "Nia@Example.org")

    with django_capture_on_commit_callbacks(execute=True):
        nia = create_user(email="nia@example.org", name="Nia", password=None)

    assert Enrollment.objects.get(user=nia).course == course
    assert PendingEnrollment.objects.count() == 0
    assert Invitation.objects.get().accepted_at is not None
    assert enroll_pending(user=nia) == 0


def test_class_of_a_draft_comes_in_when_it_opens(
    course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    person = make_user()
    unpublish_course(course=course)
    assert results(course, ines, person.email) == [Result.WAITING]
    assert Enrollment.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        publish_course(course=course)

    assert Enrollment.objects.get().user == person


def test_forgotten_ones_are_not_enrolled(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    pending = PendingEnrollment.objects.get()

    forget_pending_enrollment(pending=pending)
    forget_pending_enrollment(pending=pending)

    assert PendingEnrollment.objects.count() == 0


def test_removed_learner_keeps_what_they_did(course: Course) -> None:
    learner = enroll(course).user
    complete_lesson(user=learner, lesson=lessons_of(course)[0])
    facts = list(LessonProgress.objects.values())

    remove_learner(course=course, user=learner)
    remove_learner(course=course, user=learner)

    assert not Enrollment.objects.get().is_active
    assert list(LessonProgress.objects.values()) == facts
    events = LearningEvent.objects.filter(kind="unenrolled")
    assert [event.origin for event in events] == ["studio"]


def test_invitation_goes_out_once_and_names_who_asks(
    ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        invitation, is_new = invite_person(email="nia@example.org", invited_by=ines, about="Tea")
        again = invite_person(email="NIA@example.org", invited_by=ines)
    assert (is_new, again) == (True, (invitation, False))
    assert len(callbacks) == 1

    send_invitation(invitation.pk)

    [sent] = mail.outbox
    assert sent.to == ["nia@example.org"]
    assert "Ines invites you to “Tea”" in sent.body
    invitation.refresh_from_db()
    assert invitation.sent_at
    assert "/accounts/signup/?email=nia%40example.org" in sent.body
    assert is_invited("Nia@example.org")
    withdraw_invitation(invitation=invitation)
    send_invitation(invitation.pk)
    assert len(mail.outbox) == 1


def test_lists_that_come_at_once_enroll_each_person_once(
    transactional_db: None, run_in_threads: Callable[..., list[Any]]
) -> None:
    course, ines = make_course([1]), make_instructor()
    people = [make_user() for _each in range(5)]
    emails = [*(person.email for person in people), "stranger@example.org"]

    found = run_in_threads(*[partial(enroll_by_email, course=course, emails=emails, by=ines)] * 6)

    assert not [each for each in found if isinstance(each, Exception)]
    assert LearningEvent.objects.filter(kind="enrolled").count() == len(people)
    assert PendingEnrollment.objects.count() == Invitation.objects.count() == 1


def test_joining_and_opening_at_once_enrolls_once(
    transactional_db: None, run_in_threads: Callable[..., list[Any]]
) -> None:
    course, ines = make_course([1]), make_instructor()
    unpublish_course(course=course)
    person = make_user()
    enroll_by_email(course=course, emails=[person.email], by=ines)

    run_in_threads(
        partial(publish_course, course=course),
        *[partial(enroll_pending, course=course)] * 4,
        *[partial(enroll_pending, user=person)] * 4,
    )

    assert LearningEvent.objects.filter(kind="enrolled").count() == 1


def test_who_is_enrolled_by_somebody_is_told(
    course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    person = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        results(course, ines, person.email)
        results(course, ines, person.email)
    assert DBTaskResult.objects.count() == 1
    enrollment = Enrollment.objects.get()

    send_welcome(enrollment.pk)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], f"You are enrolled in {course}")
    assert course.get_absolute_url() in sent.body
    remove_learner(course=course, user=person)
    send_welcome(enrollment.pk)
    assert len(mail.outbox) == 1
