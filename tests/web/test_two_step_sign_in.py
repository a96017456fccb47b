"""Authenticator apps and recovery codes; passkeys need a browser (tests/e2e/test_accounts.py)."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.test import Client

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import User
from tests.web.sign_in import EMAIL, PAGES, PASSWORD, SIGN_IN, current_code, link_in


@pytest.fixture
def person(db: None) -> User:
    return create_user(email=EMAIL, name="Ada Byron", password=PASSWORD)


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock, so that no code runs out between reading and entering it."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def secret(client: Client, person: User) -> str:
    """Turn the app on and sign out."""
    client.force_login(person)
    client.post(
        PAGES["account_reauthenticate"] + "?next=" + PAGES["mfa_activate_totp"],
        {"password": PASSWORD},
    )
    page = client.get(PAGES["mfa_activate_totp"])
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret: str = client.session[SECRET_SESSION_KEY]
    codes = client.post(PAGES["mfa_activate_totp"], {"code": current_code(secret)}, follow=True)
    assert "Recovery codes" in codes.content.decode()
    client.logout()
    return secret


def test_sign_in_asks_for_code(client: Client, secret: str) -> None:
    fields = {"login": EMAIL, "password": PASSWORD, "next": "/courses/"}

    asked = client.post(PAGES["account_login"], fields, follow=True)
    assert "Second step" in asked.content.decode()
    # Who signs in as someone else still wants that page.
    assert 'value="/accounts/login/?next=%2Fcourses%2F"' in asked.content.decode()
    assert "Use a passkey" not in asked.content.decode()
    assert "_auth_user_id" not in client.session
    wrong = client.post(PAGES["mfa_authenticate"], {"code": "nonsense"})
    assert "That code is not right" in wrong.content.decode()
    entered = client.post(PAGES["mfa_authenticate"], {"code": current_code(secret)})

    assert entered.url == "/courses/"


def test_code_works_once(client: Client, secret: str) -> None:
    answers = []
    for browser in (client, Client()):
        browser.post(PAGES["account_login"], SIGN_IN)
        answers.append(browser.post(PAGES["mfa_authenticate"], {"code": current_code(secret)}))

    assert [answer.status_code for answer in answers] == [302, 200]


def test_recovery_code_replaces_the_app(client: Client, secret: str, person: User) -> None:
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    code = codes.get_unused_codes()[0]

    client.post(PAGES["account_login"], SIGN_IN)

    assert client.post(PAGES["mfa_authenticate"], {"code": code}).url == "/learn/"


def test_address_cannot_change_and_the_page_says_what_to_do(
    client: Client, secret: str, person: User
) -> None:
    client.force_login(person)

    page = client.post(PAGES["account_email"], {"action_add": "", "email": "new@example.org"})

    assert "Turn two-step sign-in off" in page.content.decode()


@pytest.mark.parametrize("page", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_unconfirmed_address_must_be_confirmed_first(
    client: Client, person: User, page: str
) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)
    client.force_login(person)

    answer = client.get(PAGES[page], follow=True)

    assert answer.redirect_chain == [(PAGES["mfa_index"], 302)]
    assert "Confirm your address first" in answer.content.decode()
    assert "Send it again" in client.get(PAGES["account_email"]).content.decode()


def test_code_is_asked_after_the_address_is_confirmed(
    client: Client, secret: str, person: User
) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)
    mail.outbox.clear()

    asked = client.post(PAGES["account_login"], SIGN_IN, follow=True)

    assert "Confirm your address" in asked.content.decode()
    confirmed = client.post(link_in(mail.outbox[0]), follow=True)
    assert "Second step" in confirmed.content.decode()
    assert client.post(PAGES["mfa_authenticate"], {"code": current_code(secret)}).url == "/learn/"


def test_passkey_that_does_not_fit_leads_back_to_sign_in(client: Client, person: User) -> None:
    answer = client.post(PAGES["mfa_login_webauthn"], {"credential": "{}"}, follow=True)

    assert answer.redirect_chain == [(PAGES["account_login"], 302)]
    assert 'class="message message-error"' in answer.content.decode()
