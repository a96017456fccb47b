"""What allauth's pages, mails and single sign-on get from us."""

import inspect
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_two_step_adapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.conf import settings as site_settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from stepwell.accounts.adapter import AccountAdapter, SocialAccountAdapter, TwoStepAdapter
from stepwell.accounts.models import User
from stepwell.accounts.sessions import SessionStore
from stepwell.config import settings as settings_module
from tests.factories import make_user

TEMPLATES = Path(allauth.__file__).parent / "templates"
# Mails of features that are off: codes by mail instead of links.
OFF = {"login_code", "password_reset_code"}
MAILS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for path in TEMPLATES.glob("*/email/*_subject.txt")
    if path.name.removesuffix("_subject.txt") not in OFF
)


@pytest.fixture
def request_of_stranger(db: None) -> Iterator[HttpRequest]:
    """A request of a visitor, as the middleware would have made it."""
    request = RequestFactory().get("/accounts/login/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    request.allauth = SimpleNamespace()  # type: ignore[attr-defined]  # allauth's middleware sets it
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as Django's middleware does
    with context.request_context(request):
        yield request


@pytest.fixture
def single_sign_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Read the settings anew with single sign-on configured, and use what they say of it."""
    monkeypatch.setenv("STEPWELL_OIDC_NAME", "Riverside ID")
    monkeypatch.setenv("STEPWELL_OIDC_ISSUER", "https://id.example.org")
    monkeypatch.setenv("STEPWELL_OIDC_CLIENT_ID", "stepwell")
    monkeypatch.setenv("STEPWELL_OIDC_CLIENT_SECRET", "secret")
    read = runpy.run_path(settings_module.__file__)
    settings.SOCIALACCOUNT_PROVIDERS = read["SOCIALACCOUNT_PROVIDERS"]
    return read


@pytest.fixture
def arrive(request_of_stranger: HttpRequest, single_sign_on: dict[str, Any]) -> Callable[..., Any]:
    """Return a function that lets somebody arrive from single sign-on."""

    def arrive(**told: Any) -> Any:
        request_of_stranger.user = AnonymousUser()
        provider = get_social_adapter().get_provider(request_of_stranger, "oidc")
        login = provider.sociallogin_from_response(request_of_stranger, {"userinfo": told})
        return complete_social_login(request_of_stranger, login)

    return arrive


@pytest.mark.parametrize("adapter", [AccountAdapter, SocialAccountAdapter, TwoStepAdapter])
def test_overrides_can_be_called_as_allauth_calls_them(adapter: type) -> None:
    """A parameter of another name, or one left out, is a crash in the middle of a sign-in."""
    inherited = adapter.__mro__[1]
    shared = [name for name in vars(adapter) if callable(getattr(inherited, name, None))]

    assert shared
    for name in shared:
        theirs = list(inspect.signature(getattr(inherited, name)).parameters)
        ours = list(inspect.signature(getattr(adapter, name)).parameters)
        assert ours[: len(theirs)] == theirs, name


@pytest.mark.parametrize("prefix", MAILS)
def test_mail_is_ours(prefix: str, request_of_stranger: HttpRequest, settings: Any) -> None:
    named = {"name": "Fish & Chips School", "address": "http://school.example"}
    settings.SITE = settings.SITE.model_copy(update=named)
    facts = {
        "user": make_user("Ada <Byron>"),
        "request": request_of_stranger,
        "timestamp": timezone.now(),
        "provider": "Riverside ID",
    }

    mail = get_adapter().render_mail(prefix, "ada@example.org", facts)

    assert "Fish & Chips School" in mail.subject
    assert mail.body.startswith("Hello,\n")
    assert mail.body.endswith("Fish & Chips School\nhttp://school.example/")
    assert "!" not in mail.subject + mail.body
    assert "&lt;" not in mail.body
    assert mail.alternatives == []


def test_sign_in_page_offers_single_sign_on_by_its_name(
    client: Client, db: None, single_sign_on: dict[str, Any]
) -> None:
    make_user()

    text = client.get(reverse("account_login") + "?next=/courses/").content.decode()

    assert "Continue with Riverside ID" in text
    assert 'action="/accounts/oidc/oidc/login/?process=login&amp;next=%2Fcourses%2F"' in text


def test_sign_in_page_without_single_sign_on(client: Client, db: None) -> None:
    make_user()

    text = client.get(reverse("account_login")).content.decode()

    assert "Password" in text
    assert "Continue with" not in text


def test_settings_offer_to_connect_single_sign_on(
    client: Client, db: None, single_sign_on: dict[str, Any]
) -> None:
    client.force_login(make_user())

    text = client.get(reverse("socialaccount_connections")).content.decode()

    assert "Connect Riverside ID" in text
    assert 'aria-current="page">Connections<' in text


def test_forms_may_lead_to_single_sign_on_only_when_it_is_set(
    single_sign_on: dict[str, Any],
) -> None:
    allowed = single_sign_on["CONTENT_SECURITY_POLICY"]["form-action"]
    usual = site_settings.CONTENT_SECURITY_POLICY["form-action"]

    assert "https://id.example.org" in allowed
    assert usual == ["'self'"]


def test_single_sign_on_brings_name_and_gives_handles(arrive: Callable[..., Any]) -> None:
    for number in (1, 2):
        arrive(sub=str(number), name="Ada Byron", email=f"{number}@b.org", email_verified=True)

    people = User.objects.order_by("pk")
    assert [person.name for person in people] == ["Ada Byron", "Ada Byron"]
    assert people[0].handle == "ada-byron"
    assert people[1].handle not in {"", "ada-byron"}
    assert not people[0].has_usable_password()


def test_single_sign_on_with_name_in_parts(arrive: Callable[..., Any]) -> None:
    arrive(sub="1", given_name="Ada", family_name="Byron", email="a@b.org", email_verified=True)

    assert User.objects.get().name == "Ada Byron"


def test_single_sign_on_without_name(arrive: Callable[..., Any]) -> None:
    arrive(sub="1", email="countess@b.org", email_verified=True)

    assert User.objects.get().name == "countess"


def test_single_sign_on_with_a_name_that_others_cannot_read(arrive: Callable[..., Any]) -> None:
    arrive(sub="1", name="\u202eadA", given_name="Ada", email="a@b.org", email_verified=True)

    assert User.objects.get().name == "Ada"


def test_single_sign_on_twice_is_one_person(arrive: Callable[..., Any]) -> None:
    for _time in range(2):
        arrive(sub="1", name="Ada Byron", email="a@b.org", email_verified=True)

    assert User.objects.count() == 1


def test_single_sign_on_never_takes_over_an_account(arrive: Callable[..., Any]) -> None:
    owner = make_user()

    arrive(sub="1", name="Mallory", email=owner.email, email_verified=True)

    assert User.objects.get() == owner
    assert not owner.socialaccount_set.exists()  # type: ignore[attr-defined]  # allauth's relation


def test_authenticator_app_and_passkey_know_the_school_by_name(
    request_of_stranger: HttpRequest, settings: Any
) -> None:
    settings.SITE = settings.SITE.model_copy(update={"name": "Riverside School"})
    adapter = get_two_step_adapter()

    assert adapter.get_totp_issuer() == "Riverside School"
    assert adapter.get_public_key_credential_rp_entity() == {
        "id": "testserver",
        "name": "Riverside School",
    }
