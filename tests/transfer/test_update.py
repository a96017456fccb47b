import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from stepwell.accounts.actions import create_user
from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import (
    archive_course,
    archive_lesson,
    archive_module,
    create_lesson,
    create_module,
    create_page,
    save_attachment,
    update_lesson,
    update_module,
)
from stepwell.courses.models import Attachment, Course, Page
from stepwell.learning.actions import complete_lesson, enroll_in_course
from stepwell.learning.models import LessonProgress, Origin
from stepwell.transfer.choices import Choice
from stepwell.transfer.importing import import_course
from tests.transfer.folders import WriteFiles
from tests.transfer.imports import FILES, OWN, changed, lesson, outline

pytestmark = pytest.mark.django_db


# Changes in the source


def test_changed_text_updates_in_place(write_files: WriteFiles) -> None:
    import_course(write_files(FILES), actor=OPERATOR)
    key = lesson("Water").key
    version = Course.objects.get().outline_version
    report = import_course(
        write_files({"1-start/2-water/README.md": "# Water\n\nNew."}), actor=OPERATOR
    )
    assert changed(report) == [("updated", "lesson", "Water")]
    assert (lesson("Water").key, lesson("Water").body) == (key, "New.")
    assert report.course.outline_version == version  # an outline shows no text


def test_archived_module_comes_back_without_the_lesson_that_left_the_source(
    write_files: WriteFiles,
) -> None:
    folder = write_files(FILES)
    import_course(folder, actor=OPERATOR)
    archive_module(module=lesson("Water").module)
    (folder / "1-start/2-water/README.md").unlink()

    import_course(folder, actor=OPERATOR)

    assert outline(Course.objects.get()) == [("Start", "Flour"), ("End", "Salt")]
    assert lesson("Water").archived_at is not None


def test_a_lesson_gone_from_the_source_is_archived_and_keeps_progress(
    write_files: WriteFiles,
) -> None:
    folder = write_files(FILES)
    course = import_course(folder, publish=True, actor=OPERATOR).course
    learner = create_user(email="a@example.org", name="A", password=None)
    enroll_in_course(user=learner, course=course, origin=Origin.WEB)
    complete_lesson(user=learner, lesson=lesson("Water"), origin=Origin.WEB)
    moved = (folder / "1-start/2-water").rename(folder.parent / "water")
    report = import_course(folder, choice=Choice(into=course), actor=OPERATOR)
    assert changed(report)[:2] == [
        ("updated", "page", "Task"),
        ("archived", "lesson", "Water"),
    ]
    assert outline(course) == [("Start", "Flour"), ("End", "Salt")]
    assert LessonProgress.objects.filter(lesson__title="Water").exists()
    moved.rename(folder / "1-start/2-water")
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("restored", "lesson", "Water"), ("updated", "page", "Task")]
    assert outline(course) == [("Start", "Flour"), ("Start", "Water"), ("End", "Salt")]
    assert LessonProgress.objects.get().lesson == lesson("Water")


def test_a_module_gone_from_the_source_is_archived_and_comes_back(
    write_files: WriteFiles,
) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    moved = (folder / "2-end").rename(folder.parent / "end")
    report = import_course(folder, choice=Choice(into=course), actor=OPERATOR)
    assert changed(report) == [("archived", "lesson", "Salt"), ("archived", "module", "End")]
    moved.rename(folder / "2-end")
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("restored", "module", "End"), ("restored", "lesson", "Salt")]
    assert outline(course) == [("Start", "Flour"), ("Start", "Water"), ("End", "Salt")]
    assert import_course(folder, actor=OPERATOR).is_unchanged


def test_a_renumbered_folder_is_known_by_its_title(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    key = lesson("Water").key
    (folder / "1-start/2-water").rename(folder / "1-start/3-water")
    write_files(
        {
            "1-start/1-flour/task.md": "# Task\n\n## One\n\n[Water](../3-water/README.md)\n",
            "1-start/2-yeast/README.md": "# Yeast",
        }
    )
    report = import_course(folder, actor=OPERATOR)
    assert lesson("Water").key == key
    assert outline(course)[:3] == [("Start", "Flour"), ("Start", "Yeast"), ("Start", "Water")]
    assert changed(report) == [("created", "lesson", "Yeast"), ("updated", "lesson", "Water")]


def test_a_lesson_moves_between_modules_by_its_key(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "02-b/module.md": "---\nkey: eeeeeeeeeeee\ntitle: B\n---\n"})
    course = import_course(folder, actor=OPERATOR).course
    (folder / "01-a/01-x.md").rename(folder / "02-b/01-x.md")
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("moved", "lesson", "X")]
    assert outline(course) == [("A", "Y"), ("B", "X")]
    assert import_course(folder, actor=OPERATOR).is_unchanged


def test_a_lesson_leaves_a_module_that_is_gone(write_files: WriteFiles) -> None:
    folder = write_files({"02-b/module.md": "---\nkey: eeeeeeeeeeee\ntitle: B\n---\n", **OWN})
    write_files({"02-b/01-z.md": "---\nkey: ffffffffffff\ntitle: Z\n---\n"})
    course = import_course(folder, actor=OPERATOR).course
    (folder / "02-b/01-z.md").rename(folder / "01-a/03-z.md")
    (folder / "02-b/module.md").unlink()
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("moved", "lesson", "Z"), ("archived", "module", "B")]
    assert outline(course) == [("A", "X"), ("A", "Y"), ("A", "Z")]
    assert import_course(folder, actor=OPERATOR).is_unchanged


def test_a_lesson_that_comes_back_brings_its_pages(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    key = Page.objects.get(title="Task").key
    moved = (folder / "1-start/1-flour").rename(folder.parent / "flour")
    import_course(folder, choice=Choice(into=course), actor=OPERATOR)
    moved.rename(folder / "1-start/1-flour")
    import_course(folder, actor=OPERATOR)
    assert Page.objects.get(title="Task").key == key


def test_the_importers_language_changes_nothing(write_files: WriteFiles) -> None:
    text = "---\ntitle: X\n---\n\n::: keypoints\n\n- One\n\n:::\n"
    folder = write_files({"config.yaml": "title: A\n", "episodes/x.md": text})
    import_course(folder, actor=OPERATOR)
    with translation.override("de"):
        assert import_course(folder, actor=OPERATOR).is_unchanged


def test_lessons_change_places(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "01-a/03-z.md": "---\nkey: ffffffffffff\ntitle: Z\n---\n"})
    course = import_course(folder, actor=OPERATOR).course
    (folder / "01-a/02-y.md").rename(folder / "01-a/00-y.md")
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("moved", "lesson", "Y"), ("moved", "lesson", "X")]
    assert [title for _module, title in outline(course)] == ["Y", "X", "Z"]


def test_lessons_exchange_addresses(write_files: WriteFiles) -> None:
    folder = write_files(OWN)
    import_course(folder, actor=OPERATOR)
    write_files(
        {
            "01-a/01-x.md": "---\nkey: cccccccccccc\ntitle: X\nslug: two\n---\n\nText\n",
            "01-a/02-y.md": "---\nkey: dddddddddddd\ntitle: Y\nslug: one\n---\n\nText\n",
        }
    )
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("updated", "lesson", "X"), ("updated", "lesson", "Y")]
    assert (lesson("X").slug, lesson("Y").slug) == ("two", "one")
    assert import_course(folder, actor=OPERATOR).is_unchanged


def test_a_status_in_the_folder_counts_and_its_absence_changes_nothing(
    write_files: WriteFiles,
) -> None:
    folder = write_files(OWN)
    import_course(folder, publish=True, actor=OPERATOR)
    text = "---\nkey: cccccccccccc\ntitle: X\nslug: one\nstatus: draft\n---\n\nText\n"
    report = import_course(write_files({"01-a/01-x.md": text}), actor=OPERATOR)
    assert changed(report) == [("updated", "lesson", "X")]
    assert (lesson("X").status, lesson("Y").status) == ("draft", "published")
    assert report.course.is_published


def test_pages_and_attachments_that_are_gone_are_removed(write_files: WriteFiles) -> None:
    import_course(write_files(FILES), actor=OPERATOR)
    report = import_course(
        write_files({"1-start/1-flour/README.md": "# Flour\n\nNo more."}), actor=OPERATOR
    )
    assert changed(report) == [
        ("updated", "lesson", "Flour"),
        ("removed", "page", "Task"),
        ("removed", "attachment", "img/a grain.png"),
    ]
    assert not Attachment.objects.exists()


def test_a_page_moves_to_another_lesson(write_files: WriteFiles) -> None:
    page = "---\nkey: gggggggggggg\ntitle: P\n---\n"
    folder = write_files(
        {
            **OWN,
            "01-a/03-v/lesson.md": "---\nkey: eeeeeeeeeeee\ntitle: V\n---\n",
            "01-a/03-v/01-p.md": page,
            "01-a/04-w/lesson.md": "---\nkey: ffffffffffff\ntitle: W\n---\n",
        }
    )
    import_course(folder, actor=OPERATOR)
    (folder / "01-a/03-v/01-p.md").rename(folder / "01-a/04-w/01-p.md")
    assert changed(import_course(folder, actor=OPERATOR)) == [("moved", "page", "P")]
    assert Page.objects.get().lesson == lesson("W")


def test_module_titles_follow_the_source(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    update_module(module=course.modules.get(title="Start"), title="Changed")
    assert changed(import_course(folder, actor=OPERATOR)) == [("updated", "module", "Start")]


# What was made on the site


def test_what_was_made_on_the_site_stays(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    module = course.modules.get(title="End")
    extra = create_lesson(module=module, title="Extra", body="![a](assets/own.png)")
    page = create_page(lesson=extra, title="Own page")
    create_lesson(module=create_module(course=course, title="Own module"), title="Own lesson")
    save_attachment(course=course, name="own.png", content=ContentFile(b"x"))
    save_attachment(course=course, name="stray.png", content=ContentFile(b"x"))
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("removed", "attachment", "stray.png")]
    assert outline(course)[2:] == [
        ("End", "Salt"),
        ("End", "Extra"),
        ("Own module", "Own lesson"),
    ]
    assert Page.objects.filter(pk=page.pk).exists()
    assert Attachment.objects.filter(name="own.png").exists()


def test_changes_on_the_site_give_way_to_the_source(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    import_course(folder, actor=OPERATOR)
    update_lesson(lesson=lesson("Water"), title="Changed", slug="kept", minutes=7)
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("updated", "lesson", "Water")]
    assert (lesson("Water").slug, lesson("Water").minutes) == ("kept", 7)


def test_archived_things_that_the_source_holds_come_back(write_files: WriteFiles) -> None:
    folder = write_files(OWN)
    course = import_course(folder, actor=OPERATOR).course
    archive_lesson(lesson=lesson("X"))
    archive_course(course=course)
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("restored", "course", "Bread"), ("restored", "lesson", "X")]
    assert outline(report.course) == [("A", "X"), ("A", "Y")]


def test_a_lesson_in_an_archived_module_comes_back_in_another(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    (folder / "2-end/1-salt").rename(folder / "1-start/3-salt")
    (folder / "2-end").rmdir()
    archive_module(module=course.modules.get(title="End"))
    report = import_course(folder, actor=OPERATOR)
    assert changed(report) == [("restored", "lesson", "Salt")]
    assert outline(course) == [("Start", "Flour"), ("Start", "Water"), ("Start", "Salt")]
