"""The school that the generator makes."""

import pytest
from django.db.models import Count, Max, Min

from benchmarks.generate import fill
from stepwell.accounts.models import Role, User
from stepwell.courses.models import Course, Lesson, Status
from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress
from stepwell.learning.verification import find_differences
from tests.benchmarks.conftest import SMALL

pytestmark = pytest.mark.django_db


def test_school_agrees_with_its_record() -> None:
    fill(SMALL)

    assert list(find_differences()) == []
    facts = Enrollment.objects.count() + LessonProgress.objects.count()
    assert LearningEvent.objects.count() == facts


def test_school_has_its_shape() -> None:
    fill(SMALL)

    sizes = Course.objects.annotate(n=Count("lessons")).aggregate(Min("n"), Max("n"))
    assert sizes == {"n__min": 40, "n__max": 40}
    assert Course.objects.filter(status=Status.PUBLISHED).count() == 6
    assert Lesson.objects.filter(status=Status.DRAFT).count() == 6 * 4
    learners = User.objects.filter(role=Role.LEARNER).annotate(n=Count("enrollments"))
    assert list(learners.values_list("n", flat=True)) == [3] * 8


def test_school_leaves_every_course_unfinished_and_begun() -> None:
    fill(SMALL)

    drafts = LessonProgress.objects.filter(lesson__status=Status.DRAFT)
    assert not drafts.exists()
    rows = LessonProgress.objects.values("user", "lesson__course").annotate(n=Count("pk"))
    done = [row["n"] for row in rows]
    assert len(done) == Enrollment.objects.count()
    assert 1 <= min(done) <= max(done) <= 21
    assert abs(sum(done) / len(done) - SMALL.completed) < 4
