"""Verbs on the files of a course."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import DjangoAssertNumQueries, Settings

from stepwell.core import clock
from stepwell.courses.actions import remove_attachment, save_attachment
from stepwell.courses.errors import AttachmentTooLarge
from stepwell.courses.models import Attachment, Course
from tests.courses.conftest import Version
from tests.factories import make_course

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def course() -> Course:
    return make_course([])


def save(course: Course, content: bytes = b"png", name: str = "img/wiring.png") -> Attachment:
    return save_attachment(course=course, name=name, content=ContentFile(content))


def content_of(attachment: Attachment) -> bytes:
    with attachment.file.open() as file:
        content: bytes = file.read()
    return content


def files_in(media: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in media.rglob("*") if path.is_file())


def test_save_keeps_the_file_and_what_is_to_know_of_it(course: Course, version: Version) -> None:
    before = version(course)

    with clock.at(MONDAY):
        save(course)

    attachment = Attachment.objects.get()
    assert (attachment.course, attachment.name, attachment.size) == (course, "img/wiring.png", 3)
    assert attachment.sha256 == hashlib.sha256(b"png").hexdigest()
    assert attachment.created_at == MONDAY
    assert content_of(attachment) == b"png"
    assert version(course) > before


def test_save_of_the_same_content_writes_nothing(
    course: Course, media: Path, version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attachment = save(course)
    before = version(course)

    with django_assert_num_queries(1):
        again = save(course)

    assert again == attachment
    assert version(course) == before
    assert files_in(media) == [b"png"]


def test_save_of_other_content_replaces_it_and_leaves_the_old_file(
    course: Course, media: Path, version: Version
) -> None:
    first = save(course, b"old")
    before = version(course)

    second = save(course, b"newer")

    assert second == first == Attachment.objects.get()
    second.refresh_from_db()
    assert (second.size, content_of(second)) == (5, b"newer")
    assert version(course) > before
    assert files_in(media) == [b"newer", b"old"]


def test_save_of_what_was_there_before_brings_it_back(course: Course) -> None:
    for content in (b"one", b"two", b"one"):
        attachment = save(course, content)

    attachment.refresh_from_db()
    assert content_of(attachment) == b"one"


def test_save_under_another_name_or_in_another_course_is_another(course: Course) -> None:
    save(course)
    save(course, name="img/other.png")
    save(make_course([]))

    assert Attachment.objects.count() == 3


def test_save_of_too_large_a_file_is_refused(course: Course, media: Path) -> None:
    content = ContentFile(b"")
    content.size = 100 * 1024 * 1024 + 1

    with pytest.raises(AttachmentTooLarge) as refusal:
        save_attachment(course=course, name="film.mp4", content=content)

    assert refusal.value.data == {"name": "film.mp4", "limit": 100}
    assert "film.mp4 is larger than 100 MiB" in str(refusal.value)
    assert not Attachment.objects.exists()
    assert files_in(media) == []


def test_save_of_the_largest_allowed_file(course: Course) -> None:
    content = ContentFile(b"film")
    content.size = 100 * 1024 * 1024

    assert save_attachment(course=course, name="film.mp4", content=content).pk


def test_remove_takes_the_attachment_away_twice_without_harm(
    course: Course, media: Path, version: Version
) -> None:
    attachment = save(course)
    before = version(course)

    remove_attachment(attachment=attachment)
    after = version(course)
    remove_attachment(attachment=attachment)

    assert not Attachment.objects.exists()
    assert version(course) == after > before
    assert files_in(media) == [b"png"]
