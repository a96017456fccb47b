"""The texts that lessons had, and nobody overwriting another's unseen."""

from datetime import UTC, datetime, timedelta

import pytest

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses.actions import create_lesson, restore_version, update_lesson
from stepwell.courses.errors import LessonChanged
from stepwell.courses.models import Lesson
from tests.factories import lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def lesson() -> Lesson:
    return lessons_of(make_course([1]))[0]


@pytest.fixture
def ines() -> User:
    return make_instructor("Ines")


def texts(lesson: Lesson) -> list[str]:
    return [version.body for version in lesson.versions.all()]


def write(lesson: Lesson, body: str, author: User | None, minutes: int = 0) -> Lesson:
    with clock.at(NINE + timedelta(minutes=minutes)):
        return update_lesson(lesson=lesson, body=body, author=author, sitting="one window")


def test_first_change_keeps_what_was_there_before(lesson: Lesson, ines: User) -> None:
    write(lesson, "Mine.", ines)

    assert texts(lesson) == ["Mine.", "Text."]
    newest, oldest = lesson.versions.all()
    assert (newest.author, newest.saved_at) == (ines, NINE)
    assert oldest.author is None


def test_empty_beginning_is_no_version(lesson: Lesson, ines: User) -> None:
    new = create_lesson(module=lesson.module, title="New")

    write(new, "First words.", ines)

    assert texts(new) == ["First words."]


def test_one_sitting_of_one_author_is_one_version(lesson: Lesson, ines: User) -> None:
    write(lesson, "One", ines)
    write(lesson, "One two", ines, minutes=9)
    write(lesson, "One two three", ines, minutes=11)

    assert texts(lesson) == ["One two three", "One two", "Text."]


def test_each_window_has_versions_of_its_own(lesson: Lesson, ines: User) -> None:
    for sitting, body in [("one", "One"), ("two", "Two"), ("", "Three"), ("", "Four")]:
        update_lesson(lesson=lesson, body=body, author=ines, sitting=sitting)

    assert texts(lesson) == ["Four", "Three", "Two", "One", "Text."]


def test_each_author_has_versions_of_their_own(lesson: Lesson, ines: User) -> None:
    write(lesson, "One", ines)
    write(lesson, "Two", make_instructor("Otto"))
    write(lesson, "Three", ines)
    write(lesson, "Imported", None)

    assert texts(lesson) == ["Imported", "Three", "Two", "One", "Text."]


def test_other_fields_make_no_version(lesson: Lesson, ines: User) -> None:
    update_lesson(lesson=lesson, minutes=5, video="https://vimeo.com/1", author=ines)

    assert texts(lesson) == []
    assert Lesson.objects.get(pk=lesson.pk).revision == 1


def test_saving_on_an_old_revision_writes_nothing(lesson: Lesson, ines: User) -> None:
    mine = Lesson.objects.get(pk=lesson.pk)
    update_lesson(lesson=lesson, body="Theirs.", author=make_instructor("Otto"), base=1)

    with pytest.raises(LessonChanged):
        update_lesson(lesson=mine, body="Mine.", author=ines, base=1)

    fresh = Lesson.objects.get(pk=lesson.pk)
    assert (fresh.body, fresh.revision) == ("Theirs.", 2)
    with pytest.raises(LessonChanged):  # however it was loaded
        update_lesson(lesson=fresh, body="Mine.", author=ines, base=1)


def test_saving_again_on_ones_own_revision_goes_on(lesson: Lesson, ines: User) -> None:
    update_lesson(lesson=lesson, body="One", author=ines, base=1, sitting="one")
    update_lesson(lesson=lesson, title="Title", author=ines, base=2, sitting="one")

    assert lesson.revision == 3
    assert lesson.versions.get(body="One").title == "Title"


def test_restoring_a_version_keeps_the_text_until_now(lesson: Lesson, ines: User) -> None:
    write(lesson, "Better.", ines)
    oldest = lesson.versions.last()
    assert oldest

    with clock.at(NINE + timedelta(minutes=1)):
        restored = restore_version(version=oldest, author=ines)

    assert texts(lesson) == ["Text.", "Better.", "Text."]
    assert (restored.body, restored.html) == ("Text.", "<p>Text.</p>\n")
    restore_version(version=oldest, author=ines)
    assert len(texts(lesson)) == 3


def test_repeated_request_on_its_old_revision_changes_nothing(lesson: Lesson, ines: User) -> None:
    update_lesson(lesson=lesson, base=1, author=ines, title="T", body="New")
    before = lesson.versions.count()
    for _request in range(2):
        again = Lesson.objects.select_related("course").get(pk=lesson.pk)
        update_lesson(lesson=again, base=1, author=ines, title="T", body="New")
        assert again.revision == 2
    with pytest.raises(LessonChanged):
        update_lesson(lesson=again, base=1, author=ines, title="T", body="Other")

    assert lesson.versions.count() == before


def test_same_request_twice_at_once_changes_nothing(lesson: Lesson, ines: User) -> None:
    slower = Lesson.objects.select_related("course").get(pk=lesson.pk)
    update_lesson(lesson=lesson, base=1, author=ines, title="T", body="New")

    update_lesson(lesson=slower, base=1, author=ines, title="T", body="New")

    assert (slower.revision, slower.body, slower.html) == (2, "New", lesson.html)
