"""Single sign-on with an issuer that answers over the network, well or oddly."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from stepwell.accounts import single_sign_on
from stepwell.accounts.actions import create_user
from stepwell.accounts.models import Role, User
from stepwell.accounts.people import suspend_person
from stepwell.accounts.single_sign_on import FRESH, SILENCE, STALE
from stepwell.core import clock
from tests.factories import make_user

CONFIGURATION = "/.well-known/openid-configuration"
PASSWORD = "a well of many steps"
CLAIMS = {"sub": "1", "name": "Ada Byron", "email": "ada@example.org", "email_verified": True}


class Issuer(ThreadingHTTPServer):
    """Answers each path with what a test has put there: a function, bytes, or an object."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.closing = Event()
        now = int(time.time())
        token = {"iss": self.address, "aud": "stepwell", "sub": "1", "iat": now, "exp": now + 60}
        self.answers: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
            },
            "/token": {
                "access_token": "a",
                "token_type": "Bearer",
                "id_token": jwt.encode(token, "a key of more than thirty two bytes"),
            },
            "/userinfo": CLAIMS,
        }
        self.statuses: dict[str, int] = {}
        self.asked: list[str] = []  # the paths


class _Answers(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.asked.append(self.path)
        answer = self.server.answers[self.path]
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(self.server.statuses.get(self.path, 200))
        self.send_header("Content-Length", str(9999 if body == b"slow" else len(body)))
        self.end_headers()
        if body == b"never":
            self.server.closing.wait()
        elif body == b"slow":
            while not self.server.closing.wait(0.02):
                self.wfile.write(b" ")
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  http.server's name

    def log_message(self, *_told: object) -> None:
        pass


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """Run an issuer and let the site use it."""
    settings.SITE = settings.SITE.model_copy(update={"oidc_name": "Riverside ID"})
    with Issuer() as server:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    {
                        "provider_id": "oidc",
                        "name": "Riverside ID",
                        "client_id": "stepwell",
                        "secret": "secret",
                        "settings": {"server_url": server.address},
                    }
                ]
            }
        }
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


@pytest.fixture
def arrive(issuer: Issuer, db: None) -> Callable[..., HttpResponse]:
    """Return a function that goes to the issuer and comes back, as a browser would."""
    make_user("Olga Owner", role=Role.OWNER)

    def arrive(client: Client, process: str = "login", **claims: Any) -> Any:
        if claims:
            issuer.answers["/userinfo"] = claims
        sent = client.post(f"/accounts/oidc/oidc/login/?process={process}")
        if sent.status_code != 302:
            return sent
        query = parse_qs(urlsplit(sent.url).query)  # type: ignore[attr-defined]  # a redirect
        back = {"code": "1", "state": query["state"][0]}
        return client.get("/accounts/oidc/oidc/login/callback/", back, follow=True)

    return arrive


def test_person_comes_in(client: Client, arrive: Callable[..., Any]) -> None:
    arrive(client)

    person = User.objects.get(email="ada@example.org")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.name == "Ada Byron"
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo"])
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


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo"])
@pytest.mark.parametrize("fault", ["500", "down", "never", "slow"])
def test_issuer_that_does_not_answer_is_said_to_be_out_of_reach(  # noqa: PLR0917  fixtures
    path: str,
    fault: str,
    client: Client,
    arrive: Callable[..., Any],
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(single_sign_on, "LONGEST_ANSWER", 0.2)
    if fault == "500":
        issuer.statuses[path] = 500
    elif fault == "down":
        configuration = issuer.answers["/.well-known/openid-configuration"]
        away = "http://127.0.0.1:9/"
        configuration |= {"token_endpoint": away, "userinfo_endpoint": away}
        if path.startswith("/.well-known"):
            issuer.statuses[path] = 503
    else:
        issuer.answers[path] = fault.encode()

    page = arrive(client)

    assert page.status_code == 401
    assert "can’t be reached at the moment" in page.content.decode()


def test_what_the_issuer_publishes_is_asked_once_an_hour(
    client: Client, arrive: Callable[..., Any], issuer: Issuer
) -> None:
    arrive(client)
    arrive(Client())
    assert issuer.asked.count(CONFIGURATION) == 1

    with clock.at(clock.now() + FRESH):
        arrive(Client())

    assert issuer.asked.count(CONFIGURATION) == 2


@pytest.mark.parametrize(("age", "status"), [(FRESH, 302), (STALE, 401)])
def test_what_the_issuer_published_counts_for_a_day_where_it_is_away(
    age: timedelta, status: int, client: Client, arrive: Callable[..., Any], issuer: Issuer
) -> None:
    arrive(client)
    issuer.statuses[CONFIGURATION] = 503

    with clock.at(clock.now() + age):
        page = client.post("/accounts/oidc/oidc/login/?process=connect")

    assert page.status_code == status


def test_odd_answer_takes_no_place_of_what_is_published(
    client: Client, arrive: Callable[..., Any], issuer: Issuer
) -> None:
    good = issuer.answers[CONFIGURATION]
    issuer.answers[CONFIGURATION] = {"a": 1}
    assert arrive(client).status_code == 401

    issuer.answers[CONFIGURATION] = good
    arrive(client)

    assert User.objects.filter(email="ada@example.org").exists()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
def test_issuer_that_gives_no_answer_is_left_alone_for_a_while(
    path: str,
    client: Client,
    arrive: Callable[..., Any],
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(single_sign_on, "LONGEST_ANSWER", 0.2)
    answer, issuer.answers[path] = issuer.answers[path], b"never"

    pages = [arrive(client) for _each in range(3)]

    assert {page.status_code for page in pages} == {401}
    assert "can’t be reached at the moment" in pages[-1].content.decode()
    assert issuer.asked.count(path) == 1
    issuer.answers[path] = answer
    with clock.at(clock.now() + SILENCE):
        arrive(client)
    assert User.objects.filter(email="ada@example.org").exists()


def test_refusal_by_the_issuer_is_an_answer(
    client: Client, arrive: Callable[..., Any], issuer: Issuer
) -> None:
    """Whoever makes up a code must not keep others out."""
    issuer.statuses["/token"] = 500
    arrive(client)
    issuer.statuses.clear()

    arrive(client)

    assert User.objects.filter(email="ada@example.org").exists()


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", ["", "nowhere", "javascript:alert(1)", "http://[bad"])
def test_endpoint_that_is_no_web_address_says_so(
    name: str, address: str, client: Client, issuer: Issuer, arrive: Callable[..., Any]
) -> None:
    issuer.answers["/.well-known/openid-configuration"][name] = address

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
