"""Zones that people choose from, and the one that a browser brings."""

import zoneinfo

import pytest
from django.test import Client

from stepwell.accounts.actions import create_user, update_profile
from stepwell.accounts.models import User
from stepwell.accounts.time_zones import FORMER, places, zone_choices, zone_of_browser
from tests.web.sign_in import EMAIL, PASSWORD, SIGN_IN

JUNK = ["Etc/GMT+5", "posixrules", "US/Pacific", "GB", "localtime", "EST5EDT", "SystemV/PST8"]


def values(current: str) -> list[str]:
    """Return the zones that the select holds, in its order."""
    found: list[str] = []
    for value, inner in zone_choices(current):
        found += [value] if isinstance(inner, str) else [zone for zone, _name in inner]
    return found


def test_list_holds_each_place_once_and_no_junk() -> None:
    offered = values("UTC")

    assert {"UTC", "Europe/Berlin", "Europe/Oslo", "Asia/Kolkata", "America/Nuuk"} <= set(offered)
    assert len(offered) == len(set(offered)) > 300
    assert not {*JUNK, *FORMER} & set(offered)
    assert set(offered) <= zoneinfo.available_timezones()
    assert set(FORMER.values()) <= places()


def test_zone_stored_long_ago_can_be_kept(client: Client, db: None) -> None:
    person = create_user(email=EMAIL, name="Ada", password=PASSWORD)
    update_profile(user=person, name="Ada", time_zone="US/Pacific")
    client.force_login(person)

    client.post("/accounts/settings/", {"name": "Ada B", "time_zone": "US/Pacific"})

    person.refresh_from_db()
    assert (person.name, person.time_zone) == ("Ada B", "US/Pacific")
    assert values("US/Pacific")[0] == "US/Pacific"


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Etc/UTC", "UTC"),
        *((junk, "") for junk in [*JUNK, "../secret", "Mars/Olympus", ""]),
    ],
)
def test_zone_of_a_browser_is_one_of_the_list(name: str, zone: str) -> None:
    assert zone_of_browser(name) == zone


@pytest.mark.parametrize(("chosen", "kept"), [("", "Asia/Kolkata"), ("UTC", "UTC")])
def test_sign_in_brings_the_zone_until_one_is_chosen(
    chosen: str, kept: str, client: Client, db: None
) -> None:
    User.objects.filter(pk=create_user(email=EMAIL, name="Ada", password=PASSWORD).pk).update(
        time_zone=chosen
    )
    client.cookies["time_zone"] = "Asia/Calcutta"

    client.post("/accounts/login/", SIGN_IN)

    assert User.objects.get().time_zone == kept


def test_first_owner_has_the_zone_of_the_browser(client: Client, db: None) -> None:
    client.cookies["time_zone"] = "Pacific/Auckland"

    client.post(
        "/welcome/", {"name": "Olga", "email": "Olga <olga@example.org>", "password": PASSWORD}
    )

    assert User.objects.get().time_zone == "Pacific/Auckland"
    assert User.objects.get().email == "olga@example.org"
