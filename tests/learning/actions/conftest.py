"""A course whose instructor enrolls people by their addresses."""

import pytest

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning.actions import Result, enroll_by_email
from tests.factories import make_course, make_instructor


@pytest.fixture
def course() -> Course:
    return make_course([2])


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def results(course: Course, by: User, *emails: str) -> list[Result]:
    return [each.result for each in enroll_by_email(course=course, emails=emails, by=by)]
