"""What the database itself refuses, and the record that only grows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from stepwell.core import clock
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import (
    Enrollment,
    LearningEvent,
    LessonProgress,
    Origin,
    RecordIsAppendOnlyError,
)
from tests.factories import enroll, lessons_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment() -> Enrollment:
    """Return the enrollment of a learner who completed the first of two lessons."""
    enrollment = enroll(make_course([2]))
    complete_lesson(
        user=enrollment.user, lesson=lessons_of(enrollment.course)[0], origin=Origin.WEB
    )
    return enrollment


def test_second_enrollment_in_a_course_is_refused(enrollment: Enrollment) -> None:
    enrollment.pk = None
    with pytest.raises(IntegrityError):
        enrollment.save(force_insert=True)


def test_second_completion_of_a_lesson_is_refused(enrollment: Enrollment) -> None:
    progress = LessonProgress.objects.get()
    progress.pk = None
    with pytest.raises(IntegrityError):
        progress.save(force_insert=True)


def test_completion_before_the_first_one_is_refused(enrollment: Enrollment) -> None:
    progress = LessonProgress.objects.get()
    with pytest.raises(IntegrityError):
        LessonProgress.objects.update(
            completed_at=progress.first_completed_at - timedelta(seconds=1)
        )


@pytest.mark.parametrize(("kind", "has_lesson"), [("completed", False), ("enrolled", True)])
def test_event_with_or_without_lesson_against_its_kind_is_refused(
    enrollment: Enrollment, kind: str, has_lesson: bool
) -> None:
    with pytest.raises(IntegrityError):
        LearningEvent.objects.create(
            user=enrollment.user,
            course=enrollment.course,
            lesson=lessons_of(enrollment.course)[0] if has_lesson else None,
            kind=kind,
            origin="web",
            at=clock.now(),
        )


def test_record_refuses_changes(enrollment: Enrollment) -> None:
    event = LearningEvent.objects.latest("pk")
    event.origin = "cli"
    with pytest.raises(RecordIsAppendOnlyError):
        event.save()
    with pytest.raises(RecordIsAppendOnlyError):
        LearningEvent.objects.update(origin="cli")

    assert set(LearningEvent.objects.values_list("origin", flat=True)) == {"web"}


def test_record_refuses_changes_in_bulk(enrollment: Enrollment) -> None:
    with pytest.raises(RecordIsAppendOnlyError):
        LearningEvent.objects.bulk_update(LearningEvent.objects.all(), ["origin"])


def test_record_refuses_a_new_line_in_the_place_of_an_old_one(enrollment: Enrollment) -> None:
    event = LearningEvent.objects.latest("pk")
    forged = LearningEvent(
        pk=event.pk,
        user=event.user,
        course=event.course,
        lesson=event.lesson,
        kind=LearningEvent.Kind.REOPENED,
        origin=event.origin,
        at=event.at,
    )
    with pytest.raises(IntegrityError):
        forged.save()


def test_record_refuses_deletion(enrollment: Enrollment) -> None:
    with pytest.raises(RecordIsAppendOnlyError):
        LearningEvent.objects.latest("pk").delete()
    with pytest.raises(RecordIsAppendOnlyError):
        LearningEvent.objects.all().delete()

    assert LearningEvent.objects.count() == 2
