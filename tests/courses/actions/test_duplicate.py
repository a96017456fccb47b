"""A course once more."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from pytest_django import Settings

from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    create_page,
    duplicate_course,
    duplicate_lesson,
    save_attachment,
    set_cover,
    set_instructors,
    update_course,
    update_lesson,
)
from stepwell.courses.errors import ModuleArchived
from stepwell.courses.models import Status, cover_path
from tests.factories import enroll, lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db


def test_duplicate_has_outline_texts_and_files_of_its_own() -> None:
    course = make_course([2, 1], title="Bread")
    first, second, third = lessons_of(course)
    save_attachment(course=course, name="a.txt", content=ContentFile(b"a", name="a.txt"))
    text = f"See [it](lesson:{second.key}) and [a](assets/a.txt)."
    update_lesson(lesson=first, body=text)
    create_page(lesson=second, title="Task", body=f"Back to [it](lesson:{first.key}).")
    update_course(course=course, description="[A](assets/a.txt)", outcomes=["Bake"], minutes=90)
    set_instructors(course=course, instructors=[make_instructor()])
    archive_lesson(lesson=third)
    enroll(course)

    copy = duplicate_course(course=course)

    assert (copy.title, copy.slug, copy.status) == ("Bread (copy)", "bread-copy", Status.DRAFT)
    assert (copy.outcomes, copy.minutes) == (["Bake"], 90)
    own_first, own_second = lessons_of(copy)
    assert [each.title for each in copy.modules.all()] == ["Module 1", "Module 2"]
    assert own_first.body == text.replace(second.key, own_second.key)
    assert f"/lessons/{own_second.key}/" in own_first.html
    assert f"/files/{copy.key}/a.txt" in own_first.html
    assert f"/files/{copy.key}/a.txt" in copy.description_html
    assert f"/lessons/{own_first.key}/" in own_second.pages.get().html
    assert own_first.status == Status.PUBLISHED
    with copy.attachments.get().file.open() as file:
        assert file.read() == b"a"
    assert list(copy.instructors.all()) == list(course.instructors.all())
    assert copy.enrollments.count() == 0
    assert course.key not in own_first.html + own_first.body


def test_long_title_still_fits() -> None:
    copy = duplicate_course(course=make_course([1], title="x" * 200))

    assert len(copy.title) == 200
    assert copy.title.endswith("(copy)")


def test_duplicate_has_the_cover_too(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    out = BytesIO()
    Image.new("RGB", (160, 90)).save(out, "PNG")
    course = set_cover(course=make_course([1]), picture=ContentFile(out.getvalue(), name="x.png"))

    copy = duplicate_course(course=course)

    assert copy.cover == course.cover
    assert (tmp_path / cover_path(copy.key, copy.cover, 400)).exists()


def test_duplicate_is_made_whatever_was_allowed_when_its_course_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course([1])
    former = make_instructor()
    save_attachment(
        course=course, name="a.txt", content=ContentFile(b"x" * 2_000_000, name="a.txt")
    )
    set_instructors(course=course, instructors=[former, make_instructor("Ines")])
    former.role = "learner"
    former.save()
    monkeypatch.setattr(settings.SITE, "max_attachment_mb", 1)

    copy = duplicate_course(course=course)

    assert copy.attachments.count() == 1
    assert [person.name for person in copy.instructors.all()] == ["Ines"]


def test_lesson_once_more_has_all_of_its_own_right_after_it() -> None:
    course = make_course([2], title="Bread")
    first, second = lessons_of(course)
    task = create_page(lesson=first, title="Task", body=f"Of [it](lesson:{first.key}).")
    text = f"Do [this](page:{task.key}) before [that](lesson:{second.key})."
    update_lesson(lesson=first, body=text, video="assets/a.mp4", captions="assets/a.vtt", minutes=7)

    copy = duplicate_lesson(lesson=first)

    assert [each.title for each in lessons_of(course)] == [
        "Lesson 1.1",
        "Lesson 1.1 (copy)",
        "Lesson 1.2",
    ]
    assert (copy.status, copy.slug, copy.source_path) == (Status.DRAFT, "lesson-11-copy", "")
    assert (copy.video, copy.captions, copy.minutes) == ("assets/a.mp4", "assets/a.vtt", 7)
    own = copy.pages.get()
    assert (own.title, own.slug) == ("Task", "task")
    assert copy.body == text.replace(task.key, own.key)
    assert f"/pages/{own.key}/" in copy.html
    assert own.body == f"Of [it](lesson:{copy.key})."
    first.refresh_from_db()
    assert (first.body, first.position, first.pages.count()) == (text, 1, 1)


def test_lesson_of_an_archived_module_is_not_duplicated() -> None:
    lesson = lessons_of(make_course([1]))[0]
    archive_module(module=lesson.module)

    with pytest.raises(ModuleArchived):
        duplicate_lesson(lesson=lesson)


def test_copy_of_an_archived_lesson_comes_last() -> None:
    first, second = lessons_of(make_course([2]))
    archive_lesson(lesson=first)

    copy = duplicate_lesson(lesson=first)

    assert lessons_of(first.course)[:2] == [second, copy]
