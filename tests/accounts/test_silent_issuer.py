"""An issuer of single sign-on that is slow, silent or away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from stepwell.accounts import single_sign_on
from stepwell.accounts.models import User
from stepwell.accounts.single_sign_on import FRESH, SILENCE, STALE
from stepwell.core import clock
from tests.accounts.issuer import CONFIGURATION, Issuer


@pytest.mark.parametrize("path", [CONFIGURATION, "/token", "/userinfo"])
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
        configuration = issuer.answers[CONFIGURATION]
        away = "http://127.0.0.1:9/"
        configuration |= {"token_endpoint": away, "userinfo_endpoint": away}
        if path == CONFIGURATION:
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


@pytest.mark.parametrize("path", [CONFIGURATION, "/token"])
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
    """A stranger with a made-up code must not keep others out."""
    issuer.statuses["/token"] = 500
    arrive(client)
    issuer.statuses.clear()

    arrive(client)

    assert User.objects.filter(email="ada@example.org").exists()
