"""Joining a course, leaving it, and starting it over."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import archive_course, unpublish_course
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    complete_lesson,
    enroll_in_course,
    reopen_lesson,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.errors import CourseNotOpen, NotEnrolled
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress, Origin
from stepwell.learning.queries import (
    get_completed_lesson_ids,
    get_earlier_attempts,
    get_enrolled_course,
    get_enrollment,
)
from tests.factories import enroll, lessons_of, make_course, make_user
from tests.learning.conftest import Sent

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))


def kinds() -> list[str]:
    return list(LearningEvent.objects.values_list("kind", flat=True))


def next_title(user: User, course: Course) -> str | None:
    found = get_enrolled_course(user, course)
    return found.next_lesson.title if found and found.next_lesson else None


# enroll_in_course


def test_enroll_makes_a_member_from_now_on() -> None:
    user, course = make_user(), make_course()

    with clock.at(MONDAY):
        enrollment = enroll_in_course(user=user, course=course, origin=Origin.WEB)

    assert get_enrollment(user, course) == enrollment
    assert (enrollment.enrolled_at, enrollment.last_activity_at) == (MONDAY, MONDAY)
    assert (enrollment.unenrolled_at, enrollment.finished_at) == (None, None)


def test_enroll_twice_changes_nothing(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course()
    with clock.at(MONDAY):
        enroll_in_course(user=user, course=course, origin=Origin.WEB)

    with clock.at(TUESDAY), django_capture_on_commit_callbacks(execute=True):
        again = enroll_in_course(user=user, course=course, origin=Origin.WEB)

    again.refresh_from_db()
    assert (again.enrolled_at, again.last_activity_at) == (MONDAY, MONDAY)
    assert Enrollment.objects.count() == 1
    assert kinds() == ["enrolled"]
    assert sent == []


def test_enroll_in_a_draft_course_is_refused() -> None:
    user, course = make_user(), make_course(is_published=False)

    with pytest.raises(CourseNotOpen) as refusal:
        enroll_in_course(user=user, course=course, origin=Origin.WEB)

    assert refusal.value.data == {"course": course}
    assert not Enrollment.objects.exists()
    assert kinds() == []


def test_enroll_in_an_archived_course_is_refused() -> None:
    user, course = make_user(), make_course()
    archive_course(course=course)

    with pytest.raises(CourseNotOpen):
        enroll_in_course(user=user, course=course, origin=Origin.WEB)

    assert not Enrollment.objects.exists()


def test_enroll_sends_its_signal_once_after_commit(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course()

    with django_capture_on_commit_callbacks(execute=True):
        enroll_in_course(user=user, course=course, origin="api")
        assert sent == []

    [(name, event)] = sent
    assert name == "learner_enrolled"
    assert (event.user, event.course, event.lesson, event.origin) == (user, course, None, "api")


def test_enroll_takes_so_many_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user, course = make_user(), make_course()

    with django_assert_num_queries(9):  # four of them savepoints' beginnings and ends
        enroll_in_course(user=user, course=course, origin=Origin.WEB)
    with django_assert_num_queries(4):
        enroll_in_course(user=user, course=course, origin=Origin.WEB)


def test_enroll_again_continues_where_the_learner_was() -> None:
    user, course = make_user(), make_course([3])
    first, second, _third = lessons_of(course)
    with clock.at(MONDAY):
        enroll(course, user)
        complete_lesson(user=user, lesson=first, origin=Origin.WEB)
    with clock.at(TUESDAY):
        unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    with clock.at(WEDNESDAY):
        enrollment = enroll_in_course(user=user, course=course, origin=Origin.WEB)

    enrollment.refresh_from_db()
    assert (enrollment.enrolled_at, enrollment.unenrolled_at) == (MONDAY, None)
    assert enrollment.last_activity_at == WEDNESDAY
    assert get_completed_lesson_ids(user, course) == {first.pk}
    assert next_title(user, course) == second.title
    assert kinds() == ["enrolled", "completed", "unenrolled", "enrolled"]


# unenroll_from_course


def test_unenroll_ends_the_membership_and_keeps_every_completion() -> None:
    user, course = make_user(), make_course([1])
    [lesson] = lessons_of(course)
    with clock.at(MONDAY):
        enroll(course, user)
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)

    with clock.at(TUESDAY):
        enrollment = unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    assert enrollment is not None
    enrollment.refresh_from_db()
    assert (enrollment.unenrolled_at, enrollment.last_activity_at) == (TUESDAY, TUESDAY)
    assert enrollment.finished_at == MONDAY
    assert get_enrollment(user, course) is None
    assert LessonProgress.objects.get().completed_at == MONDAY


def test_unenroll_twice_changes_nothing(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course()
    enroll(course, user)
    with clock.at(TUESDAY):
        unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    with clock.at(WEDNESDAY), django_capture_on_commit_callbacks(execute=True):
        enrollment = unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    assert enrollment is not None
    enrollment.refresh_from_db()
    assert enrollment.unenrolled_at == TUESDAY
    assert kinds() == ["enrolled", "unenrolled"]
    assert sent == []


def test_unenroll_of_somebody_who_never_enrolled_does_nothing() -> None:
    course = make_course()
    enroll(course)

    assert unenroll_from_course(user=make_user(), course=course, origin=Origin.WEB) is None
    assert kinds() == ["enrolled"]


def test_unenroll_from_a_closed_course_is_possible() -> None:
    user, course = make_user(), make_course()
    enroll(course, user)
    unpublish_course(course=course)

    unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    assert get_enrollment(user, course) is None


def test_unenroll_sends_its_signal_once_after_commit(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course()
    enroll(course, user)

    with django_capture_on_commit_callbacks(execute=True):
        unenroll_from_course(user=user, course=course, origin=Origin.WEB)
        assert sent == []

    [(name, event)] = sent
    assert (name, event.user, event.course) == ("learner_unenrolled", user, course)


def test_unenroll_takes_so_many_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user, course = make_user(), make_course()
    enroll(course, user)

    with django_assert_num_queries(5):
        unenroll_from_course(user=user, course=course, origin=Origin.WEB)
    with django_assert_num_queries(3):
        unenroll_from_course(user=user, course=course, origin=Origin.WEB)


# start_course_over


def test_start_over_opens_every_lesson_and_keeps_the_earlier_attempt_readable() -> None:
    user, course = make_user(), make_course([3])
    first, second, third = lessons_of(course)
    with clock.at(MONDAY):
        enroll(course, user)
        for lesson in (first, second, third):
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    with clock.at(TUESDAY):
        reopen_lesson(user=user, lesson=second, origin=Origin.WEB)

    with clock.at(WEDNESDAY):
        enrollment = start_course_over(user=user, course=course, origin=Origin.WEB)

    assert get_completed_lesson_ids(user, course) == set()
    assert next_title(user, course) == first.title
    [attempt] = get_earlier_attempts(user, course)
    assert (attempt.started_at, attempt.ended_at) == (MONDAY, WEDNESDAY)
    assert attempt.completed == ((first, MONDAY), (third, MONDAY))
    enrollment.refresh_from_db()
    assert enrollment.finished_at == MONDAY
    assert enrollment.last_activity_at == WEDNESDAY


def test_start_over_keeps_first_dates_when_lessons_are_completed_anew() -> None:
    user, course = make_user(), make_course([1])
    [lesson] = lessons_of(course)
    with clock.at(MONDAY):
        enroll(course, user)
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    with clock.at(TUESDAY):
        start_course_over(user=user, course=course, origin=Origin.WEB)

    with clock.at(WEDNESDAY):
        progress = complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)

    progress.refresh_from_db()
    assert (progress.first_completed_at, progress.completed_at) == (MONDAY, WEDNESDAY)
    assert kinds().count("finished") == 1


def test_start_over_again_begins_a_further_attempt() -> None:
    user, course = make_user(), make_course([2])
    first, second = lessons_of(course)
    for day, lesson in ((MONDAY, first), (TUESDAY, second)):
        with clock.at(day):
            enroll(course, user)
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
            start_course_over(user=user, course=course, origin=Origin.WEB)

    attempts = get_earlier_attempts(user, course)

    assert [attempt.completed for attempt in attempts] == [((first, MONDAY),), ((second, TUESDAY),)]
    assert [attempt.started_at for attempt in attempts] == [MONDAY, MONDAY]


def test_start_over_twice_changes_nothing(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course([1])
    enroll(course, user)
    complete_lesson(user=user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    with clock.at(THURSDAY):
        start_course_over(user=user, course=course, origin=Origin.WEB)

    with django_capture_on_commit_callbacks(execute=True):
        enrollment = start_course_over(user=user, course=course, origin=Origin.WEB)

    enrollment.refresh_from_db()
    assert enrollment.last_activity_at == THURSDAY
    assert kinds().count("started_over") == 1
    assert sent == []


def test_start_over_leaves_other_courses_and_learners_alone() -> None:
    user, other, course, elsewhere = make_user(), make_user(), make_course([1]), make_course([1])
    for learner, place in ((user, course), (user, elsewhere), (other, course)):
        enroll(place, learner)
        complete_lesson(user=learner, lesson=lessons_of(place)[0], origin=Origin.WEB)

    start_course_over(user=user, course=course, origin=Origin.WEB)

    assert get_completed_lesson_ids(user, course) == set()
    assert len(get_completed_lesson_ids(user, elsewhere)) == 1
    assert len(get_completed_lesson_ids(other, course)) == 1
    assert get_earlier_attempts(other, course) == get_earlier_attempts(user, elsewhere) == []


def test_start_over_without_enrollment_is_refused() -> None:
    user, course = make_user(), make_course([1])
    enroll(course, user)
    complete_lesson(user=user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    unenroll_from_course(user=user, course=course, origin=Origin.WEB)

    with pytest.raises(NotEnrolled):
        start_course_over(user=user, course=course, origin=Origin.WEB)

    assert get_completed_lesson_ids(user, course) != set()


def test_start_over_in_a_closed_course_is_refused() -> None:
    user, course = make_user(), make_course([1])
    enroll(course, user)
    complete_lesson(user=user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    unpublish_course(course=course)

    with pytest.raises(CourseNotOpen):
        start_course_over(user=user, course=course, origin=Origin.WEB)

    assert get_completed_lesson_ids(user, course) != set()


def test_start_over_sends_its_signal_once_after_commit(
    sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user, course = make_user(), make_course([2])
    enroll(course, user)
    for lesson in lessons_of(course):
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)

    with django_capture_on_commit_callbacks(execute=True):
        start_course_over(user=user, course=course, origin=Origin.WEB)
        assert sent == []

    [(name, event)] = sent
    assert (name, event.user, event.course) == ("course_started_over", user, course)


@pytest.mark.parametrize("size", [1, 3])
def test_start_over_takes_as_many_queries_for_every_size(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user, course = make_user(), make_course([size])
    enroll(course, user)
    for lesson in lessons_of(course):
        complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)

    with django_assert_num_queries(7):
        start_course_over(user=user, course=course, origin=Origin.WEB)
