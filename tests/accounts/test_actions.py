"""The verbs of accounts."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.actions import (
    create_api_token,
    create_first_owner,
    create_user,
    revoke_api_token,
    save_with_free_handle,
    set_role,
    update_profile,
)
from stepwell.accounts.errors import (
    BadEmail,
    BadLabel,
    BadName,
    EmailTaken,
    LastOwner,
    OwnerExists,
    WeakPassword,
)
from stepwell.accounts.models import ApiToken, Role, User
from stepwell.accounts.queries import get_user_by_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db

RunInThreads = Callable[..., list[Any]]

PASSWORD = "a sentence is a good one"


def create(
    email: str = "ada@example.org", name: str | None = "Ada", password: str | None = None
) -> User:
    return create_user(email=email, name=name, password=password)


def errors_in(results: list[Any]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


# create_user


def test_create_makes_a_learner_whose_address_is_verified() -> None:
    user = create_user(email=" Ada@Example.org ", name=" Ada Lovelace ", password=PASSWORD)

    user.refresh_from_db()
    assert (user.email, user.name, user.handle) == (
        "ada@example.org",
        "Ada Lovelace",
        "ada-lovelace",
    )
    assert (user.role, user.is_active, user.is_owner, user.is_instructor) == (
        Role.LEARNER,
        True,
        False,
        False,
    )
    address = EmailAddress.objects.get()
    assert (address.user, address.email, address.verified, address.primary) == (
        user,
        "ada@example.org",
        True,
        True,
    )
    assert authenticate(email="ada@example.org", password=PASSWORD) == user


def test_create_without_password_lets_nobody_in_by_one() -> None:
    user = create()

    assert not user.has_usable_password()
    assert authenticate(email=user.email, password="") is None


def test_create_without_name_takes_it_from_the_address() -> None:
    user = create(email="ada.lovelace@example.org", name=None)

    assert (user.name, user.handle) == ("ada.lovelace", "adalovelace")


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "\x07bell", "Ada\udce9", "\u202eAda"])
def test_create_with_a_name_that_others_cannot_read_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        create(name=name)

    assert not User.objects.exists()


TOO_LONG = f"ada@{'.'.join(['x' * 60] * 5)}.org"


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "ada@example", "a b@c.org", TOO_LONG]
)
def test_create_with_a_bad_address_is_refused(email: str) -> None:
    with pytest.raises(BadEmail) as refusal:
        create(email=email)

    assert refusal.value.data == {"email": email}
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG", " Ada@Example.org\n"])
def test_create_with_a_taken_address_is_refused_in_any_case(email: str) -> None:
    create()

    with pytest.raises(EmailTaken):
        create(email=email, name="Another")

    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_create_with_somebodys_second_address_is_refused() -> None:
    user = create()
    EmailAddress.objects.create(user=user, email="second@example.org", verified=True)

    with pytest.raises(EmailTaken):
        create(email="second@example.org")

    assert User.objects.get() == user


@pytest.mark.parametrize("password", ["", "short", "password", "12345678901", "lovelace@example"])
def test_create_with_a_weak_password_is_refused_with_its_reasons(password: str) -> None:
    with pytest.raises(WeakPassword, match=r"Choose another password\. \w+"):
        create_user(email="lovelace@example.org", name="Ada", password=password)

    assert not User.objects.exists()


def test_create_takes_so_many_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(13):
        create()


# Handles


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("José Ñandú", "josé-ñandú"),
        ("山田 太郎", "山田-太郎"),
        ("Мария", "мария"),
        ("!!!", "member"),
        ("x" * 120, "x" * 80),
    ],
)
def test_handle_is_made_of_the_name(name: str, handle: str) -> None:
    assert create(name=name).handle == handle


def test_handle_that_is_taken_gets_a_number() -> None:
    handles = [make_user(name).handle for name in ("José", "josé", "JOSÉ", "???", "???")]

    assert handles == ["josé", "josé-2", "josé-3", "member", "member-2"]


def test_saving_with_a_free_handle_refuses_a_taken_address() -> None:
    create()

    with pytest.raises(EmailTaken):
        save_with_free_handle(User(email="ADA@example.org", name="Another"))

    assert User.objects.count() == 1


def test_saving_against_another_rule_is_no_matter_of_the_address() -> None:
    with pytest.raises(IntegrityError):
        save_with_free_handle(User(email="ada@example.org", name="Ada", role="queen"))


def test_people_of_one_name_come_in_at_once(run_in_threads: RunInThreads) -> None:
    def come(number: int) -> User:
        return create(email=f"ada{number}@example.org")

    results = run_in_threads(*[lambda number=number: come(number) for number in range(20)])

    assert errors_in(results) == []
    assert {user.handle for user in results} == {
        "ada",
        *(f"ada-{number}" for number in range(2, 21)),
    }


def test_one_address_comes_in_once(run_in_threads: RunInThreads) -> None:
    results = run_in_threads(*[create] * 10)

    assert {type(error) for error in errors_in(results)} == {EmailTaken}
    assert len(errors_in(results)) == 9
    assert User.objects.count() == EmailAddress.objects.count() == 1


# create_first_owner


def own(number: int = 1) -> User:
    return create_first_owner(email=f"owner{number}@example.org", name="Owner", password=PASSWORD)


def test_first_owner_owns_an_empty_site() -> None:
    user = own()

    assert User.objects.get() == user
    assert user.is_owner
    assert user.is_instructor
    assert authenticate(email=user.email, password=PASSWORD) == user


def test_first_owner_is_refused_where_anyone_is() -> None:
    make_user()

    with pytest.raises(OwnerExists):
        own()

    assert not User.objects.filter(role=Role.OWNER).exists()


def test_first_owner_is_refused_a_weak_password_and_may_try_again() -> None:
    with pytest.raises(WeakPassword):
        create_first_owner(email="owner@example.org", name="Owner", password="short")

    assert own().is_owner


def test_first_owner_of_many_at_once_is_one(run_in_threads: RunInThreads) -> None:
    results = run_in_threads(*[lambda number=number: own(number) for number in range(10)])

    assert {type(error) for error in errors_in(results)} == {OwnerExists}
    assert [result for result in results if isinstance(result, User)] == [User.objects.get()]


# set_role


def test_role_is_given_and_given_again() -> None:
    user = make_user()

    for _time in range(2):
        assert set_role(user=user, role=Role.INSTRUCTOR).role == Role.INSTRUCTOR

    assert User.objects.get().role == Role.INSTRUCTOR


@pytest.mark.parametrize("role", [Role.LEARNER, Role.INSTRUCTOR])
def test_last_owner_stays_one(role: Role) -> None:
    owner = make_user(role=Role.OWNER)
    closed = make_user(role=Role.OWNER)
    User.objects.filter(pk=closed.pk).update(is_active=False)

    with pytest.raises(LastOwner, match=owner.email):
        set_role(user=owner, role=role)

    assert User.objects.get(pk=owner.pk).is_owner
    assert set_role(user=owner, role=Role.OWNER).is_owner


def test_owner_beside_another_may_step_back() -> None:
    first, second = make_user(role=Role.OWNER), make_user(role=Role.OWNER)

    set_role(user=first, role=Role.LEARNER)

    assert list(User.objects.filter(role=Role.OWNER)) == [second]


def test_of_all_owners_who_step_back_at_once_one_stays(run_in_threads: RunInThreads) -> None:
    owners = [make_user(role=Role.OWNER) for _number in range(6)]

    results = run_in_threads(
        *[lambda user=user: set_role(user=user, role=Role.LEARNER) for user in owners]
    )

    assert [type(error) for error in errors_in(results)] == [LastOwner]
    assert User.objects.filter(role=Role.OWNER).count() == 1


# Tokens


def test_token_lets_its_person_in_and_is_kept_as_a_digest_only() -> None:
    user = make_user()

    token, secret = create_api_token(user=user, label=" Laptop ")

    assert secret.startswith("stw_")
    assert len(secret) > 40
    assert get_user_by_token(secret) == user
    token.refresh_from_db()
    assert (token.user, token.label, token.hint) == (user, "Laptop", secret[:8])
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apitoken")
        assert secret not in str(cursor.fetchall())


def test_token_of_every_call_is_another() -> None:
    user = make_user()
    secrets = {create_api_token(user=user, label="")[1] for _token in range(3)}

    assert len(secrets) == 3
    assert set(ApiToken.objects.values_list("label", flat=True)) == {"token"}


@pytest.mark.parametrize("label", ["x" * 81, "\x07", "Laptop\udce9"])
def test_token_with_a_label_that_nobody_can_read_is_refused(label: str) -> None:
    with pytest.raises(BadLabel):
        create_api_token(user=make_user(), label=label)

    assert not ApiToken.objects.exists()


def test_revoked_token_lets_nobody_in() -> None:
    user = make_user()
    token, secret = create_api_token(user=user, label="Laptop")
    _other, kept = create_api_token(user=user, label="Phone")

    revoke_api_token(token=token)
    revoke_api_token(token=token)

    assert get_user_by_token(secret) is None
    assert get_user_by_token(kept) == user


# update_profile


def test_profile_keeps_name_and_zone_and_the_handle() -> None:
    user = make_user("Ada")

    for _time in range(2):
        update_profile(user=user, name=" Ada Lovelace ", time_zone="Europe/London")

    user.refresh_from_db()
    assert (user.name, user.time_zone, user.handle) == ("Ada Lovelace", "Europe/London", "ada")


def test_profile_with_a_name_that_others_cannot_read_is_refused() -> None:
    user = make_user("Ada")

    with pytest.raises(BadName):
        update_profile(user=user, name="\u202eAda", time_zone="Europe/London")

    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ada", "")
