"""How often sign-in may be tried, and by whom."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from stepwell.accounts.actions import create_user
from stepwell.accounts.adapter import AccountAdapter
from stepwell.accounts.models import User
from stepwell.config.site import SiteSettings
from tests.factories import enroll, make_course, make_user
from tests.web.sign_in import EMAIL, PAGES, PASSWORD, SIGN_IN, SIGN_UP, is_ours


@pytest.fixture
def person(db: None) -> User:
    return create_user(email=EMAIL, name="Ada Byron", password=PASSWORD)


def test_sixth_wrong_password_closes_one_account_only(client: Client, person: User) -> None:
    other = create_user(email="other@example.org", name="Other", password=PASSWORD)
    for _try in range(5):
        client.post(PAGES["account_login"], {"login": EMAIL, "password": "wrong"})

    refused = client.post(PAGES["account_login"], SIGN_IN)
    neighbor = Client().post(PAGES["account_login"], {"login": other.email, "password": PASSWORD})

    assert "Too many tries" in refused.content.decode()
    assert neighbor.url == "/learn/"


@pytest.mark.parametrize("secure", [False, True])
def test_wrong_passwords_count_whatever_the_request_calls_the_site(
    client: Client, person: User, settings: Any, *, secure: bool
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    spellings = [EMAIL, EMAIL.upper(), f" {EMAIL} ", "Ada@Example.org", f"{EMAIL}\n"]
    for number, spelling in enumerate(spellings):
        client.post(
            PAGES["account_login"],
            {"login": spelling, "password": "wrong"},
            headers={"host": f"host{number}.example:{1000 + number}"},
            secure=secure,
        )

    refused = client.post(PAGES["account_login"], SIGN_IN, headers={"host": "b.example:9"})

    assert "Too many tries" in refused.content.decode()


def test_wrong_passwords_count_by_account_for_the_new_address_too(
    client: Client, person: User
) -> None:
    EmailAddress.objects.create(user=person, email="new@example.org")
    for number in range(5):
        address = "new@example.org" if number % 2 else EMAIL
        client.post(PAGES["account_login"], {"login": address, "password": "wrong"})

    refused = client.post(PAGES["account_login"], SIGN_IN)

    assert "Too many tries" in refused.content.decode()


def test_wrong_passwords_before_a_change_ask_the_same_count(client: Client, person: User) -> None:
    client.force_login(person)
    for number in range(5):
        client.post(
            PAGES["account_reauthenticate"],
            {"password": "wrong"},
            headers={"host": f"localhost:{number + 1}"},
        )

    refused = Client().post(PAGES["account_login"], SIGN_IN)

    assert "Too many tries" in refused.content.decode()


@pytest.mark.parametrize("named", ["192.0.2.7, 198.51.100.4", "198.51.100.4"])
def test_visitors_address_is_the_one_that_our_proxy_saw(settings: Any, named: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", headers={"x-forwarded-for": named})

    assert AccountAdapter().get_client_ip(request) == "198.51.100.4"


def test_visitors_address_is_the_connections_without_a_proxy() -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "192.0.2.7"})

    assert AccountAdapter().get_client_ip(request) == "127.0.0.1"


def test_visitors_of_the_old_internet_are_told_apart_on_the_new_one() -> None:
    """allauth counts the first half of an IPv6 address, which is the same for all IPv4 ones."""
    request = RequestFactory().get("/", REMOTE_ADDR="::ffff:198.51.100.4")

    assert AccountAdapter().get_client_ip(request) == "198.51.100.4"


def test_mails_lead_to_the_address_whatever_the_request_calls_the_site(
    client: Client, person: User, settings: Any
) -> None:
    settings.SITE = SiteSettings(data=settings.SITE.data, address="https://school.example")
    client.post(
        PAGES["account_reset_password"], {"email": EMAIL}, headers={"host": "localhost:8000"}
    )

    body = str(mail.outbox[0].body)
    assert "https://school.example/accounts/password/reset/key/" in body
    assert "localhost" not in body


def test_tries_are_counted_in_the_database(client: Client, person: User) -> None:
    client.post(PAGES["account_login"], {"login": EMAIL, "password": "wrong"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM accounts_cache WHERE cache_key LIKE '%login%'")
        (count,) = cursor.fetchone()
    assert count == 3


@pytest.mark.usefixtures("owner")
def test_class_behind_one_address_signs_up() -> None:
    for number in range(40):
        answer = Client().post(
            PAGES["account_signup"], SIGN_UP | {"email": f"pupil{number}@example.org"}
        )
        assert answer.status_code == 302

    assert User.objects.filter(email__startswith="pupil").count() == 40


def test_too_many_sign_ups_get_our_page(client: Client, owner: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post(PAGES["account_signup"], {})

    refused = client.post(PAGES["account_signup"], {})

    assert refused.status_code == 429
    assert is_ours(refused)


def test_people_who_sign_in_at_once_all_get_in(run_in_threads: Callable[..., list[Any]]) -> None:
    people = [
        create_user(email=f"pupil{number}@example.org", name="Pupil", password=PASSWORD)
        for number in range(8)
    ]

    def sign_in(person: User) -> Callable[[], str]:
        fields = {"login": person.email, "password": PASSWORD}
        return lambda: str(Client().post(PAGES["account_login"], fields).url)  # type: ignore[attr-defined]  # a redirect

    assert run_in_threads(*[sign_in(person) for person in people]) == ["/learn/"] * 8


def test_learners_pages_never_touch_the_counts(client: Client, db: None) -> None:
    course = make_course()
    learner = make_user()
    enroll(course, learner)
    client.force_login(learner)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        for address in ("/", "/courses/", f"/courses/{course.slug}/", "/learn/"):
            assert client.get(address).status_code in {200, 302}

    assert not [query for query in queries if "accounts_cache" in query["sql"]]
