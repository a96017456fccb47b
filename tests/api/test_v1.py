"""Every route for every kind of caller and course; a route that isn't listed here fails."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import URLPattern

from stepwell.accounts.models import Role
from stepwell.api.errors import REFUSALS
from stepwell.api.v1 import api
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    create_lesson,
    publish_lesson,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning import errors as learning_errors
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from tests.api.calls import Caller, refused
from tests.api.test_authoring import ROUTES as AUTHORING
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

PUBLIC = [("GET", "courses"), ("GET", "courses/{slug}")]
OWN = [("GET", "me"), ("GET", "me/courses")]
# What they hold is in test_rewards.py.
REWARDS = [("GET", "me/points"), ("GET", "leaderboard"), ("GET", "members/{handle}")]
COURSE = [
    ("GET", "courses/{slug}/enrollment"),
    ("PUT", "courses/{slug}/enrollment"),
    ("DELETE", "courses/{slug}/enrollment"),
    ("GET", "courses/{slug}/completed-lessons"),
    ("GET", "courses/{slug}/next-lesson"),
]
LESSON = [
    ("PUT", "lessons/{key}/completion"),
    ("DELETE", "lessons/{key}/completion"),
    ("POST", "lessons/{key}/completion/toggle"),
]
# Who may see these is in test_studio.py.
TAUGHT = [("GET", "courses/{slug}/learners"), ("GET", "courses/{slug}/drop-off")]
ROUTES = [*PUBLIC, *OWN, *COURSE, *LESSON, *TAUGHT, *REWARDS]
OF_A_COURSE = [("GET", "courses/{slug}"), *COURSE, *LESSON]
REFERENCE = Path(__file__).parents[2] / "docs/reference/api.md"


def fill(path: str, course: Course, lesson: Lesson | None = None) -> str:
    key = (lesson or lessons_of(course)[0]).key
    return path.format(slug=course.slug, key=key, handle="ada-learner")


def test_openapi_names_every_route() -> None:
    document = Caller().get("openapi.json").json()

    named = {
        (method.upper(), path.removeprefix("/api/v1/"))
        for path, methods in document["paths"].items()
        for method in methods
    }

    every = {*ROUTES, *AUTHORING, ("POST", "courses"), ("GET", "me/taught-courses")}
    assert named == every
    patterns = {str(item.pattern) for item in api.urls[0] if isinstance(item, URLPattern)}
    served = {pattern.replace("<", "{").replace(">", "}") for pattern in patterns}
    assert served == {path for _method, path in every} | {"openapi.json", "docs", ""}


def test_openapi_says_which_routes_are_open_to_everyone() -> None:
    paths = Caller().get("openapi.json").json()["paths"]

    for method, path in ROUTES:
        security = paths[f"/api/v1/{path}"][method.lower()]["security"]
        assert {"Token": []} in security
        assert ({} in security) == ((method, path) in PUBLIC)


def test_reference_has_every_route_and_code() -> None:
    text = REFERENCE.read_text()

    for method, path in ROUTES:
        assert f"`{method} {path}`" in text
    codes = [code for code, _sentence in REFUSALS.values()]
    codes += [error.code for error in vars(learning_errors).values() if hasattr(error, "code")]
    for code in codes:
        assert f"`{code}`" in text


@pytest.mark.parametrize(("method", "path"), [*OWN, *COURSE, *LESSON, *TAUGHT, *REWARDS])
def test_route_for_strangers(method: str, path: str) -> None:
    response = Caller().call(method, fill(path, make_course()))

    assert refused(response) == (401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), PUBLIC)
def test_public_route_for_strangers(method: str, path: str) -> None:
    assert Caller().call(method, fill(path, make_course())).status_code == 200


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_route_with_bad_token(method: str, path: str) -> None:
    response = Caller(token="stw_nobody").call(method, fill(path, make_course()))

    assert refused(response) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_route_with_token_of_someone_inactive(method: str, path: str) -> None:
    course, user = make_course(), make_user()
    caller = Caller(user)
    user.is_active = False
    user.save()

    assert refused(caller.call(method, fill(path, course))) == (401, "not_signed_in")


@pytest.mark.parametrize("kind", ["draft", "archived", "closed", "draft for its instructor"])
@pytest.mark.parametrize(("method", "path"), OF_A_COURSE)
def test_hidden_course_answers_as_an_absent_one(method: str, path: str, kind: str) -> None:
    user = make_user(role=Role.INSTRUCTOR)
    course = make_course(is_published=kind in {"archived", "closed"})
    if kind == "archived":
        archive_course(course=course)
    elif kind == "closed":
        unpublish_course(course=course)
    elif kind == "draft for its instructor":
        set_instructors(course=course, instructors=[user])
    caller = Caller(user)

    hidden = caller.call(method, fill(path, course))
    absent = caller.call(method, path.format(slug="no-such-course", key="a" * 12))

    assert refused(hidden) == (404, "not_found")
    assert hidden.content == absent.content


@pytest.mark.parametrize(
    ("close", "code"),
    [(unpublish_course, "course_not_open"), (archive_course, "course_withdrawn")],
)
@pytest.mark.parametrize(("method", "path"), OF_A_COURSE)
def test_closed_course_for_its_learner(
    method: str, path: str, close: Callable[..., object], code: str
) -> None:
    user, course = make_user(), make_course()
    enroll(course, user)
    close(course=course)

    response = Caller(user).call(method, fill(path, course))

    allowed = {"GET": 200, "DELETE": 204}
    if path == "courses/{slug}/enrollment" and method in allowed:
        assert response.status_code == allowed[method]
    else:
        assert refused(response) == (409, code)


@pytest.mark.parametrize("hide", [unpublish_lesson, archive_lesson])
@pytest.mark.parametrize(("method", "path"), LESSON)
def test_hidden_lesson_answers_its_learner_with_what_became_of_it(
    method: str, path: str, hide: Callable[..., object]
) -> None:
    user, course = make_user(), make_course()
    enroll(course, user)
    lesson = lessons_of(course)[0]
    complete_lesson(user=user, lesson=lesson, origin=Origin.WEB)
    hide(lesson=lesson)

    answer = Caller(user).call(method, fill(path, course, lesson))

    assert refused(answer) == (409, "lesson_not_visible")


@pytest.mark.parametrize("hide", [unpublish_lesson, archive_lesson])
@pytest.mark.parametrize(("method", "path"), LESSON)
def test_hidden_lesson_answers_others_as_an_absent_one(
    method: str, path: str, hide: Callable[..., object]
) -> None:
    course = make_course()
    lesson = lessons_of(course)[0]
    hide(lesson=lesson)
    caller = Caller(make_user())

    hidden = caller.call(method, fill(path, course, lesson))

    assert refused(hidden) == (404, "not_found")
    assert hidden.content == caller.call(method, path.format(key="a" * 12)).content


@pytest.mark.parametrize(
    ("method", "path"), [*LESSON, ("GET", "courses/{slug}/next-lesson"), COURSE[3]]
)
def test_route_for_someone_not_enrolled(method: str, path: str) -> None:
    course = make_course()
    enroll(course)

    response = Caller(make_user()).call(method, fill(path, course))

    assert refused(response) == (403, "not_enrolled")


@pytest.mark.parametrize("address", ["%ff", "x" * 5000, "🦆"])
@pytest.mark.parametrize(("method", "path"), [*OF_A_COURSE, *TAUGHT])
def test_address_that_nothing_can_have(method: str, path: str, address: str) -> None:
    response = Caller(make_user()).call(method, path.format(slug=address, key=address))

    assert refused(response) == (404, "not_found")


def test_nothing_hidden_leaks() -> None:
    user, stranger = make_user(), make_user("Eve Stranger")
    course, closed = make_course(title="Open"), make_course(title="Closed")
    draft = make_course(title="Secret course", is_published=False)
    for each in (course, closed):
        enroll(each, user)
        module = lessons_of(each)[0].module
        create_lesson(module=module, title="Secret draft", body="Secret")
        gone = publish_lesson(lesson=create_lesson(module=module, title="Secret gone", body=""))
        complete_lesson(user=user, lesson=gone, origin=Origin.WEB)
        archive_lesson(lesson=gone)
    unpublish_course(course=closed)

    answers = [
        caller.get(fill(path, each)).content.decode()
        for caller in (Caller(), Caller(stranger), Caller(user))
        for each in (course, closed, draft)
        for method, path in ROUTES
        # One's own ledger names whatever one has completed.
        if method == "GET" and path != "me/points"
    ]

    assert any("Open" in answer for answer in answers)
    assert not [answer for answer in answers if "Secret" in answer]
    assert not [answer for answer in answers if user.email in answer and "role" not in answer]


def test_head_is_answered_like_get() -> None:
    assert Caller().client.head("/api/v1/courses").status_code == 200


def test_docs_page_describes_every_route_and_what_answers_hold() -> None:
    page = Caller().get("docs").content.decode()

    for method, path in ROUTES:
        assert f"{method}</span> <code>/api/v1/{path}</code>" in page
    linked, described = (
        set(re.findall('href="#([A-Z][^"]+)"', page)),
        re.findall('id="([A-Z][^"]+)"', page),
    )
    assert {"CourseDetail", "MyCourseList", "Progress", "ErrorBody"} <= linked
    assert sorted(linked) == described


def test_docs_page_has_no_script_and_asks_nothing_of_others() -> None:
    page = Caller().get("docs").content.decode()

    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]
    assert not re.findall('(?:src|href)="(?:https?:)?//', page)
