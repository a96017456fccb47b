"""Where people come back to after signing in, when their session ended before a form was sent."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from stepwell.accounts.models import User
from tests.factories import make_course, make_user

ROOM = "/studio/courses/физика/"


@pytest.fixture(autouse=True)
def someone(owner: User) -> User:
    """A course and a person whose addresses are not ASCII, as browsers encode them."""
    make_course([1], title="Физика")
    return make_user("Lucía")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/studio/members/lucía/", "/studio/members/"),
        (f"{ROOM}modules/", ROOM),
        (f"{ROOM}learners/lucía/removal/", f"{ROOM}learners/"),
        ("/courses/физика/start-over/", "/courses/физика/"),
    ],
)
def test_form_at_an_address_in_another_script_leads_back_to_a_page(path: str, page: str) -> None:
    client = Client()
    assert _way_back(client.post(path)["Location"]) == page
    sent_from = f"http://testserver{quote(ROOM)}?q=a"
    answer = client.post(path, headers={"Referer": sent_from})
    assert _way_back(answer["Location"]) == f"{quote(ROOM)}?q=a"
    assert "was not saved" in client.get(answer["Location"]).content.decode()


def test_fragment_at_an_address_in_another_script_leads_the_whole_page_to_sign_in() -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{quote(ROOM)}"}
    answer = Client().get(ROOM, headers=headers)
    assert _way_back(answer["HX-Redirect"]) == quote(ROOM)


def _way_back(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]
