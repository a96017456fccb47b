"""Files of courses: who is answered how, whole or in part."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from stepwell.courses.actions import save_attachment, update_lesson
from stepwell.courses.models import Course
from tests.factories import enroll, lessons_of, make_course, make_user

pytestmark = pytest.mark.django_db

FILM = bytes(range(256)) * 40
SIZE = len(FILM)
ALL_BROWSERS_TAKE = "gzip, deflate, br, zstd"


@pytest.fixture
def course(client: Client) -> Course:
    """A course with files, whose learner is signed in."""
    course = make_course()
    person = make_user()
    enroll(course, person)
    client.force_login(person)
    names = ("evil.html", "plan.svg", "film.mp4", "data.zip", "empty.txt")
    links = " ".join(f"[a](assets/{name})" for name in names)
    update_lesson(lesson=lessons_of(course)[0], body=links)
    for name in names:
        content = {"film.mp4": FILM, "data.zip": FILM, "empty.txt": b""}.get(name, b"<b>" * 500)
        save_attachment(course=course, name=name, content=ContentFile(content, name=name))
    return course


@pytest.fixture
def ask(client: Client, course: Course) -> Any:
    """Return a function that asks for a file and reads the answer to its end."""

    def ask(name: str = "film.mp4", method: str = "GET", **headers: str) -> Any:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = client.generic(method, f"/files/{course.key}/{name}", headers=named)
        answer.body = answer.getvalue()  # type: ignore[attr-defined]  # for the test to read
        return answer

    return ask


def test_attachment_is_disarmed(ask: Any) -> None:
    assert ask("evil.html")["Content-Disposition"].startswith("attachment")
    image = ask("plan.svg")
    assert "sandbox" in image["Content-Security-Policy"]
    assert image["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.txt", "größer".encode(), "text/plain; charset=utf-8"),
        ("plan.txt", "größer".encode("cp1252"), "text/plain; charset=windows-1252"),
        ("plan.csv", "größer".encode("utf-16"), "text/csv; charset=utf-16"),
        ("plan.json", b"{}", "application/json"),
    ],
)
def test_text_is_sent_with_its_charset(
    ask: Any, course: Course, name: str, content: bytes, kind: str
) -> None:
    save_attachment(course=course, name=name, content=ContentFile(content, name=name))
    update_lesson(lesson=lessons_of(course)[0], body=f"[a](assets/{name})")

    assert ask(name)["Content-Type"] == kind
    assert ask(name).body == content


@pytest.mark.parametrize("given", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_file_that_the_browser_has_is_not_sent_again(ask: Any, given: str) -> None:
    etag = ask()["ETag"]
    again = ask(If_None_Match=given.format(etag=etag))
    assert (again.status_code, again.body, again["ETag"]) == (304, b"", etag)
    assert ask(If_None_Match='"other"').status_code == 200


def test_changed_file_is_sent_at_once(ask: Any, course: Course) -> None:
    etag = ask("plan.svg")["ETag"]
    save_attachment(course=course, name="plan.svg", content=ContentFile(b"new", name="plan.svg"))

    answer = ask("plan.svg", If_None_Match=etag)

    assert (answer.status_code, answer.body) == (200, b"new")
    assert answer["ETag"] != etag


def test_whole_file_says_that_parts_can_be_had(ask: Any) -> None:
    answer = ask()
    assert (answer.status_code, answer.body) == (200, FILM)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Length"] == str(SIZE)


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(SIZE)),
        ("bytes=100-299", range(100, 300)),
        (f"bytes=5000-{SIZE}000", range(5000, SIZE)),
        (f"bytes={SIZE - 1}-", range(SIZE - 1, SIZE)),
        ("bytes=-1", range(SIZE - 1, SIZE)),
        (f"bytes=-{SIZE + 1}", range(SIZE)),
    ],
)
def test_part_of_a_file(ask: Any, wanted: str, part: range) -> None:
    answer = ask(Range=wanted, Accept_Encoding=ALL_BROWSERS_TAKE)
    assert (answer.status_code, answer.body) == (206, FILM[part.start : part.stop])
    assert answer["Content-Range"] == f"bytes {part.start}-{part.stop - 1}/{SIZE}"
    assert answer["Content-Length"] == str(len(part))
    assert answer["Content-Type"] == "video/mp4"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_part_that_the_file_does_not_have(ask: Any, wanted: str) -> None:
    answer = ask(Range=wanted)
    assert (answer.status_code, answer.body) == (416, b"")
    assert answer["Content-Range"] == f"bytes */{SIZE}"


def test_part_of_an_empty_file(ask: Any) -> None:
    assert ask("empty.txt", Range="bytes=0-")["Content-Range"] == "bytes */0"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=5-3",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,4-5",
        "lines=0-1",
        f"bytes={'9' * 5000}-",
        "bytes=²-",
    ],
)
def test_part_that_cannot_be_read_is_the_whole_file(ask: Any, wanted: str) -> None:
    answer = ask(Range=wanted)
    assert (answer.status_code, answer.body) == (200, FILM)


def test_part_of_another_version_is_the_whole_file(ask: Any) -> None:
    etag = ask()["ETag"]
    part = {"Range": "bytes=0-9"}
    assert ask(**part, If_Range=etag).status_code == 206
    for other in ('"other"', f"W/{etag}", "Mon, 23 Nov 2026 12:00:00 GMT"):
        assert ask(**part, If_Range=other).status_code == 200


def test_head_knows_no_parts(ask: Any) -> None:
    answer = ask(method="HEAD", Range="bytes=0-9")
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))


@pytest.mark.parametrize("name", ["film.mp4", "data.zip", "plan.svg"])
def test_file_is_not_compressed_on_its_way(ask: Any, name: str) -> None:
    answer = ask(name, Accept_Encoding=ALL_BROWSERS_TAKE)
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["ETag"].startswith('"')
