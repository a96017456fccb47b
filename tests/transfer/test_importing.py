from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import Role
from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Attachment, Course, Lesson, Page
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.importing import import_course
from stepwell.transfer.report import ImportReport
from tests.transfer.folders import REAL_COURSES, Files, WriteFiles
from tests.transfer.imports import FILES, OWN, changed, lesson, outline, rows

pytestmark = pytest.mark.django_db


# A new course


def test_a_folder_becomes_a_draft_course(write_files: WriteFiles) -> None:
    report = import_course(write_files(FILES), actor=OPERATOR)
    course = report.course
    assert (course.title, course.status, course.source) == ("Bread", "draft", "course")
    assert outline(course) == [("Start", "Flour"), ("Start", "Water"), ("End", "Salt")]
    assert not Lesson.objects.filter(status="published").exists()
    assert str(report.counts) == "2 modules, 3 lessons, 2 pages, 1 attachment"
    assert Counter(change.kind.value for change in report.changes) == {"created": 9}


def test_stored_links_are_permalinks(write_files: WriteFiles) -> None:
    course = import_course(write_files(FILES), actor=OPERATOR).course
    task = Page.objects.get(title="Task")
    assert course.description == f"Four [things](lesson:{lesson('Flour').key})."
    assert lesson("Flour").body == f"[Task](page:{task.key}#one) ![g](assets/img/a%20grain.png)"
    assert task.body == f"## One\n\n[Water](lesson:{lesson('Water').key})"
    assert f'href="/pages/{task.key}/#one"' in lesson("Flour").html
    assert f'src="/files/{course.key}/img/a%20grain.png"' in lesson("Flour").html


def test_attachments_hold_the_files(write_files: WriteFiles, media: Path) -> None:
    course = import_course(write_files(FILES), actor=OPERATOR).course
    attachment = Attachment.objects.get(course=course, name="img/a grain.png")
    with attachment.file.open() as file:
        assert file.read() == b"png"
    assert Path(attachment.file.path).is_relative_to(media)


def test_pictures_come_with_their_size_in_every_text(write_files: WriteFiles) -> None:
    shown = {
        "README.md": "# Bread\n\n![](img/g.svg)",
        "1-start/2-water/README.md": "# Water\n\n![](../../img/g.svg)",
        "img/g.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="70" height="50"/>',
    }
    course = import_course(write_files({**FILES, **shown}), actor=OPERATOR).course
    for html in (course.description_html, lesson("Water").html):
        assert 'width="70" height="50"' in html


def test_import_that_publishes_names_empty_lessons(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "01-a/03-z.md": "---\ntitle: Kettles\n---\n"})
    sentence = "The lesson “Kettles” is empty. Learners see its title and nothing else."

    drafts = import_course(folder, actor=OPERATOR)
    plan = import_course(folder, publish=True, dry_run=True, actor=OPERATOR)
    report = import_course(folder, publish=True, actor=OPERATOR)

    assert sentence not in drafts.remarks
    assert [sentence in each.remarks for each in (plan, report)] == [True, True]


def test_plan_names_empty_lessons_before_it_is_known_whether_they_are_published(
    write_files: WriteFiles,
) -> None:
    folder = write_files({**OWN, "01-a/03-z.md": "---\ntitle: Kettles\n---\n"})

    plan = import_course(folder, dry_run=True, actor=OPERATOR)

    assert plan.remarks == ("The lesson “Kettles” is empty. Write it before you publish it.",)


def test_publishing_publishes_all_but_drafts(write_files: WriteFiles) -> None:
    draft = "---\ntitle: Z\nstatus: draft\n---\n"
    course = import_course(
        write_files({**OWN, "01-a/03-z.md": draft}), publish=True, actor=OPERATOR
    ).course
    assert course.is_published
    assert dict(Lesson.objects.values_list("title", "status")) == {
        "X": "published",
        "Y": "published",
        "Z": "draft",
    }


def test_an_instructor_joins_those_who_teach(write_files: WriteFiles) -> None:
    one, two = (
        create_user(email=f"{name}@example.org", name=name, password=None, role=Role.INSTRUCTOR)
        for name in ("ada", "grace")
    )
    folder = write_files(OWN)
    import_course(folder, instructor=one, actor=OPERATOR)
    report = import_course(folder, instructor=two, actor=OPERATOR)
    assert set(report.course.instructors.all()) == {one, two}
    assert report.remarks == (f"{two.email} joins those who teach this course.",)
    assert import_course(folder, instructor=two, actor=OPERATOR).remarks == ()


def test_progress_is_reported_to_its_end(write_files: WriteFiles) -> None:
    seen: list[tuple[int, int]] = []
    import_course(
        write_files(FILES), progress=lambda done, total: seen.append((done, total)), actor=OPERATOR
    )
    assert seen == sorted(seen)
    assert 0 < seen[0][0] < 500  # while it is read
    assert seen[-4:] == [(625, 1000), (750, 1000), (875, 1000), (1000, 1000)]


# The same again


@pytest.mark.parametrize("files", [FILES, OWN], ids=["numbered", "own"])
@pytest.mark.parametrize("publish", [False, True])
def test_importing_twice_writes_nothing(
    write_files: WriteFiles, files: Files, publish: bool
) -> None:
    folder = write_files(files)
    import_course(folder, publish=publish, actor=OPERATOR)
    before = rows()
    report = import_course(folder, publish=publish, actor=OPERATOR)
    assert report.is_unchanged
    assert rows() == before


def test_two_imports_at_once_make_one_course(
    write_files: WriteFiles, run_in_threads: Callable[..., list[Any]]
) -> None:
    folder = write_files(FILES)
    reports = run_in_threads(*[lambda: import_course(folder, actor=OPERATOR)] * 3)
    assert all(isinstance(report, ImportReport) for report in reports), reports
    assert (Course.objects.count(), Lesson.objects.count()) == (1, 3)
    assert sorted(report.is_unchanged for report in reports) == [False, True, True]


def test_a_dry_run_shows_the_same_and_changes_nothing(write_files: WriteFiles, media: Path) -> None:
    folder = write_files(FILES)
    plan = import_course(folder, publish=True, dry_run=True, actor=OPERATOR)
    assert not Course.objects.exists()
    assert not media.exists()
    report = import_course(folder, publish=True, actor=OPERATOR)
    assert (plan.changes, plan.findings, plan.counts) == (
        report.changes,
        report.findings,
        report.counts,
    )


def test_a_dry_run_of_an_update_shows_the_same_and_changes_nothing(
    write_files: WriteFiles, media: Path
) -> None:
    import_course(write_files(FILES), actor=OPERATOR)
    water = "# Water\n\nWetter."
    new = write_files({"1-start/2-water/README.md": water, "img/a grain.png": b"2"})
    before, files = rows(), sorted(media.rglob("*"))
    plan = import_course(new, dry_run=True, actor=OPERATOR)
    assert changed(plan) == [
        ("updated", "lesson", "Water"),
        ("updated", "attachment", "img/a grain.png"),
    ]
    assert rows() == before
    assert sorted(media.rglob("*")) == files
    assert import_course(new, actor=OPERATOR).changes == plan.changes


# Hostile folders


@pytest.mark.parametrize(
    "hostile",
    [
        {"2-end/1-salt/README.md": "# Salt\n\n<script>x</script>"},
        {"2-end/1-salt/README.md": b"\xff"},
        {"2-end/1-salt/README.md": "# Salt\n\n![x](../../../../secret.png)"},
        {"2-end/1-salt/README.md": "![x](x.svg)", "2-end/1-salt/x.svg": "<svg onload='x'/>"},
    ],
)
def test_a_hostile_folder_leaves_the_site_as_it_was(
    write_files: WriteFiles, media: Path, hostile: Files
) -> None:
    import_course(write_files(FILES), actor=OPERATOR)
    before, files = rows(), sorted(media.rglob("*"))
    new: Files = {"1-start/2-water/README.md": "# Water\n\nChanged.", "img/a grain.png": b"new"}
    with pytest.raises(UnreadableSource, match="2-end/1-salt/"):
        import_course(write_files({**new, **hostile}), actor=OPERATOR)
    assert rows() == before
    assert sorted(media.rglob("*")) == files


if (REAL_COURSES / "shell-novice").is_dir():

    def test_a_real_course_is_imported_twice_without_a_change() -> None:
        folder = REAL_COURSES / "shell-novice"
        report = import_course(folder, publish=True, actor=OPERATOR)
        assert sum(lesson.minutes for lesson in Lesson.objects.all()) == 270
        html = "".join(Lesson.objects.values_list("html", flat=True))
        assert html.count("callout-exercise") == 41
        assert html.count("callout-solution") == 42
        assert import_course(folder, publish=True, actor=OPERATOR).is_unchanged
        assert "8 things were left out or lead nowhere" in report.text()
