"""Requests that nobody can read, on pages and in the API, on both databases."""

import json
import logging
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from stepwell.accounts.models import Role
from stepwell.config.logs import OneLineFormatter
from stepwell.courses.actions import set_instructors
from tests.api.calls import Caller, refused
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db
SENTENCE = "This request can’t be read"


@pytest.fixture
def owner_client() -> Client:
    client = Client()
    client.force_login(make_user(role=Role.OWNER))
    return client


@pytest.mark.parametrize(
    "address",
    ["/courses/a%00b/", "/courses/?q=a%00", "/courses/?%00=a", "/studio/members/?q=%00", "/%00"],
)
def test_nul_in_an_address_is_refused_with_a_page(owner_client: Client, address: str) -> None:
    response = owner_client.get(address)

    assert response.status_code == 400
    assert SENTENCE in response.content.decode()


@pytest.mark.parametrize("path", ["/courses/", "/studio/", "/studio/members/"])
def test_number_of_thousands_of_digits_in_a_query_is_refused(
    owner_client: Client, path: str
) -> None:
    assert owner_client.get(f"{path}?page={'1' * 5_000}").status_code == 400
    assert owner_client.get(f"{path}?page={'1' * 20}").status_code == 200


def test_written_out_percent_sign_is_no_nul(owner_client: Client) -> None:
    assert owner_client.get("/courses/?q=%2500").status_code == 200


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, "csrftoken", "anything"])
def test_nul_in_a_cookie_is_refused(cookie: str) -> None:
    # Quoted octal numbers are how a cookie writes what it can't hold.
    response = Client(headers={"Cookie": f'{cookie}="\\000{"a" * 31}"'}).get("/courses/")

    assert response.status_code == 400


@pytest.mark.parametrize("form", [{"title": "a\0b"}, {"a\0": "b"}])
@pytest.mark.parametrize("content_type", [None, "application/x-www-form-urlencoded"])
def test_nul_in_a_form_is_refused(
    owner_client: Client, form: dict[str, str], content_type: str | None
) -> None:
    if content_type:
        body = urlencode(form)
        response = owner_client.post("/studio/", body, content_type=content_type)
    else:
        response = owner_client.post("/studio/", form)

    assert response.status_code == 400


def test_nul_in_sign_in_is_refused() -> None:
    make_user()
    form = {"login": "a\0@example.org", "password": "x"}

    assert Client().post("/accounts/login/", form).status_code == 400


@pytest.mark.parametrize("address", ["courses?q=%00", "courses/%00", "members/a%00"])
def test_nul_in_an_address_of_the_api_is_refused_in_json(address: str) -> None:
    assert refused(Caller(make_user()).get(address)) == (400, "malformed")


def _send(method: str, path: str, body: Any) -> Any:
    caller = Caller(make_user(role=Role.OWNER))
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return caller.client.generic(method, f"/api/v1/{path}", raw, content_type="application/json")


UNREADABLE: dict[str, bytes] = {
    "nul": rb'{"title": "a\u0000"}',
    "nul behind a backslash": rb'{"title": "\\\u0000"}',
    "nul in a name": rb'{"a\u0000": 1}',
    "bare nul": b'{"title": "a\0"}',
    "digits": b'{"title": ' + b"1" * 5_000 + b"}",
    "depth": b"[" * 100_000,
    "other encoding": '{"title": "a\0"}'.encode("utf-16"),
    "thousands of fields": json.dumps({f"a{at}": 1 for at in range(350_000)}).encode(),
    "half a surrogate": b'{"title": "\xed\xa0\x80"}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=list(UNREADABLE))
def test_unreadable_body_is_refused(body: bytes) -> None:
    assert refused(_send("POST", "courses", body)) == (400, "malformed")


def test_text_about_nul_is_stored() -> None:
    response = _send("POST", "courses", {"title": r"The escape \u0000"})

    assert (response.status_code, response.json()["title"]) == (201, r"The escape \u0000")


WRONG: dict[str, Any] = {
    "number for a text": {"title": 0},
    "escaped half surrogate": {"title": "\ud800"},
    "text for a list": {"title": "a", "outcomes": "b"},
    "number in a list": {"title": "a", "outcomes": [0]},
    "many": {"title": "a", "outcomes": ["b"] * 400_000},
    "long": {"title": "a", "outcomes": ["b" * 2_000]},
    "list": [],
    "number": 0,
    "null": None,
    "unknown field": {"title": "a", "b": 1},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=list(WRONG))
def test_wrong_type_is_refused(body: Any) -> None:
    response = _send("POST", "courses", body)

    assert response.status_code == 422
    assert "pydantic" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("status", {"status": "published", "lessons": 0}),
        ("status", {"status": "published", "lessons": "yes"}),
        ("outline", {"modules": [{"key": "a", "lessons": 0}]}),
        ("outline", {"modules": 0}),
        ("outline", {"modules": [0]}),
    ],
)
def test_wrong_type_in_a_change_is_refused(path: str, body: Any) -> None:
    course = make_course([1])
    set_instructors(course=course, instructors=[make_user(role=Role.INSTRUCTOR)])

    assert refused(_send("PUT", f"courses/{course.slug}/{path}", body)) == (422, "invalid")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"outcomes": [0] * 400_000}),
        ("/outline", {"modules": [{}] * 400_000}),
        ("/outline", {"modules": [{"key": "a", "lessons": [0] * 400_000}]}),
    ],
)
def test_answer_to_an_endless_list_names_one_entry(path: str, body: Any) -> None:
    course = make_course([1])
    method = "PUT" if path else "PATCH"

    response = _send(method, f"courses/{course.slug}{path}", body)

    assert refused(response) == (422, "invalid")
    assert len(response.json()["error"]["fields"]) <= 2


@pytest.mark.parametrize("minutes", [True, "5", 1.5, 10**30, -1])
def test_minutes_are_a_whole_number(minutes: Any) -> None:
    course = make_course([1])

    answer = refused(_send("PATCH", f"courses/{course.slug}", {"minutes": minutes}))

    assert answer == (422, "invalid")


def test_refusal_writes_one_line_into_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = logging.getLogger("django.security").handlers
    handler = next(each for each in handlers if isinstance(each.formatter, OneLineFormatter))
    log = StringIO()
    monkeypatch.setattr(handler, "stream", log)

    Client().get("/courses/a%00b/")

    [line] = log.getvalue().splitlines()
    assert "NUL character in a request for '/courses/a\\x00b/'" in line
