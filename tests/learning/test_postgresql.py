"""What only PostgreSQL lets happen: two transactions that write at the same time."""

from collections.abc import Callable
from threading import Event
from typing import Any

from django.db import transaction

from stepwell.courses.actions import archive_lesson
from stepwell.courses.models import Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, Origin
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course


def test_completion_under_way_while_the_last_open_lesson_is_hidden_finishes(
    transactional_db: None, run_in_threads: Callable[..., list[Any]]
) -> None:
    course = make_course([2])
    learner = enroll(course).user
    lesson, last = lessons_of(course)
    completed = Event()

    def complete() -> None:
        with transaction.atomic():
            complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)
            completed.set()
            while not Lesson.objects.exclude(archived_at=None).exists():
                pass  # until the other transaction has committed

    def hide() -> None:
        completed.wait()
        archive_lesson(lesson=last)

    assert not any(isinstance(each, Exception) for each in run_in_threads(complete, hide))
    assert Enrollment.objects.get().finished_at is not None
    assert list(find_differences()) == []
