"""What the tests of pages share."""

import pytest

from stepwell.accounts.models import Role, User
from tests.factories import make_user


@pytest.fixture
def owner(db: None) -> User:
    """The owner, without whom a site lets nobody sign up or in."""
    return make_user("Olga Owner", role=Role.OWNER)
