"""The way in for those who teach."""

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.actions import set_instructors, unpublish_lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.queries import Learners, Progress
from stepwell.learning.teaching import open_class
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db


def test_figures_hold_when_the_class_is_open() -> None:
    course, teacher = make_course([3]), make_instructor()
    set_instructors(course=course, instructors=[teacher])
    first, second, _third = lessons_of(course)
    enrollment = enroll(course)

    def seen() -> Progress:
        return Learners(open_class(teacher, course.slug))[0:1][0].progress

    assert seen() == Progress(0, 3)
    complete_lesson(user=enrollment.user, lesson=first)
    assert seen() == Progress(1, 3)
    unpublish_lesson(lesson=second)
    assert seen() == Progress(1, 2)


def test_class_is_closed_to_those_who_do_not_teach_it() -> None:
    course = make_course([1])
    for person in (make_user(), make_instructor()):
        with pytest.raises(Http404):
            open_class(person, course.slug)


def test_open_class_counts_nothing_that_holds(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    course, teacher = make_course([1]), make_instructor()
    set_instructors(course=course, instructors=[teacher])
    enroll(course)
    open_class(teacher, course.slug)

    with django_assert_num_queries(3):  # the course, its version, and who must be counted
        open_class(teacher, course.slug)
