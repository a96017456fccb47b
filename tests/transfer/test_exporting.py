import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import DjangoAssertNumQueries

from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    create_course,
    create_lesson,
    create_module,
    create_page,
    publish_lesson,
    save_attachment,
    set_video,
    update_course,
    update_lesson,
    update_page,
)
from stepwell.courses.models import Attachment, Course, Lesson, Module, Page
from stepwell.transfer.errors import FolderTaken
from stepwell.transfer.exporting import export_course
from stepwell.transfer.importing import import_course
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def empty_the_site() -> None:
    for model in (Page, Lesson, Module, Attachment, Course):
        model.objects.all().delete()


def make_difficult_course() -> Course:
    """Make a course with all that an export could stumble over."""
    course = create_course(
        title='Brot: "gut" & günstig — 日本 🤗',
        slug="My_Bread",
        summary="yes",
        language="pt-BR",
        outcomes=["- dash", "null", "ünï"],
    )
    first = create_module(course=course, title="123", summary=" spaced ")
    flour = create_lesson(module=first, title="'quoted': #1", minutes=12)
    water = create_lesson(
        module=first, title="Wasser / Water", video="https://youtu.be/bVFfcYh6UBw"
    )
    task = create_page(lesson=flour, title="~", body="", position=1)
    table = create_page(lesson=flour, title="[x](y)", body="    code first\n\ntext  ", position=2)
    create_module(course=course, title="Empty")
    gone = create_lesson(module=first, title="Gone")
    archive_lesson(lesson=gone)
    publish_lesson(lesson=flour)
    for name in ("a b/ü (1).png", ".hidden/x&y.txt", "100%.md", "README.md"):
        save_attachment(course=course, name=name, content=ContentFile(name.encode()))
    update_lesson(
        lesson=flour,
        body="\n".join(
            [
                "",
                "---",
                "not: front matter",
                "---",
                "",
                f"[w](lesson:{water.key}#wasser) [t](page:{task.key}) [g](lesson:{gone.key})",
                '![i](assets/a%20b/ü%20%281%29.png) <img src="assets/a b/ü (1).png">',
                f"<lesson:{water.key}> <page:{task.key}#x>",
                f"`[code](lesson:{water.key})` [r][r] [n](none.md) [u](lesson:aaaaaaaaaaaa)",
                "",
                "```md",
                f"[code](lesson:{water.key}) ![c](assets/README.md)",
                "```",
                "",
                f"[r]: page:{table.key}#x 'Title'",
                "",
                "::: solution",
                "[p](assets/100%25.md) [h](assets/.hidden/x%26y.txt#part)",
                ":::",
                "",
                "",
            ]
        ),
    )
    update_page(page=task, body=f"[up](lesson:{flour.key})\r\n\r\nWindows\r\n")
    return course


def test_exporting_an_import_gives_identical_files(tmp_path: Path) -> None:
    export_course(make_difficult_course(), tmp_path / "one")
    empty_the_site()
    report = import_course(tmp_path / "one", actor=OPERATOR)
    export_course(report.course, tmp_path / "two")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    assert not report.course.is_published


def test_everything_survives_an_export_and_an_import(tmp_path: Path) -> None:
    course = make_difficult_course()
    fields = ("key", "title", "slug", "minutes", "video", "status", "body", "html")
    active = Lesson.objects.active().in_outline_order()
    before = list(active.values(*fields))
    export_course(course, tmp_path / "one")
    empty_the_site()
    new = import_course(tmp_path / "one", actor=OPERATOR).course
    for name in ("key", "title", "slug", "summary", "description", "language", "outcomes"):
        assert getattr(new, name) == getattr(course, name)
    for old, lesson in zip(before, active, strict=True):
        # An address in angle brackets becomes a link, since a path can't stand in them.
        old["body"] = re.sub(r"<((?:lesson|page):[^>]+)>", r"[\1](\1)", old["body"])
        old["body"] = old["body"].strip("\n").replace("a b/ü (1).png", "a%20b/ü%20%281%29.png")
        assert {name: getattr(lesson, name) for name in fields if name != "html"} == {
            name: value for name, value in old.items() if name != "html"
        }
    assert list(Module.objects.order_by("position").values_list("title", "summary")) == [
        ("123", " spaced "),
        ("Empty", ""),
    ]
    assert set(Attachment.objects.values_list("name", flat=True)) == {
        "a b/ü (1).png",
        ".hidden/x&y.txt",
        "100%.md",
        "README.md",
    }


def test_an_export_is_deterministic(tmp_path: Path) -> None:
    course = make_difficult_course()
    export_course(course, tmp_path / "one")
    export_course(course, tmp_path / "two")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")


def test_links_in_the_folder_work_for_any_markdown_viewer(tmp_path: Path) -> None:
    export_course(make_difficult_course(), tmp_path / "one")
    folder = next(path for path in (tmp_path / "one").glob("01-*/01-*") if path.is_dir())
    text = (folder / "lesson.md").read_text()
    assert "[w](../02-wasser-water.md#wasser) [t](01-page.md)" in text
    assert "![i](../../assets/a%20b/ü%20%281%29.png)" in text
    assert "[r]: 02-xy.md#x 'Title'" in text


def test_importing_an_export_into_the_same_site_changes_nothing(tmp_path: Path) -> None:
    course = create_course(title="Bread")
    lesson = create_lesson(module=create_module(course=course, title="M"), title="L", body="Text")
    create_page(lesson=lesson, title="P", body="Text", position=1)
    export_course(course, tmp_path / "one")
    import_course(tmp_path / "one", actor=OPERATOR)  # remembers where things came from
    version = Course.objects.get().outline_version
    assert import_course(tmp_path / "one", actor=OPERATOR).is_unchanged
    assert Course.objects.get().outline_version == version


def test_archived_things_are_not_exported(tmp_path: Path) -> None:
    course = create_course(title="Bread")
    module = create_module(course=course, title="Old")
    create_lesson(module=module, title="L")
    archive_module(module=module)
    report = export_course(course, tmp_path / "one")
    assert list(files_in(tmp_path / "one")) == ["course.md"]
    assert str(report.counts) == "0 modules, 0 lessons, 0 pages, 0 attachments"


def test_a_second_export_replaces_the_first(tmp_path: Path) -> None:
    course = create_course(title="Bread")
    lesson = create_lesson(module=create_module(course=course, title="M"), title="L")
    export_course(course, tmp_path / "one")
    archive_lesson(lesson=lesson)
    report = export_course(course, tmp_path / "one")
    assert list(files_in(tmp_path / "one")) == ["01-m/module.md", "course.md"]
    assert report.text() == (
        f"Exported “Bread” into {tmp_path / 'one'}: 1 module, 0 lessons, 0 pages, 0 attachments."
    )


def test_the_export_of_another_course_is_not_replaced(tmp_path: Path) -> None:
    export_course(create_course(title="Bread"), tmp_path / "one")
    before = files_in(tmp_path / "one")
    with pytest.raises(FolderTaken):
        export_course(create_course(title="Cheese"), tmp_path / "one")
    assert files_in(tmp_path / "one") == before


def test_exporting_asks_the_database_as_often_for_many_lessons_as_for_one(
    tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = create_course(title="Bread")
    module = create_module(course=course, title="M")
    for size in (1, 4):
        for number in range(size):
            create_page(lesson=create_lesson(module=module, title=f"L{number}"), title="P")
        with django_assert_num_queries(4):
            export_course(course, tmp_path / "one")


def test_uploaded_video_and_times_survive_an_export_and_an_import(tmp_path: Path) -> None:
    course = make_course([1], title="Tea")
    update_course(course=course, minutes=10_090)
    [lesson] = lessons_of(course)
    webm = ContentFile(b"\x1aE\xdf\xa3" + bytes(9), name="a talk.webm")
    vtt = ContentFile(b"WEBVTT\n", name="a talk.vtt")
    set_video(lesson=lesson, file=webm, captions=vtt)
    export_course(course, tmp_path / "one")
    Lesson.objects.update(video="", captions="")
    Course.objects.update(minutes=0)

    report = import_course(tmp_path / "one", actor=OPERATOR)
    export_course(report.course, tmp_path / "two")

    lesson.refresh_from_db()
    assert (lesson.video, lesson.captions) == ("assets/a talk.webm", "assets/a talk.vtt")
    assert Course.objects.get().minutes == 10_090
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def read_all(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_stored_text_over_the_limits_is_exported_with_its_links(tmp_path: Path) -> None:
    course = make_course([2], title="Tea")
    first, second = lessons_of(course)
    body = f"[on](lesson:{second.key})\n\n" + "- a\n" * 5_000
    Lesson.objects.filter(pk=first.pk).update(body=body)

    export_course(course, tmp_path / "tea")

    texts = [file.read_text() for file in (tmp_path / "tea").rglob("*.md")]
    [text] = [text for text in texts if "- a" in text]
    assert "[on](" in text
    assert "lesson:" not in text
