"""Courses, modules and lessons over the API, as their authors change them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stepwell.accounts.actions import create_api_token
from stepwell.accounts.models import Role, User
from stepwell.courses.actions import create_lesson, set_instructors, unpublish_course
from stepwell.courses.models import Course, Lesson, Status
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Enrollment, LessonProgress, Origin
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user

pytestmark = pytest.mark.django_db

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "author-by-script.md"


class Caller:
    """Calls the API with a token."""

    def __init__(self, person: User | None) -> None:
        secret = create_api_token(user=person, label="test")[1] if person else "wrong"
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def __call__(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        answer = self.client.generic(
            method, f"/api/v1/{path}", json.dumps(body), content_type="application/json"
        )
        return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


@pytest.fixture
def call(ines: User) -> Caller:
    return Caller(ines)


@pytest.fixture
def course(ines: User) -> Course:
    course = make_course([2, 1], title="Tea")
    set_instructors(course=course, instructors=[ines])
    return course


def order(answer: Any) -> list[list[str]]:
    return [[lesson["title"] for lesson in module["lessons"]] for module in answer["modules"]]


def test_course_is_created_changed_and_published(call: Caller, ines: User) -> None:
    status, made = call("POST", "courses", title="Tea", outcomes=["Brew"])
    assert (status, made["slug"], made["status"]) == (201, "tea", "draft")
    assert list(Course.objects.get().instructors.all()) == [ines]

    for slug in ("tea", "green-tea"):
        status, made = call("PATCH", f"courses/{slug}", slug="green-tea", minutes=90)
    assert (status, made["slug"], made["minutes"], made["title"]) == (200, "green-tea", 90, "Tea")
    _status, module = call("POST", "courses/green-tea/modules", title="Leaves")
    path = f"courses/green-tea/modules/{module['key']}"
    status, lesson = call("POST", f"{path}/lessons", title="Black", body="*Strong*", minutes=3)
    assert (status, lesson["status"]) == (201, "draft")
    status, made = call("PUT", "courses/green-tea/status", status="published", lessons=True)

    assert made["status"] == "published"
    assert Lesson.objects.get().html == "<p><em>Strong</em></p>\n"
    assert Lesson.objects.get().status == Status.PUBLISHED
    assert call("GET", "me/taught-courses")[1]["count"] == 1


def test_outline_is_rearranged_whole_and_one_by_one(call: Caller, course: Course) -> None:
    _status, outline = call("GET", "courses/tea/outline")
    assert order(outline) == [["Lesson 1.1", "Lesson 1.2"], ["Lesson 2.1"]]
    first, second = outline["modules"]
    one, two = (lesson["key"] for lesson in first["lessons"])
    three = second["lessons"][0]["key"]

    wanted = [
        {"key": second["key"], "lessons": [two]},
        {"key": first["key"], "lessons": [three, one]},
    ]
    _status, outline = call("PUT", "courses/tea/outline", modules=wanted)
    assert order(outline) == [["Lesson 1.2"], ["Lesson 2.1", "Lesson 1.1"]]
    status, refused = call("PUT", "courses/tea/outline", modules=wanted[:1])
    assert (status, refused["error"]["code"]) == (409, "outline_changed")
    _status, outline = call(
        "POST", f"courses/tea/lessons/{one}/move", module=second["key"], before=two
    )
    assert order(outline) == [["Lesson 1.1", "Lesson 1.2"], ["Lesson 2.1"]]
    _status, outline = call(
        "POST", f"courses/tea/modules/{first['key']}/move", before=second["key"]
    )
    assert order(outline) == [["Lesson 2.1"], ["Lesson 1.1", "Lesson 1.2"]]


def test_archiving_and_restoring_keep_completions(call: Caller, course: Course) -> None:
    lesson = lessons_of(course)[0]
    complete_lesson(user=enroll(course).user, lesson=lesson, origin=Origin.WEB)
    facts = list(LessonProgress.objects.values())
    parts = (f"lessons/{lesson.key}", f"modules/{lesson.module.key}")

    for part in parts:
        assert call("DELETE", f"courses/tea/{part}")[0] == 204
        assert call("DELETE", f"courses/tea/{part}")[0] == 204
        assert call("POST", f"courses/tea/{part}/restoration")[0] == 200
    assert call("DELETE", "courses/tea")[0] == 204
    assert call("GET", "courses/tea/outline")[0] == 404
    assert call("POST", f"courses/{course.key}/restoration")[0] == 200

    assert list(LessonProgress.objects.values()) == facts
    assert Lesson.objects.visible().count() == 3


def test_text_of_others_is_not_overwritten(call: Caller, course: Course) -> None:
    path = f"courses/tea/lessons/{lessons_of(course)[0].key}"
    _status, lesson = call("GET", path)
    assert (lesson["body"], lesson["revision"]) == ("Text.", 1)

    assert call("PATCH", path, body="Mine.", revision=1)[1]["revision"] == 2
    status, refused = call("PATCH", path, body="Late.", revision=1)

    assert (status, refused["error"]["code"]) == (409, "lesson_changed")
    assert call("GET", path)[1]["body"] == "Mine."
    assert call("PUT", f"{path}/status", status="draft")[1]["status"] == "draft"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"title": ""}, None), ({"title": "x" * 201}, "title"), ({"titel": "Tea"}, "titel")],
)
def test_what_does_not_fit_is_refused(
    call: Caller, course: Course, body: dict[str, str], field: str | None
) -> None:
    status, refused = call("PATCH", "courses/tea", **body)

    assert status == 422
    assert field is None or field in refused["error"]["fields"]
    assert Course.objects.get().title == "Tea"


def test_people_are_enrolled_and_removed(call: Caller, course: Course) -> None:
    person = make_user()

    _status, answer = call("POST", "courses/tea/learners", emails=[person.email, "nobody"])
    assert [item["result"] for item in answer["items"]] == ["enrolled", "bad"]
    assert call("DELETE", f"courses/tea/learners/{person.handle}")[0] == 204

    assert not Enrollment.objects.get().is_active


ROUTES = [
    ("PATCH", "courses/{slug}"),
    ("PUT", "courses/{slug}/status"),
    ("DELETE", "courses/{slug}"),
    ("POST", "courses/{key}/restoration"),
    ("POST", "courses/{slug}/copies"),
    ("GET", "courses/{slug}/outline"),
    ("PUT", "courses/{slug}/outline"),
    ("POST", "courses/{slug}/modules"),
    ("PATCH", "courses/{slug}/modules/{key}"),
    ("POST", "courses/{slug}/modules/{key}/move"),
    ("POST", "courses/{slug}/modules/{key}/publication"),
    ("DELETE", "courses/{slug}/modules/{key}"),
    ("POST", "courses/{slug}/modules/{key}/restoration"),
    ("POST", "courses/{slug}/modules/{key}/lessons"),
    ("GET", "courses/{slug}/lessons/{key}"),
    ("PATCH", "courses/{slug}/lessons/{key}"),
    ("PUT", "courses/{slug}/lessons/{key}/status"),
    ("POST", "courses/{slug}/lessons/{key}/move"),
    ("DELETE", "courses/{slug}/lessons/{key}"),
    ("POST", "courses/{slug}/lessons/{key}/restoration"),
    ("POST", "courses/{slug}/learners"),
    ("DELETE", "courses/{slug}/learners/{handle}"),
]
BODY = {"title": "X", "status": "draft", "modules": [], "module": "x", "emails": []}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_courses_of_others_are_not_there(course: Course, method: str, path: str) -> None:
    lesson = lessons_of(course)[0]
    holder = lesson.module if "/modules/" in path else lesson if "/lessons/" in path else course
    address = path.format(slug="tea", key=holder.key, handle="nobody")
    fields = {
        "PATCH": ("title",),
        "PUT": ("modules",) if path.endswith("outline") else ("status",),
        "POST": {"move": ("module",), "learners": ("emails",)}.get(
            path.rpartition("/")[2], ("title",)
        ),
    }.get(method, ())
    if path.endswith(("copies", "restoration", "publication")) or "modules/{key}/move" in path:
        fields = ()
    body = {name: BODY[name] for name in fields}

    for person in (make_user(), make_instructor()):
        assert Caller(person)(method, address, **body)[0] == 404
    assert Caller(None)(method, address, **body)[0] == 401
    assert Course.objects.get().archived_at is None


def test_learners_create_nothing() -> None:
    assert Caller(make_user())("POST", "courses", title="X")[0] == 404
    assert Caller(make_user())("GET", "me/taught-courses")[0] == 404
    assert not Course.objects.exists()
    assert Caller(make_user("Olga", role=Role.OWNER))("POST", "courses", title="X")[0] == 201


@pytest.mark.parametrize("video", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_video_is_a_page_of_the_web(call: Caller, course: Course, video: str) -> None:
    lesson = lessons_of(course)[0]

    status, answer = call("PATCH", f"courses/{course.slug}/lessons/{lesson.key}", video=video)

    assert (status, answer["error"]["code"]) == (409, "bad_video")


@pytest.mark.django_db(transaction=True)
def test_script_of_the_docs_makes_a_course(
    live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = re.findall(r"```python\n(.*?)```", HOWTO.read_text(), re.DOTALL)[0]
    _token, secret = create_api_token(user=make_instructor(), label="script")
    monkeypatch.setenv("SITE", live_server.url)
    monkeypatch.setenv("TOKEN", secret)

    exec(compile(script, "author.py", "exec"), {})  # noqa: S102  the page's own words

    assert capsys.readouterr().out == f"{live_server.url}/courses/tea-for-beginners/\n"
    assert Lesson.objects.visible().count() == 3


def test_publishing_names_empty_lessons_or_leaves_them(call: Caller, course: Course) -> None:
    unpublish_course(course=course)
    empty = create_lesson(module=course.modules.last(), title="Kettles")
    path = f"courses/{course.slug}/status"

    answers = [
        call("PUT", path, status="published", lessons=True, empty=False),
        call("PUT", path, status="published", lessons=True),
    ]

    assert [answer["empty_lessons"] for _status, answer in answers] == [[], [empty.key]]


def test_publishing_a_part_names_empty_lessons(call: Caller, course: Course) -> None:
    module = course.modules.last()
    empty = create_lesson(module=module, title="Kettles")
    path = f"courses/{course.slug}/lessons/{empty.key}/status"

    publication = f"courses/{course.slug}/modules/{module.key}/publication"

    _status, left = call("PUT", path, status="published", empty=False)
    _status, without = call("POST", publication, empty=False)
    _status, lesson = call("PUT", path, status="published")
    _status, outline = call("POST", publication)

    assert (left["status"], left["empty_lessons"]) == ("draft", [])
    assert (without["modules"][-1]["lessons"][-1]["status"], without["empty_lessons"]) == (
        "draft",
        [],
    )
    assert (lesson["status"], lesson["empty_lessons"]) == ("published", [empty.key])
    assert outline["empty_lessons"] == [empty.key]


def test_text_over_the_limits_is_refused(call: Caller, course: Course) -> None:
    lesson = lessons_of(course)[0]

    status, answer = call("PATCH", f"courses/tea/lessons/{lesson.key}", body="- a\n" * 5_000)

    assert (status, answer["error"]["code"]) == (422, "text_too_large")
    assert "more than 15,000 parts" in answer["error"]["message"]
