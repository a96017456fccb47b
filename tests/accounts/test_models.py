"""What the database itself refuses about people."""

import pytest
from django.db import IntegrityError

from stepwell.accounts.models import Role, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_same_address_in_another_case_is_refused() -> None:
    User.objects.create(email="ada@example.org", handle="ada", name="Ada")

    with pytest.raises(IntegrityError):
        User.objects.create(email="ADA@example.org", handle="another", name="Ada")


def test_same_handle_is_refused() -> None:
    user = make_user()

    with pytest.raises(IntegrityError):
        User.objects.create(email="another@example.org", handle=user.handle, name="Ada")


def test_unknown_role_is_refused() -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(email="ada@example.org", handle="ada", name="Ada", role="queen")


@pytest.mark.parametrize(
    ("role", "is_owner", "is_instructor"),
    [
        (Role.LEARNER, False, False),
        (Role.INSTRUCTOR, False, True),
        (Role.OWNER, True, True),
    ],
)
def test_owners_are_instructors_too(role: Role, is_owner: bool, is_instructor: bool) -> None:
    user = make_user(role=role)

    assert (user.is_owner, user.is_instructor) == (is_owner, is_instructor)


def test_sign_in_finds_the_address_in_any_case() -> None:
    user = make_user()

    assert User.objects.get_by_natural_key(user.email.upper()) == user
