"""What is said before a change of the outline is what happens by it."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.accounts.models import User
from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson, unenroll_from_course
from stepwell.learning.models import Enrollment, Origin
from stepwell.learning.queries import Impact, get_lesson_impact, get_module_impact
from tests.factories import enroll, lessons_of, make_course

pytestmark = pytest.mark.django_db

# A learner: the lessons that they completed, whether they are suspended, whether they left.
learners = st.tuples(st.sets(st.integers(0, 2)), st.booleans(), st.booleans())
CHANGES: dict[str, tuple[Callable[[Lesson], Impact], Callable[[Lesson], object]]] = {
    "hide": (get_lesson_impact, lambda lesson: unpublish_lesson(lesson=lesson)),
    "archive": (get_lesson_impact, lambda lesson: archive_lesson(lesson=lesson)),
    "archive module": (
        lambda lesson: get_module_impact(lesson.module),
        lambda lesson: archive_module(module=lesson.module),
    ),
}


def finished() -> set[int]:
    return set(Enrollment.objects.exclude(finished_at=None).values_list("pk", flat=True))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    people=st.lists(learners, min_size=1, max_size=4),
    change=st.sampled_from(list(CHANGES)),
    place=st.integers(0, 2),
    drafts=st.sets(st.integers(0, 2), max_size=1),
    is_open=st.sampled_from([True, True, True, False]),
)
def test_finishes_that_are_predicted_are_those_that_come(
    people: list[tuple[set[int], bool, bool]],
    change: str,
    place: int,
    drafts: set[int],
    is_open: bool,
) -> None:
    predict, make = CHANGES[change]
    with transaction.atomic():
        course = make_course([2, 1])
        with TestCase.captureOnCommitCallbacks(execute=True):
            prepare(course, people, drafts, is_open=is_open)
        before = finished()
        lesson = lessons_of(course)[place]
        impact = predict(lesson)
        with TestCase.captureOnCommitCallbacks(execute=True):
            make(lesson)
        come = Enrollment.objects.filter(pk__in=finished() - before)
        suspended = come.filter(user__is_active=False)
        assert (impact.finishing, impact.suspended) == (come.count(), suspended.count())
        transaction.set_rollback(True)


def prepare(
    course: Course, people: list[tuple[set[int], bool, bool]], drafts: set[int], *, is_open: bool
) -> None:
    lessons = lessons_of(course)
    for completed, is_suspended, has_left in people:
        user = enroll(course).user
        for place in sorted(completed):
            complete_lesson(user=user, lesson=lessons[place], origin=Origin.WEB)
        if has_left:
            unenroll_from_course(user=user, course=course, origin=Origin.WEB)
        if is_suspended:
            User.objects.filter(pk=user.pk).update(is_active=False)
    for place in sorted(drafts):
        unpublish_lesson(lesson=lessons[place])
    if not is_open:
        unpublish_course(course=course)
