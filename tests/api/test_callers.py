"""Tokens, and the browser's session with its CSRF protection."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.actions import create_api_token, revoke_api_token
from stepwell.courses.models import Course
from stepwell.learning.models import Enrollment
from tests.api.calls import Caller, refused
from tests.factories import make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course()


def test_token_signs_in_until_it_is_revoked() -> None:
    token, secret = create_api_token(user=make_user(), label="test")
    caller = Caller(token=secret)

    assert caller.get("me").status_code == 200
    revoke_api_token(token=token)
    assert refused(caller.get("me")) == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "stw_x", "Bearer é"])
def test_header_that_is_no_token(header: str) -> None:
    response = Client(headers={"Authorization": header}).get("/api/v1/me")

    assert refused(response) == (401, "not_signed_in")


def test_token_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    caller = Caller(token="stw_nobody")

    with django_assert_num_queries(1):
        caller.get("me")
    with django_assert_num_queries(0):
        Caller().get("me")


def test_session_reads() -> None:
    user, client = make_user(), Client()
    client.force_login(user)

    assert client.get("/api/v1/me").json()["handle"] == user.handle


def test_session_writes_with_a_pages_csrf_token(course: Course) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    page = client.get(course.get_absolute_url()).content.decode()
    csrf_token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]

    response = client.put(
        f"/api/v1/courses/{course.slug}/enrollment", headers={"X-CSRFToken": csrf_token}
    )

    assert response.status_code == 200


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "x" * 32}])
def test_session_cannot_write_without_csrf_token(course: Course, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    response = client.put(f"/api/v1/courses/{course.slug}/enrollment", headers=headers)

    assert refused(response) == (403, "csrf_failed")
    assert not Enrollment.objects.exists()


def test_session_does_not_make_up_for_a_bad_token() -> None:
    client = Client(headers={"Authorization": "Bearer stw_nobody"})
    client.force_login(make_user())

    assert refused(client.get("/api/v1/me")) == (401, "not_signed_in")


def test_token_needs_no_csrf_token(course: Course) -> None:
    _token, secret = create_api_token(user=make_user(), label="test")
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})

    assert client.put(f"/api/v1/courses/{course.slug}/enrollment").status_code == 200


def test_stranger_is_told_to_sign_in_before_csrf(course: Course) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.put(f"/api/v1/courses/{course.slug}/enrollment")

    assert refused(response) == (401, "not_signed_in")
