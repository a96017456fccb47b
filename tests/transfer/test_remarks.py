import pytest

from stepwell.courses.actions import archive_course
from stepwell.courses.models import Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.transfer.importing import import_course
from tests.factories import enroll
from tests.transfer.folders import Files, WriteFiles
from tests.transfer.imports import FILES

pytestmark = pytest.mark.django_db

OWN: Files = {
    "course.md": "---\ntitle: Bread\n---\n",
    "01-a/module.md": "---\ntitle: A\n---\n",
    "01-a/01-x.md": "---\ntitle: X\n---\n",
}
NEW: Files = {
    "01-a/02-y.md": "---\ntitle: Y\n---\n",
    "01-a/03-z.md": "---\ntitle: Z\nstatus: draft\n---\n",
}


def test_a_course_of_the_same_title_is_named_with_its_key(write_files: WriteFiles) -> None:
    first = import_course(write_files(OWN, "bread"))
    assert first.remarks == ()
    report = import_course(write_files(OWN, "renamed"))
    assert report.remarks == (
        "A course of this title exists already at /courses/bread/; to update that one instead, "
        f"put “key: {first.course.key}” into course.md.",
    )
    assert report.remarks[0] in report.text()
    assert import_course(write_files(OWN, "renamed")).remarks == ()


def test_a_folder_that_can_hold_no_key_is_to_be_named_as_before(write_files: WriteFiles) -> None:
    first = import_course(write_files(FILES, "bread"))
    (remark,) = import_course(write_files(FILES, "renamed"), dry_run=True).remarks
    assert remark.endswith("name the folder “bread”, as it was called then.")
    archive_course(course=first.course)
    assert import_course(write_files(FILES, "renamed"), dry_run=True).remarks == ()


def test_new_drafts_in_a_published_course_are_counted(write_files: WriteFiles) -> None:
    import_course(write_files(OWN), publish=True)
    remark = (
        "1 new lesson is a draft and not visible yet; "
        "publish it in the studio, or import again and publish."
    )
    assert import_course(write_files({**OWN, **NEW})).remarks == (remark,)


def test_new_drafts_are_no_surprise_in_a_draft_or_when_published(write_files: WriteFiles) -> None:
    import_course(write_files(OWN))
    assert import_course(write_files({**OWN, **NEW})).remarks == ()
    files = {"01-a/04-u.md": "---\ntitle: U\n---\n"}
    assert import_course(write_files(files), publish=True).remarks == ()


def test_those_who_completed_what_leaves_are_counted(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "01-a/02-y.md": "Y"})
    course = import_course(folder, publish=True).course
    lesson = Lesson.objects.get(source_path="01-a/02-y.md")
    complete_lesson(user=enroll(course).user, lesson=lesson)

    (folder / "01-a/02-y.md").unlink()
    (remark,) = import_course(folder, dry_run=True).remarks

    assert remark == (
        "1 learner completed lessons that are archived by this; what they did is kept."
    )
