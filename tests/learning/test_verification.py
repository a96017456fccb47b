"""The proof finds whatever was changed behind the record's back, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from stepwell.core import clock
from stepwell.courses.actions import unpublish_course
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    complete_lesson,
    count_progress,
    reopen_lesson,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
NEVER = "never"


def sentences() -> list[str]:
    return [str(difference) for difference in find_differences()]


@pytest.fixture
def enrollment() -> Enrollment:
    """Return the enrollment of a learner who finished a course of two lessons on Monday."""
    enrollment = enroll(make_course([1]))  # somebody else, first in the record
    with clock.at(MONDAY):
        enrollment = enroll(make_course([2]))
        for lesson in lessons_of(enrollment.course):
            complete_lesson(user=enrollment.user, lesson=lesson, origin=Origin.WEB)
    return enrollment


def test_event_of_another_course_is_reported(enrollment: Enrollment) -> None:
    event = LearningEvent.objects.filter(user=enrollment.user, kind="completed").latest("pk")
    other = make_course([1])
    QuerySet(LearningEvent).filter(pk=event.pk).update(course=other)

    assert (
        f"event {event.pk} about lesson {event.lesson_id} of learner {event.user_id}: "
        f"the record says course {other.pk}, the table says course {event.course_id}"
    ) in sentences()


def test_empty_site_has_no_differences() -> None:
    assert sentences() == []


def test_true_site_has_no_differences_whatever_happened() -> None:
    course, elsewhere = make_course([2, 1]), make_course([1])
    first, second, third = lessons_of(course)
    for user in (make_user(), make_user()):
        for _round in range(2):
            enroll(course, user)
            enroll(elsewhere, user)
            for lesson in (first, second, third, *lessons_of(elsewhere)):
                complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
            reopen_lesson(user=user, lesson=second, origin=Origin.WEB)
            start_course_over(user=user, course=course, origin=Origin.WEB)
            complete_lesson(user=user, lesson=third, origin=Origin.WEB)
            unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    assert sentences() == []


def enrollments(enrollment: Enrollment) -> str:
    return f"enrollment in course {enrollment.course_id} of learner {enrollment.user_id}: "


def completions(enrollment: Enrollment, place: int = 0) -> str:
    lesson = lessons_of(enrollment.course)[place]
    return f"completion of lesson {lesson.pk} of learner {enrollment.user_id}: "


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("enrolled_at", MONDAY - timedelta(days=1)),
        ("unenrolled_at", MONDAY),
        ("finished_at", None),
        ("finished_at", MONDAY + timedelta(seconds=1)),
        ("last_activity_at", MONDAY + timedelta(days=1)),
    ],
)
def test_changed_enrollment_is_reported(
    enrollment: Enrollment, field: str, value: datetime | None
) -> None:
    true = getattr(Enrollment.objects.get(pk=enrollment.pk), field)
    Enrollment.objects.filter(pk=enrollment.pk).update(**{field: value})

    sentence, *_missing_finish = sentences()

    assert sentence.startswith(enrollments(enrollment))
    recorded, stored = sentence.split("the table says")
    assert f"{field} {true or NEVER}" in recorded
    assert f"{field} {value or NEVER}" in stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_completed_at", MONDAY - timedelta(days=1)),
        ("completed_at", MONDAY + timedelta(days=1)),
        ("completed_at", None),
    ],
)
def test_changed_completion_is_reported(
    enrollment: Enrollment, field: str, value: datetime | None
) -> None:
    lesson = lessons_of(enrollment.course)[1]
    LessonProgress.objects.filter(lesson=lesson).update(**{field: value})

    [sentence] = sentences()

    assert sentence.startswith(completions(enrollment, 1))
    recorded, stored = sentence.split("the table says")
    assert f"{field} {MONDAY}" in recorded
    assert f"{field} {value or NEVER}" in stored


def test_missing_enrollment_is_reported(enrollment: Enrollment) -> None:
    Enrollment.objects.filter(pk=enrollment.pk).delete()

    [sentence] = sentences()

    assert sentence.startswith(enrollments(enrollment))
    assert sentence.endswith("the table says nothing")


def test_missing_completion_is_reported(enrollment: Enrollment) -> None:
    LessonProgress.objects.filter(lesson=lessons_of(enrollment.course)[0]).delete()

    [sentence] = sentences()

    assert sentence.startswith(completions(enrollment))
    assert sentence.endswith("the table says nothing")


def test_rows_of_somebody_without_any_record_are_reported(enrollment: Enrollment) -> None:
    stranger = make_user()
    Enrollment.objects.create(
        user=stranger, course=enrollment.course, enrolled_at=MONDAY, last_activity_at=MONDAY
    )
    LessonProgress.objects.create(
        user=stranger,
        lesson=lessons_of(enrollment.course)[0],
        first_completed_at=MONDAY,
        completed_at=MONDAY,
    )

    assert sentences() == [
        f"enrollment in course {enrollment.course_id} of learner {stranger.pk}: "
        "the record says nothing, the table says a row",
        f"completion of lesson {lessons_of(enrollment.course)[0].pk} of learner {stranger.pk}: "
        "the record says nothing, the table says a row",
    ]


def test_kept_figures_that_are_wrong_are_reported(enrollment: Enrollment) -> None:
    count_progress(course=enrollment.course)
    assert sentences() == []

    Enrollment.objects.filter(pk=enrollment.pk).update(completed_count=1)

    assert sentences() == [
        f"kept figures of course {enrollment.course_id} of learner {enrollment.user_id}: "
        "the record says 2 completed, next lesson none, "
        "the table says 1 completed, next lesson none"
    ]
    Enrollment.objects.filter(pk=enrollment.pk).update(counted_version=None)
    assert sentences() == []


def test_every_learner_is_compared(enrollment: Enrollment) -> None:
    LessonProgress.objects.all().delete()
    Enrollment.objects.all().delete()

    assert len(sentences()) == 4  # two learners' enrollments, two completions


def test_progress_is_told_in_events_read(enrollment: Enrollment) -> None:
    told: list[int] = []

    list(find_differences(told.append))

    assert told == [1, LearningEvent.objects.count()]


@pytest.mark.parametrize("learners", [1, 3])
def test_verification_takes_seven_queries_for_any_number_of_learners(
    learners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([1])
    for _learner in range(learners):
        enroll(course)

    with django_assert_num_queries(7):
        assert sentences() == []


def test_complete_course_without_a_finish_is_reported(enrollment: Enrollment) -> None:
    LearningEvent.objects.filter(kind="finished")._raw_delete("default")
    Enrollment.objects.filter(pk=enrollment.pk).update(finished_at=None)

    assert sentences() == [
        f"{enrollments(enrollment)}the record says all is completed, the table says not finished"
    ]
    unpublish_course(course=enrollment.course)
    assert sentences() == []


def test_outline_version_that_was_set_back_is_reported(enrollment: Enrollment) -> None:
    count_progress(course=enrollment.course)
    kept = Enrollment.objects.get(pk=enrollment.pk).counted_version
    Course.objects.filter(pk=enrollment.course_id).update(outline_version=7)

    assert sentences() == [
        f"kept figures of course {enrollment.course_id} of learner {enrollment.user_id}: "
        f"the record says outline version 7, the table says outline version {kept}"
    ]
