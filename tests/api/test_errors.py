"""The one error shape, on routes of its own that go wrong in every way."""

import logging

import pytest
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import path
from django.utils.translation import gettext_lazy
from ninja import Schema

from stepwell.api.errors import REFUSALS
from stepwell.api.json_api import JsonApi
from stepwell.core.errors import DomainError
from stepwell.learning.errors import CourseNotOpen, LessonNotVisible, NotEnrolled
from tests.api.calls import refused

broken = JsonApi(urls_namespace="broken", openapi_url=None)


class Rule(DomainError):
    code = "rule"
    sentence = gettext_lazy("Write %(what)s instead.")


ERRORS: dict[str, Exception] = {
    "not-found": Http404("secret"),
    "rule": Rule(what="“this”"),
    "closed": CourseNotOpen(course="Bread"),
    "not-enrolled": NotEnrolled(course="Bread"),
    "not-visible": LessonNotVisible(course="Bread"),
    "unforeseen": RuntimeError("secret"),
}


class Body(Schema):
    title: str
    minutes: int


@broken.get("raise/{name}")
def fail(request: HttpRequest, name: str) -> None:
    raise ERRORS[name]


@broken.post("body")
def take_body(request: HttpRequest, body: Body) -> str:
    return body.title


urlpatterns = [path("api/broken/", broken.urls)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("not-found", (404, "not_found")),
        ("rule", (409, "rule")),
        ("closed", (409, "course_not_open")),
        ("not-enrolled", (403, "not_enrolled")),
        ("not-visible", (409, "lesson_not_visible")),
        ("unforeseen", (500, "server_error")),
    ],
)
def test_error_that_an_endpoint_raises(name: str, wanted: tuple[int, str]) -> None:
    response = Client().get(f"/api/broken/raise/{name}")

    assert refused(response) == wanted
    assert "secret" not in response.content.decode()


@pytest.mark.urls(__name__)
def test_rule_of_the_domain_brings_its_sentence() -> None:
    error = Client().get("/api/broken/raise/rule").json()["error"]

    assert error == {"code": "rule", "message": "Write “this” instead.", "fields": {}}


@pytest.mark.urls(__name__)
def test_unforeseen_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="stepwell.api"):
        Client().get("/api/broken/raise/unforeseen")

    record = next(item for item in caplog.records if item.name == "stepwell.api.errors")
    assert record.getMessage() == "GET /api/broken/raise/unforeseen failed"
    assert record.exc_info is not None
    assert record.exc_info[1] is ERRORS["unforeseen"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("body", ["{", b"\xff", '{"title": NaN'])
def test_malformed_body(body: str | bytes) -> None:
    response = Client().post("/api/broken/body", body, content_type="application/json")

    assert refused(response) == (400, "malformed")


def test_more_parameters_than_anyone_reads(client: Client) -> None:
    response = client.get("/api/v1/courses?" + "&".join(["limit=1"] * 1001))

    assert refused(response) == (400, "malformed")


@pytest.mark.urls(__name__)
def test_invalid_body_names_its_fields() -> None:
    response = Client().post(
        "/api/broken/body", {"title": 5, "minutes": "many"}, content_type="application/json"
    )

    assert refused(response) == (422, "invalid")
    assert response.json()["error"]["fields"] == {
        "title": ["Write a text in quotes."],
        "minutes": ["Write a whole number."],
    }


@pytest.mark.urls(__name__)
def test_missing_field() -> None:
    response = Client().post("/api/broken/body", {"title": "A"}, content_type="application/json")

    assert response.json()["error"]["fields"] == {"minutes": ["Add this field."]}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("address", ["", "nothing", "courses/", "courses/a/b/c", "me/courses/x"])
def test_unknown_address(method: str, address: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, f"/api/v1/{address}")

    assert refused(response) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("PUT", "courses", "GET, HEAD, POST"),
        ("PATCH", "courses/a/enrollment", "DELETE, GET, HEAD, PUT"),
        ("GET", "lessons/a/completion/toggle", "POST"),
        ("OPTIONS", "me", "GET, HEAD"),
        ("POST", "openapi.json", "GET, HEAD"),
        ("POST", "docs", "GET, HEAD"),
    ],
)
def test_method_that_an_address_does_not_take(method: str, address: str, allowed: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, f"/api/v1/{address}")

    assert refused(response) == (405, "method_not_allowed")
    assert response["Allow"] == allowed


def test_refusals_have_codes_of_their_own() -> None:
    codes = [code for code, _sentence in REFUSALS.values()]

    assert len(set(codes)) == len(codes)
