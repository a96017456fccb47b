"""Passkeys, authenticator apps and the look of the account pages in a real browser."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import Role, User
from tests.factories import make_user
from tests.web.sign_in import EMAIL, PAGES, PASSWORD, current_code, link_in

Check = Callable[[Page], None]


@pytest.fixture
def owned_site(live_site: str) -> str:
    """The address of a site that has its owner, so that others can sign up."""
    make_user("Olga Owner", role=Role.OWNER)
    return live_site


@pytest.fixture
def person(live_site: str) -> User:
    return create_user(email=EMAIL, name="Ada Byron", password=PASSWORD)


def add_device(page: Page, *, knows_its_owner: bool) -> None:
    """Give the browser a device that keeps passkeys, and whose owner does or doesn't unlock it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_its_owner,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page) -> None:
    page.goto(PAGES["account_login"])
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def confirm_it_is_still_you(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()


def enter_code(page: Page, label: str, secret: str, button: str) -> None:
    """Enter the current code; once more if it changed in between, as people do."""
    for _try in range(2):
        page.get_by_label(label).fill(current_code(secret))
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        if not page.get_by_text("That code is not right").is_visible():
            return


def sign_out(page: Page) -> None:
    page.goto(PAGES["account_logout"])
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_passkey_is_added_and_signs_in(
    page: Page, person: User, check_accessibility: Check
) -> None:
    add_device(page, knows_its_owner=True)
    sign_in(page)
    expect(page).to_have_url("/learn/")
    page.goto(PAGES["mfa_add_webauthn"])
    check_accessibility(page)
    confirm_it_is_still_you(page)
    check_accessibility(page)
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(PAGES["mfa_list_webauthn"])
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    check_accessibility(page)
    sign_out(page)

    page.goto(PAGES["account_login"] + "?next=/courses/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("heading", level=1, name="Catalog")).to_be_visible()
    expect(page).to_have_url("/courses/")
    expect(page.get_by_text("Account of Ada Byron")).to_be_attached()


def test_passkey_is_the_second_step_after_the_password(
    page: Page, person: User, check_accessibility: Check
) -> None:
    add_device(page, knows_its_owner=True)
    sign_in(page)
    expect(page).to_have_url("/learn/")
    page.goto(PAGES["mfa_add_webauthn"])
    confirm_it_is_still_you(page)
    page.get_by_label("Sign in with it instead of my password").uncheck()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url("/learn/")


def test_passkey_that_is_not_used_is_told_in_words(page: Page, person: User) -> None:
    add_device(page, knows_its_owner=False)
    page.goto(PAGES["account_login"])
    told = page.get_by_text("The passkey was not used.")
    expect(told).to_be_hidden()

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(told).to_be_visible()
    expect(page).to_have_url(PAGES["account_login"])


def test_authenticator_app_is_turned_on_and_asked_for(
    page: Page, person: User, check_accessibility: Check
) -> None:
    sign_in(page)
    expect(page).to_have_url("/learn/")
    page.goto(PAGES["mfa_activate_totp"])
    confirm_it_is_still_you(page)
    picture = page.get_by_alt_text("QR code for your authenticator app")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    check_accessibility(page)
    page.get_by_text("Can’t scan it?").click()
    secret = page.locator("#authenticator_secret").inner_text()
    enter_code(page, "Code from the app", secret, "Turn on")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check_accessibility(page)
    page.goto(PAGES["mfa_index"])
    check_accessibility(page)
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    enter_code(page, "Code", secret, "Sign in")

    expect(page).to_have_url("/learn/")


def test_sign_up_without_javascript(
    open_context: Callable[..., BrowserContext], owned_site: str
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/accounts/login/?next=/courses/")
    expect(page.get_by_role("button", name="passkey")).to_be_hidden()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Confirm your address")).to_be_visible()
    page.goto(link_in(mail.outbox[0]))
    page.get_by_role("button", name="Confirm").click()

    expect(page).to_have_url("/courses/")
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_entrance_is_accessible(page: Page, owned_site: str, check_accessibility: Check) -> None:
    for name in (
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_from_key",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_inactive",
    ):
        page.goto(PAGES[name])
        check_accessibility(page)


def test_entrance_with_mistakes_is_accessible(
    page: Page, owned_site: str, check_accessibility: Check
) -> None:
    page.goto(PAGES["account_signup"])
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill("1234")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()

    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    check_accessibility(page)


def test_settings_are_accessible(page: Page, person: User, check_accessibility: Check) -> None:
    sign_in(page)
    expect(page).to_have_url("/learn/")
    for name in (
        "account-settings",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_list_webauthn",
        "socialaccount_connections",
        "api-tokens",
        "account_logout",
    ):
        page.goto(PAGES[name])
        check_accessibility(page)
