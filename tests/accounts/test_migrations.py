"""What migrations do to rows that are there already."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from stepwell.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_domains_are_written_as_they_are_looked_up() -> None:
    person, other = make_user(), make_user()
    User.objects.filter(pk=person.pk).update(email="ada@xn--mnchen-3ya.example")
    User.objects.filter(pk=other.pk).update(email="ada@münchen.example")
    EmailAddress.objects.create(user=other, email="bo@xn--mnchen-3ya.example")

    migration = import_module("stepwell.accounts.migrations.0005_readable_domains")
    migration.write_domains_readably(apps, None)

    assert EmailAddress.objects.filter(email="bo@münchen.example").exists()
    person.refresh_from_db()
    assert person.email == "ada@xn--mnchen-3ya.example"  # the other one is somebody else's
    other.delete()
    migration.write_domains_readably(apps, None)
    person.refresh_from_db()
    assert person.email == "ada@münchen.example"
