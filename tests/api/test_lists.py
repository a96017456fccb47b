"""The bounds of long answers."""

import pytest

from tests.api.calls import Caller, refused
from tests.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles() -> list[str]:
    titles = ["A", "B", "C"]
    for title in titles:
        make_course([1], title=title)
    return titles


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "ABC"),
        ("?limit=1", "A"),
        ("?limit=2&offset=1", "BC"),
        ("?limit=200&offset=2", "C"),
        ("?offset=3", ""),
        ("?offset=2147483647", ""),
    ],
)
def test_window_shows_its_part_and_the_whole_count(
    titles: list[str], query: str, wanted: str
) -> None:
    body = Caller().get(f"courses{query}").json()

    assert [item["title"] for item in body["items"]] == list(wanted)
    assert body["count"] == 3


def test_window_holds_fifty_unless_asked() -> None:
    parameters = (
        Caller().get("openapi.json").json()["paths"]["/api/v1/courses"]["get"]["parameters"]
    )
    limit, offset = parameters[:2]

    assert (limit["schema"]["default"], limit["schema"]["maximum"]) == (50, 200)
    assert offset["schema"]["default"] == 0


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("limit=0", {"limit": ["Write 1 or more."]}),
        ("limit=201", {"limit": ["Write 200 or less."]}),
        ("limit=many", {"limit": ["Write a whole number."]}),
        ("limit=", {"limit": ["Write a whole number."]}),
        ("offset=-1", {"offset": ["Write 0 or more."]}),
        ("offset=99999999999999999999", {"offset": ["Write 2147483647 or less."]}),
        ("limit=9" + "9" * 5000, {"limit": ["Write a smaller number."]}),
        (f"q={'x' * 201}", {"q": ["Write at most 200 characters."]}),
        (
            "limit=0&offset=-1",
            {"limit": ["Write 1 or more."], "offset": ["Write 0 or more."]},
        ),
    ],
)
def test_window_out_of_bounds(query: str, fields: dict[str, list[str]]) -> None:
    response = Caller().get(f"courses?{query}")

    assert refused(response) == (422, "invalid")
    assert response.json()["error"]["fields"] == fields
