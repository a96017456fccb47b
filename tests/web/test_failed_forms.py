"""Forms that come back: what has the focus, and passwords that can be read."""

import re

import pytest
from django.test import Client

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import User
from tests.web.sign_in import EMAIL, PASSWORD, SIGN_IN, SIGN_UP


@pytest.fixture
def person(db: None) -> User:
    return create_user(email=EMAIL, name="Ada", password=PASSWORD)


def focused(page: str) -> list[str]:
    """Return the names of the fields that have the focus when the page is there."""
    main = page.partition('id="content"')[2].partition("</main>")[0]
    fields = re.findall(r"<(?:input|select|textarea)[^>]*>", main)
    return [
        found[1]
        for field in fields
        if " autofocus" in field and (found := re.search(r'name="(\w+)"', field))
    ]


@pytest.mark.parametrize(
    ("path", "sent", "wrong"),
    [
        ("/accounts/login/", {"login": "no address", "password": "x"}, "login"),
        ("/accounts/login/", {"login": EMAIL}, "password"),
        ("/accounts/login/", SIGN_IN | {"password": "another one"}, "password"),
        (
            "/accounts/signup/",
            SIGN_UP | {"email": "new@example.org", "password1": "1"},
            "password1",
        ),
        ("/accounts/signup/", {"email": "x", "password1": "1"}, "name"),
        ("/accounts/password/reset/", {"email": "x"}, "email"),
    ],
)
def test_first_wrong_field_has_the_focus(
    path: str, sent: dict[str, str], wrong: str, client: Client, person: User
) -> None:
    assert focused(client.post(path, sent).content.decode()) == [wrong]


def test_first_wrong_field_of_own_pages_has_the_focus(client: Client, owner: User) -> None:
    client.force_login(owner)
    zone = client.post("/accounts/settings/", {"name": "Olga", "time_zone": "x"})
    color = client.post("/studio/settings/", {"accent": "blue", "sign_up": "open"})

    assert focused(zone.content.decode()) == ["time_zone"]
    assert focused(color.content.decode()) == ["accent"]


def test_fresh_form_leaves_the_focus_alone(client: Client, person: User) -> None:
    client.force_login(person)

    assert focused(client.get("/accounts/settings/").content.decode()) == []


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/studio/settings/mail/"]
)
def test_each_password_can_be_shown(path: str, client: Client, owner: User) -> None:
    if "studio" in path:
        client.force_login(owner)
    page = client.get(path).content.decode()

    count = page.count('type="password"')
    assert count == page.count('aria-pressed="false"') == page.count("data-shows") > 0
    assert page.count("show_password") == 1


def test_address_is_understood_as_it_was_pasted(client: Client, person: User) -> None:
    answer = client.post("/accounts/login/", SIGN_IN | {"login": f"Ada <\u200b{EMAIL}>\xa0"})

    assert answer.url == "/learn/"
