"""What browsers keep for the time without a connection."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from stepwell.school.actions import set_logo, update_school
from tests.school.test_school import picture

pytestmark = pytest.mark.django_db

PAGES = ("/offline/", "/offline/unsent/")


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_pages_look_like_the_school(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    logo = set_logo(picture=picture()).logo
    update_school(name="Brook School", accent="#7a3b00")

    worker = text_of(client, "/service-worker.js")
    for address in PAGES:
        page = text_of(client, address)
        assert "<span>Brook School</span>" in page
        [colors] = [part for part in page.split('"') if part.startswith("/school/1")]
        for file in (f"/school/logo/{logo}.png", colors):
            assert file in page
            assert f'"{file}"' in worker


def test_browsers_fetch_the_pages_again_after_the_school_was_renamed(client: Client) -> None:
    update_school(name="Brook School")
    before = text_of(client, "/service-worker.js")
    update_school(name="River School")

    assert text_of(client, "/service-worker.js") != before
