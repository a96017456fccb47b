"""Gates to courses."""

from collections.abc import Callable

import pytest
from django.http import Http404

from stepwell.accounts.models import Role
from stepwell.courses.access import (
    can_teach,
    get_any_course,
    get_published_course,
    get_taught_course,
)
from stepwell.courses.actions import archive_course, set_instructors, unpublish_course
from stepwell.courses.errors import UnknownCourse
from stepwell.courses.models import Course
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db


def test_published_course_is_found_by_its_address() -> None:
    course = make_course([])
    make_course([])

    assert get_published_course(course.slug) == course


@pytest.mark.parametrize("close", [unpublish_course, archive_course])
def test_closed_and_archived_courses_are_absent(close: Callable[..., Course]) -> None:
    course = make_course([])
    close(course=course)

    with pytest.raises(Http404):
        get_published_course(course.slug)


def test_unknown_address_and_key_are_absent() -> None:
    for address in ("nothing", make_course([]).key):
        with pytest.raises(Http404):
            get_published_course(address)


def test_any_course_is_found_by_address_or_key_drafts_too() -> None:
    course = make_course([], is_published=False)

    assert get_any_course(course.slug) == course
    assert get_any_course(course.key) == course


def test_any_course_says_what_it_does_not_know() -> None:
    with pytest.raises(UnknownCourse, match="There is no course “nothing”"):
        get_any_course("nothing")


def test_any_course_is_not_an_archived_one() -> None:
    course = archive_course(course=make_course([]))

    for name in (course.slug, course.key):
        with pytest.raises(UnknownCourse):
            get_any_course(name)


def test_courses_are_taught_by_their_instructors_and_owners() -> None:
    course, other = make_course([]), make_course([])
    teacher, colleague = (make_user(role=Role.INSTRUCTOR) for _person in range(2))
    set_instructors(course=course, instructors=[teacher])
    set_instructors(course=other, instructors=[colleague])

    assert can_teach(teacher, course)
    assert can_teach(make_user(role=Role.OWNER), course)
    assert not can_teach(colleague, course)
    assert not can_teach(make_user(), course)


def test_taught_course_is_found_in_any_state_but_archived() -> None:
    teacher, owner = make_user(role=Role.INSTRUCTOR), make_user(role=Role.OWNER)
    draft = make_course([], is_published=False)
    set_instructors(course=draft, instructors=[teacher])
    for person in (teacher, owner):
        assert get_taught_course(person, draft.slug) == draft
    for person in (make_user(), make_user(role=Role.INSTRUCTOR)):
        with pytest.raises(Http404):
            get_taught_course(person, draft.slug)
    archive_course(course=draft)
    for person in (teacher, owner):
        with pytest.raises(Http404):
            get_taught_course(person, draft.slug)


def test_course_is_no_longer_taught_by_who_became_a_learner() -> None:
    course, teacher = make_course([]), make_user(role=Role.INSTRUCTOR)
    set_instructors(course=course, instructors=[teacher])
    teacher.role = Role.LEARNER

    assert not can_teach(teacher, course)
    with pytest.raises(Http404):
        get_taught_course(teacher, course.slug)
