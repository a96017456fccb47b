"""A long outline shows the modules that matter now; the others come when they are opened."""

import re
from typing import Any

import pytest
from django.test import Client

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course((30, 40, 5))


@pytest.fixture
def learner(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def shown(client: Client, address: str) -> list[int]:
    """Return how many lessons each module shows, by the links to them."""
    text = client.get(address).content.decode()
    return [text.count(f">Lesson {number}.") for number in (1, 2, 3)]


def test_module_of_the_next_lesson_is_whole(
    client: Client, course: Course, learner: User, django_assert_num_queries: Any
) -> None:
    enroll(course, learner)
    assert shown(client, "/courses/course/")[1:] == [0, 0]

    for lesson in lessons_of(course)[:30]:
        complete_lesson(user=learner, lesson=lesson, origin=Origin.WEB)

    assert [bool(count) for count in shown(client, "/courses/course/")] == [False, True, False]
    text = client.get("/courses/course/").content.decode()
    assert "30 of 30 lessons completed" in text
    assert "0 of 5 lessons completed" in text


def test_module_that_is_asked_for_is_whole(client: Client, course: Course, learner: User) -> None:
    last = course.modules.get(position=3)

    assert shown(client, f"/courses/course/?module={last.key}") == [30, 0, 5]
    assert shown(client, "/courses/course/?module=nobody-knows") == [30, 0, 0]


def test_strangers_are_told_how_long_a_module_is(client: Client, course: Course) -> None:
    text = client.get("/courses/course/").content.decode()

    assert "40 lessons</span>" in text
    assert "completed" not in text


def test_lesson_shows_its_own_module(client: Client, course: Course, learner: User) -> None:
    enroll(course, learner)
    lesson = lessons_of(course)[35]

    counts = shown(client, lesson.get_absolute_url())

    assert [bool(count) for count in counts] == [False, True, False]


def test_figures_of_closed_modules_are_those_of_the_reader(client: Client, course: Course) -> None:
    for completed in (1, 2):
        user = make_user()
        enroll(course, user)
        for lesson in lessons_of(course)[70 : 70 + completed]:
            complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
        client.force_login(user)
        assert (
            f"{completed} of 5 lessons completed" in client.get("/courses/course/").content.decode()
        )


def test_short_outline_is_whole(client: Client, learner: User) -> None:
    make_course((30, 30), title="Short")

    text = client.get("/courses/short/").content.decode()

    assert text.count(">Lesson ") == 60
    scripts = re.findall(r'<script src="/static/js/(.+?)"', text)
    assert {*scripts} == {"fresh.js", "offline.js"}
