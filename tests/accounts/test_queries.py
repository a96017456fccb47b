"""Reads of accounts."""

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.actions import create_api_token, create_user
from stepwell.accounts.errors import UnknownPerson
from stepwell.accounts.models import User
from stepwell.accounts.queries import get_user_by_email, get_user_by_token, has_any_user
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["ada@example.org", " ADA@Example.org "])
def test_person_is_found_by_address_in_any_case(email: str) -> None:
    make_user()
    user = create_user(email="ada@example.org", name="Ada", password=None)

    assert get_user_by_email(email) == user


def test_person_who_is_not_here_is_unknown() -> None:
    make_user()

    with pytest.raises(UnknownPerson, match=r"Nobody here has the address ada@example\.org"):
        get_user_by_email("ada@example.org")


@pytest.mark.parametrize("secret", ["", "stw_", "stw_guess"])
def test_wrong_token_lets_nobody_in(secret: str) -> None:
    create_api_token(user=make_user(), label="Laptop")

    assert get_user_by_token(secret) is None


def test_digest_is_no_token() -> None:
    token, _secret = create_api_token(user=make_user(), label="Laptop")

    assert get_user_by_token(token.digest) is None
    assert get_user_by_token(token.hint) is None


def test_token_of_somebody_inactive_lets_nobody_in() -> None:
    user = make_user()
    _token, secret = create_api_token(user=user, label="Laptop")
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert get_user_by_token(secret) is None


@pytest.mark.parametrize("tokens", [1, 3])
def test_token_takes_one_query(
    tokens: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make_user()
    secrets = [create_api_token(user=user, label="Laptop")[1] for _token in range(tokens)]

    with django_assert_num_queries(1):
        assert get_user_by_token(secrets[-1]) == user


def test_site_has_its_first_account_or_not() -> None:
    assert not has_any_user()
    make_user()
    assert has_any_user()
