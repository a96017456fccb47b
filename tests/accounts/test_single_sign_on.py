"""Single sign-on with an issuer that answers over the network, well or oddly."""

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import Role, User
from stepwell.accounts.people import suspend_person
from tests.accounts.issuer import CLAIMS, CONFIGURATION, Issuer
from tests.factories import make_user

PASSWORD = "a well of many steps"


def test_person_comes_in(client: Client, arrive: Callable[..., Any]) -> None:
    arrive(client)

    person = User.objects.get(email="ada@example.org")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.name == "Ada Byron"
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.parametrize("path", [CONFIGURATION, "/token", "/userinfo"])
@pytest.mark.parametrize(
    "answer",
    [
        b"<!doctype html><p>Welcome",
        b"",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b"{" * 5000,
        {"a": 1},
        {"access_token": 5, "sub": None, "token_endpoint": ["a"]},
        b" " * 1_000_001,
    ],
)
def test_odd_answer_is_a_page_and_a_line_in_the_log(  # noqa: PLR0917  fixtures
    path: str,
    answer: Any,
    client: Client,
    arrive: Callable[..., Any],
    issuer: Issuer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    issuer.answers[path] = answer

    with caplog.at_level(logging.WARNING):
        page = arrive(client)

    assert page.status_code == 401
    assert "gave no answer that we understand" in page.content.decode()
    assert any("Single sign-on failed" in record.getMessage() for record in caplog.records)
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["", "nowhere", "javascript:alert(1)", "http://[bad"])
def test_endpoint_that_is_no_web_address_says_so(
    name: str, address: str, client: Client, issuer: Issuer, arrive: Callable[..., Any]
) -> None:
    issuer.answers[CONFIGURATION][name] = address

    page = arrive(client)

    assert page.status_code == 401
    assert "no answer that we understand" in page.content.decode()


@pytest.mark.parametrize("told", ["false", "False", "no", 0, 1, None, [], ["true"], {"a": 1}])
def test_address_that_is_not_clearly_verified_is_confirmed_by_mail(
    told: Any, client: Client, arrive: Callable[..., Any]
) -> None:
    page = arrive(client, **CLAIMS | {"email_verified": told})

    assert "Confirm your address" in page.content.decode()
    assert "new password" not in page.content.decode()
    assert not EmailAddress.objects.get(email="ada@example.org").verified
    assert mail.outbox[0].to == ["ada@example.org"]
    again = arrive(client)
    assert "Confirm your address" in again.content.decode()


def test_address_that_an_issuer_calls_verified_in_a_word_is(
    client: Client, arrive: Callable[..., Any]
) -> None:
    arrive(client, **CLAIMS | {"email_verified": "true"})

    assert EmailAddress.objects.get(email="ada@example.org").verified


@pytest.mark.parametrize(
    "name", [["Ada", "Byron"], 5, None, {"first": "Ada"}, True, "", "a\0b", "\ud800", "x" * 9999]
)
def test_name_that_is_none_is_replaced(
    name: Any, client: Client, arrive: Callable[..., Any]
) -> None:
    arrive(client, **CLAIMS | {"name": name, "given_name": name, "preferred_username": name})

    assert User.objects.get(email="ada@example.org").name in {"ada", "x" * 120}


@pytest.mark.parametrize("email", [["ada@example.org"], 5, None, {}, "no address", "a\0@b.org"])
def test_address_that_is_none_is_asked_for(
    email: Any, client: Client, arrive: Callable[..., Any]
) -> None:
    page = arrive(client, **CLAIMS | {"email": email})

    assert "Almost there" in page.content.decode()


def test_address_beyond_ascii_comes_in(client: Client, arrive: Callable[..., Any]) -> None:
    arrive(client, **CLAIMS | {"email": "Müller@Example.org"})

    assert User.objects.get(email="müller@example.org").name == "Ada Byron"


@pytest.mark.parametrize("sub", [None, "", " ", [], {}, True, 1.5, "a\0", "x" * 192, "\ud800", "2"])
def test_claims_that_do_not_say_who_it_is_are_refused(
    sub: Any, client: Client, arrive: Callable[..., Any]
) -> None:
    """The token is about person 1, so that claims about person 2 are odd as well."""
    page = arrive(client, **CLAIMS | {"sub": sub})

    assert page.status_code == 401
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "x", 5, {"iss": "https://evil.example"}, {"aud": "other"}, {"exp": 1}]
)
def test_token_that_is_not_for_us_is_refused(
    token: Any, client: Client, arrive: Callable[..., Any], issuer: Issuer
) -> None:
    if isinstance(token, dict):
        claims = {"iss": issuer.address, "aud": "stepwell", "sub": "1", "exp": time.time() + 60}
        token = jwt.encode({**claims, **token}, "a key of more than thirty two bytes")
    if token == "":
        issuer.answers["/token"]["id_token"] = None
    else:
        issuer.answers["/token"]["id_token"] = token

    page = arrive(client)

    assert page.status_code == 401
    assert User.objects.count() == 1


def test_sign_in_begun_elsewhere_says_so(client: Client, issuer: Issuer, db: None) -> None:
    make_user("Olga Owner", role=Role.OWNER)

    page = client.get("/accounts/oidc/oidc/login/callback/", {"code": "1", "state": "x"})

    assert page.status_code == 401
    assert "begun in another browser" in page.content.decode()


def test_sign_in_that_failed_is_tried_again_on_the_way_to_the_same_page(
    client: Client, issuer: Issuer, db: None
) -> None:
    make_user("Olga Owner", role=Role.OWNER)
    sent = client.post("/accounts/oidc/oidc/login/?process=login&next=/courses/")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]

    page = client.get("/accounts/oidc/oidc/login/callback/", {"error": "odd", "state": state})

    assert 'href="/accounts/login/?next=%2Fcourses%2F"' in page.content.decode()


def test_taken_address_leads_to_signing_in_and_connecting(
    client: Client, arrive: Callable[..., Any]
) -> None:
    person = create_user(email="ada@example.org", name="Ada", password=PASSWORD)

    page = arrive(client)

    text = page.content.decode()
    assert "Sign in to it, then connect Riverside ID in the settings." in text
    assert mail.outbox == []
    way_on = "next=/accounts/3rdparty/&amp;email=ada%40example.org"
    assert f'href="/accounts/login/?{way_on}"' in text
    assert 'href="/accounts/password/reset/?email=ada%40example.org"' in text
    signed_in = client.post(
        "/accounts/login/?next=/accounts/3rdparty/",
        {"login": person.email, "password": PASSWORD, "next": "/accounts/3rdparty/"},
        follow=True,
    )
    assert "Connect Riverside ID" in signed_in.content.decode()
    connected = arrive(client, process="connect")
    assert "Connected. You can sign in with it from now on." in connected.content.decode()
    fresh = Client()
    arrive(fresh)
    assert fresh.session["_auth_user_id"] == str(person.pk)


def test_taken_address_that_is_not_verified_is_told_to_its_owner_alone(
    client: Client, arrive: Callable[..., Any]
) -> None:
    create_user(email="ada@example.org", name="Ada", password=PASSWORD)

    page = arrive(client, **CLAIMS | {"email_verified": False})

    assert "Confirm your address" in page.content.decode()
    assert "already" not in page.content.decode()
    body = str(mail.outbox[0].body)
    assert "connect Riverside ID" in body
    assert "/accounts/login/?next=%2Faccounts%2F3rdparty%2F" in body


@pytest.mark.parametrize("is_known", [True, False])
def test_closed_account_is_told_so(
    is_known: bool, client: Client, arrive: Callable[..., Any]
) -> None:
    if is_known:
        arrive(Client())
    else:
        create_user(email="ada@example.org", name="Ada", password=PASSWORD)
    suspend_person(user=User.objects.get(email="ada@example.org"))

    page = arrive(client)

    assert "This account is closed" in page.content.decode()
    assert "_auth_user_id" not in client.session
