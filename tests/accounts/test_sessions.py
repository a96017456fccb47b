"""Sessions bring their person along, and lose them at once when they should."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client

from stepwell.accounts.models import Session, User
from stepwell.accounts.sessions import SessionStore
from stepwell.core import clock
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MINE = "/accounts/tokens/"


@pytest.fixture
def user() -> User:
    return make_user("Ada Byron")


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


def test_session_names_its_person(client: Client, user: User) -> None:
    assert Session.objects.get().user == user
    assert is_signed_in(client)


def test_session_and_person_cost_one_query(client: Client, django_assert_num_queries: Any) -> None:
    store = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)

    with django_assert_num_queries(1):
        assert store["_auth_user_id"] == str(store.person.pk)  # type: ignore[union-attr]  # found


def test_session_of_a_stranger_has_no_person() -> None:
    store = SessionStore()
    store["seen"] = True
    store.save()

    found = SessionStore(store.session_key)

    assert found["seen"]
    assert found.person is None


def test_signing_out_elsewhere_ends_access_at_once(client: Client) -> None:
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert is_signed_in(stolen)

    client.post("/accounts/logout/")

    assert not is_signed_in(stolen)


def test_suspended_person_loses_access_at_once(client: Client, user: User) -> None:
    user.is_active = False
    user.save()

    assert not is_signed_in(client)


def test_changed_password_ends_other_sessions(client: Client, user: User) -> None:
    user.set_password("another calm desk")
    user.save()

    assert not is_signed_in(client)


def test_expired_session_is_none(client: Client) -> None:
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))

    assert not is_signed_in(client)


def test_session_by_a_way_in_that_was_closed_is_none(client: Client) -> None:
    session = client.session
    session[BACKEND_SESSION_KEY] = "stepwell.no.longer.Backend"
    session.save()

    assert not is_signed_in(client)


def test_person_is_who_the_signed_data_says_whatever_the_row_names(client: Client) -> None:
    Session.objects.update(user=make_user("Someone Else"))

    assert "Ada Byron" in client.get(MINE).content.decode()
