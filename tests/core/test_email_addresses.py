"""What an email address is."""

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from stepwell.accounts.models import User
from stepwell.core.email_addresses import AddressFormField, normalize_address, validate_address
from stepwell.web.admin import owners_site


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "müller@example.org",
        "user@münchen.example",
        "jörg.grün+class@example.org",
        "用户@例え.example",
        "उपयोगकर्ता@उदाहरण.example",
        "пользователь@пример.example",
        "o'neil@example.org",
        "ada@localhost",
    ],
)
def test_address_in_any_alphabet_is_valid(address: str) -> None:
    validate_address(address)
    assert AddressFormField().clean(f" {address.upper()}") == normalize_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "ada", "@example.org", "ada@", "ada@example", "a b@example.org", "ada@@example.org"),
        *("ada\u200b@example.org", "ada@exam\u200bple.org", "\u202eada@example.org"),
        *("ada\u00a0b@example.org", "ada@-.org", "ada@a..org", "ada.@example.org", "a\0@b.org"),
        *(
            "ada@example.org\n",
            "ada@" + 70 * "ü" + ".example",
            "💌@example.org",
            "ada＠example.org",
        ),
        *("ada\ufe0f@example.org", "a\u034fda@example.org", "ada@exam\u3164ple.org"),
        "ada\u115f@example.org",
    ],
)
def test_what_mail_can_not_reach_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(address)


def test_address_is_the_same_however_its_letters_are_put_together() -> None:
    assert normalize_address(" Mu\u0308ller@Example.org") == "müller@example.org"


def test_admin_takes_addresses_in_any_alphabet(db: None) -> None:
    form_class = owners_site()._registry[User].get_form(RequestFactory().get("/"))
    field = form_class.base_fields["email"]

    assert field.clean("Müller@example.org") == "müller@example.org"
    assert field.widget.input_type == "text"


def test_address_is_the_same_in_the_spelling_of_browsers() -> None:
    assert normalize_address("User@XN--mnchen-3ya.example") == "user@münchen.example"
    assert normalize_address("user@xn--a.example") == "user@xn--a.example"  # no such name
