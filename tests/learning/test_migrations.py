"""Migrations of data: rows of an earlier version become what this version writes."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from stepwell.core import clock
from stepwell.courses.actions import archive_lesson
from stepwell.courses.models import Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, LearningEvent, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course

finishes = import_module("stepwell.learning.migrations.0005_finishes_by_outline")

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_activity_that_a_change_of_the_outline_moved_is_taken_back() -> None:
    with clock.at(MONDAY):
        enrollment = enroll(make_course([2]))
        complete_lesson(
            user=enrollment.user, lesson=lessons_of(enrollment.course)[0], origin=Origin.WEB
        )
    with clock.at(TUESDAY):
        archive_lesson(lesson=lessons_of(enrollment.course)[1])
    Enrollment.objects.update(last_activity_at=TUESDAY)  # as it was written before

    finishes.take_back_activity(apps, None)

    assert Enrollment.objects.get().last_activity_at == MONDAY
    assert list(find_differences()) == []


@pytest.mark.django_db
def test_learner_who_was_missed_has_finished() -> None:
    missed, unfinished = enroll(make_course([2])), enroll(make_course([2]))
    for enrollment in (missed, unfinished):
        complete_lesson(
            user=enrollment.user, lesson=lessons_of(enrollment.course)[0], origin=Origin.WEB
        )
    hidden = lessons_of(missed.course)[1]
    Lesson.objects.filter(pk=hidden.pk).update(status="draft")  # without the action's receivers

    finishes.finish(apps, None)

    assert Enrollment.objects.exclude(finished_at=None).get() == missed
    assert LearningEvent.objects.filter(kind="finished").count() == 1
    assert list(find_differences()) == []
