import pytest

from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import archive_course
from stepwell.courses.models import Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import Origin
from stepwell.transfer.importing import import_course
from tests.factories import enroll
from tests.transfer.folders import Files, WriteFiles
from tests.transfer.imports import FILES

pytestmark = pytest.mark.django_db

OWN: Files = {
    "course.md": "---\ntitle: Bread\n---\n",
    "01-a/module.md": "---\ntitle: A\n---\n",
    "01-a/01-x.md": "---\ntitle: X\n---\nText.\n",
}
NEW: Files = {
    "01-a/02-y.md": "---\ntitle: Y\n---\nText.\n",
    "01-a/03-z.md": "---\ntitle: Z\nstatus: draft\n---\nText.\n",
}


@pytest.mark.parametrize("files", [OWN, FILES], ids=["own", "numbered"])
def test_another_folder_with_the_same_course_is_a_course_of_its_own_and_says_so(
    write_files: WriteFiles, files: Files
) -> None:
    first = import_course(write_files(files, "bread"), actor=OPERATOR)
    assert first.remarks == ()
    report = import_course(write_files(files, "renamed"), actor=OPERATOR)
    assert report.course != first.course
    assert report.remarks == (
        "A course like this one exists already: “Bread” at /courses/bread/. To update that one "
        "instead, import with --into bread.",
    )
    assert report.remarks[0] in report.text()
    assert import_course(write_files(files, "renamed"), actor=OPERATOR).remarks == ()


def test_archived_course_is_not_named(write_files: WriteFiles) -> None:
    archive_course(course=import_course(write_files(FILES, "bread"), actor=OPERATOR).course)
    assert import_course(write_files(FILES, "renamed"), dry_run=True, actor=OPERATOR).remarks == ()


def test_new_drafts_in_a_published_course_are_counted(write_files: WriteFiles) -> None:
    import_course(write_files(OWN), publish=True, actor=OPERATOR)
    remark = (
        "1 new lesson is a draft and not visible yet; "
        "publish it in the studio, or import again and publish."
    )
    assert import_course(write_files({**OWN, **NEW}), actor=OPERATOR).remarks == (remark,)


def test_new_drafts_are_no_surprise_in_a_draft_or_when_published(write_files: WriteFiles) -> None:
    import_course(write_files(OWN), actor=OPERATOR)
    assert import_course(write_files({**OWN, **NEW}), actor=OPERATOR).remarks == ()
    files = {"01-a/04-u.md": "---\ntitle: U\n---\nText.\n"}
    assert import_course(write_files(files), publish=True, actor=OPERATOR).remarks == ()


def test_those_who_completed_what_leaves_are_counted(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "01-a/02-y.md": "Y", **NEW, "01-a/04-u.md": "U"})
    course = import_course(folder, publish=True, actor=OPERATOR).course
    lesson = Lesson.objects.get(source_path="01-a/02-y.md")
    complete_lesson(user=enroll(course).user, lesson=lesson, origin=Origin.WEB)

    (folder / "01-a/02-y.md").unlink()
    (remark,) = import_course(folder, dry_run=True, actor=OPERATOR).remarks

    assert remark == (
        "1 learner completed lessons that are archived by this; what they did is kept."
    )
