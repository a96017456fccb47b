"""The studio refuses texts that would become too much, and opens those that were stored before."""

from typing import Any

import pytest
from django.test import Client

from stepwell.courses.actions import set_instructors
from stepwell.courses.models import Lesson
from tests.factories import lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db

TOO_LARGE = "- a\n" * 5_000


@pytest.fixture
def lesson(client: Client) -> Lesson:
    """Return a lesson of the instructor who is signed in."""
    course, ines = make_course([1]), make_instructor("Ines")
    set_instructors(course=course, instructors=[ines])
    client.force_login(ines)
    return lessons_of(course)[0]


def send(client: Client, lesson: Lesson, end: str, body: Any) -> Any:
    address = f"/studio/courses/{lesson.course.slug}/lessons/{lesson.key}/{end}/"
    return client.post(address, body, content_type="application/json")


@pytest.mark.parametrize("end", ["text", "draft"])
def test_text_over_the_limits_is_refused_with_the_limit(
    client: Client, lesson: Lesson, end: str
) -> None:
    answer = send(client, lesson, end, {"base": 1, "title": "T", "markdown": TOO_LARGE})

    assert answer.status_code == 422
    assert "more than 15,000 parts" in answer.json()["error"]


def test_form_with_a_text_over_the_limits_keeps_what_was_typed(
    client: Client, lesson: Lesson
) -> None:
    address = f"/studio/courses/{lesson.course.slug}/lessons/{lesson.key}/"
    answer = client.post(address, {"base": "1", "title": "T", "body": TOO_LARGE})

    assert answer.status_code == 422
    assert "more than 15,000 parts" in answer.text
    assert TOO_LARGE in answer.text


def test_stored_text_over_the_limits_can_be_read_and_made_shorter(
    client: Client, lesson: Lesson
) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(body=TOO_LARGE, html="<p>Old</p>")
    place = f"/studio/courses/{lesson.course.slug}/lessons/{lesson.key}"

    editor = client.get(f"{place}/")
    preview = client.get(f"{place}/preview/")
    saved = send(client, lesson, "text", {"base": 1, "title": "T", "markdown": "Short."})

    assert "more than 15,000 parts" in editor.text
    assert TOO_LARGE in editor.text
    assert "<p>Old</p>" in preview.text
    assert saved.status_code == 200


@pytest.mark.parametrize(
    "block",
    [{"kept": "a\n\n"}, {"type": "paragraph", "content": [{"type": "text", "text": "a"}]}],
    ids=["kept", "changed"],
)
def test_too_many_blocks_are_refused_before_they_are_written(
    client: Client, lesson: Lesson, block: dict[str, Any]
) -> None:
    answer = send(client, lesson, "draft", {"blocks": [block] * 20_001})

    assert answer.status_code == 422
    assert "more than 15,000 parts" in answer.json()["error"]
