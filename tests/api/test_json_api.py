"""What the caller has already is not sent again."""

from typing import Any

import pytest
from django.test import Client

from stepwell.courses.actions import update_course
from stepwell.courses.models import Course
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.api.calls import Caller
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

ALL_BROWSERS_TAKE = "gzip, deflate, br, zstd"


@pytest.fixture
def course() -> Course:
    course = make_course([9])
    update_course(course=course, summary="So long that it is worth compressing. " * 10)
    return course


def ask(client: Client, path: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/api/v1/{path}", headers={"Accept-Encoding": ALL_BROWSERS_TAKE} | named)


def vary(answer: Any) -> set[str]:
    return {name.strip() for name in answer["Vary"].split(",")}


@pytest.mark.parametrize("given", ["{etag}", "W/{strong}", "{strong}", '"other", {etag}', "*"])
@pytest.mark.parametrize("path", ["courses", "courses/{slug}", "me", "me/courses", "openapi.json"])
def test_answer_that_the_caller_has_is_not_sent_again(
    course: Course, path: str, given: str
) -> None:
    user = make_user()
    enroll(course, user)
    caller, path = Caller(user).client, path.format(slug=course.slug)

    first = ask(caller, path)
    etag = first["ETag"]
    known = given.format(etag=etag, strong=etag.removeprefix("W/"))
    again = ask(caller, path, If_None_Match=known)

    assert etag.startswith('W/"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert vary(again) >= vary(first)
    assert ask(caller, path, If_None_Match=f'W/"other", x{etag}').status_code == 200


def test_change_is_sent_at_once(course: Course) -> None:
    user = make_user()
    enroll(course, user)
    caller, path = Caller(user).client, f"courses/{course.slug}"
    etag = ask(caller, path)["ETag"]

    complete_lesson(user=user, lesson=lessons_of(course)[0], origin=Origin.WEB)
    answer = ask(caller, path, If_None_Match=etag)

    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_another_person_s_answer_is_nobody_else_s(course: Course) -> None:
    one, two = make_user("Ada"), make_user("Grace")
    etag = ask(Caller(one).client, "me")["ETag"]

    answer = ask(Caller(two).client, "me", If_None_Match=etag)

    assert (answer.status_code, answer.json()["name"]) == (200, "Grace")
    assert ask(Caller().client, "me", If_None_Match="*").status_code == 401


def test_what_changes_something_is_answered_in_full(course: Course) -> None:
    user = make_user()
    caller = Caller(user).client

    answer = caller.put(f"/api/v1/courses/{course.slug}/enrollment", headers={"If-None-Match": "*"})

    assert (answer.status_code, "ETag" in answer) == (200, False)
