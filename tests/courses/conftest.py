"""What changes of an outline are watched with."""

from collections.abc import Callable

import pytest

from stepwell.courses.models import Course

Version = Callable[[Course], int]


@pytest.fixture
def version() -> Version:
    """Return a function that reads a course's outline version from the database."""
    return lambda course: Course.objects.values_list("outline_version", flat=True).get(pk=course.pk)
