"""A made-up school that is small enough for a test."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from benchmarks.generate import fill
from benchmarks.pages import School
from benchmarks.shapes import Shape
from benchmarks.visits import settle_points, signed_in

SMALL = Shape(
    courses=6, learners=8, enrollments_per_learner=3, completed=11, modules=5, lessons_per_module=8
)


@pytest.fixture
def small_school(db: None) -> Iterator[School]:
    """Return the school with all of its learners signed in."""
    fill(SMALL)
    with signed_in(SMALL.learners, settings.SESSION_ENGINE, has_tokens=True) as learners:
        settle_points(learners)
        yield School(learners)
