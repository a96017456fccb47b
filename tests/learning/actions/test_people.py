"""Enrolling a class by email."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from allauth.account.internal.flows.email_verification import verify_email
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from stepwell.accounts.actions import create_user
from stepwell.accounts.errors import EmailTaken
from stepwell.accounts.invitations import (
    invite_person,
)
from stepwell.accounts.models import Invitation, User
from stepwell.accounts.people import readmit_person, suspend_person
from stepwell.accounts.sessions import SessionStore
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
from stepwell.learning.models import (
    Enrollment,
    LearningEvent,
    LessonProgress,
    Origin,
    PendingEnrollment,
)
from stepwell.learning.queries import get_pending_enrollments
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user
from tests.learning.actions.conftest import results

pytestmark = pytest.mark.django_db

Capture = Callable[..., Any]


def test_each_address_gets_what_it_needs(course: Course, ines: User) -> None:
    new, inside, former, suspended = (make_user(name) for name in ("New", "In", "Out", "Sus"))
    enroll(course, inside)
    enroll(course, former)
    unenroll_from_course(user=former, course=course, origin=Origin.WEB)
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    emails = [person.email for person in (new, inside, former, suspended)]

    found = results(course, ines, *emails, "stranger@example.org", "nobody", "")

    assert found == [
        *(Result.ENROLLED, Result.ALREADY, Result.AGAIN, Result.SUSPENDED),
        *(Result.INVITED, Result.BAD),
    ]
    assert Enrollment.objects.active().filter(course=course).count() == 3
    event = LearningEvent.objects.filter(user=new).get()
    assert event.origin == Origin.STUDIO


def test_same_list_again_changes_nothing(course: Course, ines: User) -> None:
    person = make_user()
    emails = [person.email, person.email.upper(), "stranger@example.org"]
    results(course, ines, *emails)
    count = LearningEvent.objects.count()

    found = results(course, ines, *emails)

    assert found == [Result.ALREADY, Result.REPEATED, Result.INVITED_BEFORE]

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


@pytest.fixture
def confirming(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    MessageMiddleware(HttpResponse).process_request(request)
    return request


@pytest.mark.parametrize("is_case_changed", [False, True])
def test_class_of_a_draft_comes_in_after_changes_of_address(
    course: Course,
    ines: User,
    confirming: HttpRequest,
    is_case_changed: bool,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    person = make_user()
    unpublish_course(course=course)
    email = person.email.upper() if is_case_changed else person.email
    assert results(course, ines, email) == [Result.WAITING]

    with request_context(confirming):
        verify_email(confirming, EmailAddress(user=person, email="moved@example.org"))
    person.refresh_from_db()
    assert person.email == "moved@example.org"
    assert results(course, ines, "moved@example.org") == [Result.WAITING]
    assert [each.address for each in get_pending_enrollments(course)] == ["moved@example.org"]
    with django_capture_on_commit_callbacks(execute=True):
        publish_course(course=course)

    assert Enrollment.objects.get().user == person
    assert not PendingEnrollment.objects.exists()


def test_address_of_a_draft_becomes_the_person_who_confirms_it(
    course: Course,
    ines: User,
    confirming: HttpRequest,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    person = make_user()
    unpublish_course(course=course)
    assert results(course, ines, "work@example.org") == [Result.INVITED]

    for email in ("work@example.org", "later@example.org"):
        with request_context(confirming):
            verify_email(confirming, EmailAddress(user=person, email=email))
    with django_capture_on_commit_callbacks(execute=True):
        publish_course(course=course)

    assert Enrollment.objects.get().user == person


def test_second_address_is_the_same_person(course: Course, ines: User) -> None:
    person = make_user()
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)

    found = results(course, ines, "Second@example.org", person.email)

    assert found == [Result.ENROLLED, Result.REPEATED]
    assert Enrollment.objects.get().user == person
    with pytest.raises(EmailTaken):
        invite_person(email="second@example.org", invited_by=ines)


def test_course_that_opens_during_a_suspension_is_open_afterwards(
    course: Course, ines: User, django_capture_on_commit_callbacks: Capture
) -> None:
    person = make_user()
    unpublish_course(course=course)
    results(course, ines, person.email)
    suspend_person(user=person)
    with django_capture_on_commit_callbacks(execute=True):
        publish_course(course=course)
    assert not Enrollment.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        readmit_person(user=person)

    assert Enrollment.objects.get().user == person


def test_invitation_of_an_address_that_was_left_is_new(
    ines: User, confirming: HttpRequest, django_capture_on_commit_callbacks: Capture
) -> None:
    invite_person(email="nia@example.org", invited_by=ines)
    with django_capture_on_commit_callbacks(execute=True):
        nia = create_user(email="nia@example.org", name="Nia", password=None)
    with request_context(confirming):
        verify_email(confirming, EmailAddress(user=nia, email="moved@example.org"))

    invitation, is_new = invite_person(email="nia@example.org", invited_by=ines)

    assert (is_new, invitation.accepted_at) == (True, None)


def test_forgotten_ones_are_not_enrolled(course: Course, ines: User) -> None:
    results(course, ines, "nia@example.org")
    pending = PendingEnrollment.objects.get()

    forget_pending_enrollment(pending=pending)
    forget_pending_enrollment(pending=pending)

    assert PendingEnrollment.objects.count() == 0


def test_removed_learner_keeps_what_they_did(course: Course) -> None:
    learner = enroll(course).user
    complete_lesson(user=learner, lesson=lessons_of(course)[0], origin=Origin.WEB)
    facts = list(LessonProgress.objects.values())

    remove_learner(course=course, user=learner)
    remove_learner(course=course, user=learner)

    assert not Enrollment.objects.get().is_active
    assert list(LessonProgress.objects.values()) == facts
    events = LearningEvent.objects.filter(kind="unenrolled")
    assert [event.origin for event in events] == ["studio"]


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


def test_who_is_enrolled_by_somebody_is_told(course: Course, ines: User) -> None:
    person = make_user()
    results(course, ines, person.email)
    results(course, ines, person.email)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([person.email], f"You are enrolled in {course}")
    assert course.get_absolute_url() in sent.body
