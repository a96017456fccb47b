"""Fifty requests at once for the same thing: one row, a true record, and never a server error."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from stepwell.learning.models import Enrollment, LearningEvent, LessonProgress
from stepwell.learning.verification import find_differences
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[..., list[Any]]
LESSON = "/courses/course/lessons/lesson-11/completion/"


def poster(session: str, address: str, state: str) -> Callable[[], int]:
    def post() -> int:
        client = Client()
        client.cookies["sessionid"] = session
        return client.post(address, {"state": state}).status_code

    return post


def session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def test_forty_enrollments_at_once_make_one(run_in_threads: Run) -> None:
    make_course()
    session = session_of(make_user())
    address = "/courses/course/enrollment/"
    answers = run_in_threads(*[poster(session, address, "enrolled") for _number in range(40)])
    assert Counter(answers) == {302: 40}
    assert Enrollment.objects.count() == LearningEvent.objects.count() == 1
    assert not list(find_differences())


def test_forty_completions_and_reopenings_at_once_keep_the_record_true(run_in_threads: Run) -> None:
    course = make_course()
    learner = enroll(course).user
    session = session_of(learner)
    states = ["completed", "open"] * 20
    answers = run_in_threads(*[poster(session, LESSON, state) for state in states])
    assert Counter(answers) == {302: 40}
    assert LessonProgress.objects.filter(lesson=lessons_of(course)[0]).count() == 1
    kinds = list(LearningEvent.objects.exclude(lesson=None).values_list("kind", flat=True))
    assert kinds[0] == "completed"
    assert all(one != other for one, other in pairwise(kinds))
    assert not list(find_differences())
