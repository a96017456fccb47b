"""The pages of accounts, walked as a stranger and as a person who is signed in."""

import re

import pytest
from django.test import Client

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import User
from tests.web.sign_in import EMAIL, PAGES, PASSWORD, SIGN_IN, SIGN_UP, is_ours

# Answers other than a page or a way to one: the thing isn't there, or the page tells of an error.
STRANGERS_ERRORS = {
    "socialaccount_login_error": 401,
    "openid_connect_login": 404,
    "openid_connect_callback": 404,
}
MEMBERS_ERRORS = STRANGERS_ERRORS | {
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_download_recovery_codes": 404,
}


@pytest.fixture
def person(db: None) -> User:
    return create_user(email=EMAIL, name="Ada Byron", password=PASSWORD)


def test_account_pages_are_all_found() -> None:
    assert len(PAGES) > 25


@pytest.mark.parametrize("name", PAGES)
def test_account_page_for_stranger(name: str, client: Client, owner: User) -> None:
    response = client.get(PAGES[name])

    assert response.status_code in {STRANGERS_ERRORS.get(name, 200), 302}
    assert response.status_code == 302 or is_ours(response)


@pytest.mark.parametrize("name", PAGES)
def test_account_page_for_person_who_is_signed_in(name: str, client: Client, person: User) -> None:
    client.force_login(person)

    response = client.get(PAGES[name])

    assert response.status_code in {MEMBERS_ERRORS.get(name, 200), 302}
    assert response.status_code == 302 or is_ours(response)


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "mfa_index", "socialaccount_connections"]
)
def test_settings_page_has_tabs(name: str, client: Client, person: User) -> None:
    client.force_login(person)

    text = client.get(PAGES[name]).content.decode()

    assert "<h1>Settings</h1>" in text
    assert 'class="tabs"' in text


def test_settings_tab_of_page_is_current(client: Client, person: User) -> None:
    client.force_login(person)

    text = client.get(PAGES["account_change_password"]).content.decode()

    assert re.findall(r'aria-current="page">([^<]+)<', text) == ["Password"]


def test_sign_up_form_asks_name_address_password(client: Client, owner: User) -> None:
    response = client.get(PAGES["account_signup"])
    text = response.content.decode()

    assert list(response.context["form"].fields) == ["name", "email", "password1"]
    assert "At least 8 characters" in text
    assert "placeholder" not in text
    assert 'aria-describedby="id_password1_helptext"' in text
    assert 'id="id_password1_helptext"' in text


def test_sign_up_form_keeps_what_was_typed_and_marks_the_field(client: Client, owner: User) -> None:
    response = client.post(PAGES["account_signup"], SIGN_UP | {"password1": "1234"})
    text = response.content.decode()

    assert 'value="Ada Byron"' in text
    assert f'value="{EMAIL}"' in text
    assert text.count('id="id_password1_error"') == 1
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in text
    assert User.objects.get() == owner


@pytest.mark.parametrize(
    ("page", "other"), [("account_login", "account_signup"), ("account_signup", "account_login")]
)
def test_next_page_is_carried_between_sign_in_and_sign_up(
    page: str, other: str, client: Client, owner: User
) -> None:
    text = client.get(PAGES[page] + "?next=/courses/").content.decode()

    assert f'href="{PAGES[other]}?next=%2Fcourses%2F"' in text
    assert '<input type="hidden" name="next" value="/courses/">' in text


@pytest.mark.parametrize("wanted", ["http://[", "//[x", "http://a]/b"])
def test_next_page_that_is_no_address_is_ignored(wanted: str, client: Client, person: User) -> None:
    for address in PAGES.values():
        assert client.get(address, {"next": wanted}).status_code < 500

    signed_in = client.post(PAGES["account_login"], SIGN_IN | {"next": wanted})
    assert signed_in["Location"] == "/learn/"


@pytest.mark.parametrize("page", ["login", "login/callback"])
def test_sign_on_by_a_name_that_no_database_takes_is_refused(
    page: str, client: Client, owner: User
) -> None:
    assert client.get(f"/accounts/oidc/%00/{page}/").status_code == 400
