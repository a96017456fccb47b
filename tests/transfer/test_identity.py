import os
from pathlib import Path

import pytest

from stepwell.courses.access import OPERATOR
from stepwell.courses.actions import (
    create_course,
    create_lesson,
    create_module,
)
from stepwell.courses.models import Course, Lesson
from stepwell.transfer.choices import Choice
from stepwell.transfer.errors import ImportStopped, KeyElsewhere
from stepwell.transfer.importing import import_course
from stepwell.transfer.models import Origin
from stepwell.transfer.origins import origin_of
from tests.factories import make_course
from tests.transfer.folders import Files, WriteFiles
from tests.transfer.imports import FILES, KNITTING, OWN, PYTHON, changed, lesson, outline, rows

pytestmark = pytest.mark.django_db


def test_a_key_tells_a_course_wherever_its_folder_lies(write_files: WriteFiles) -> None:
    one = import_course(write_files(OWN, "here"), actor=OPERATOR).course
    report = import_course(write_files(OWN, "there"), actor=OPERATOR)
    assert report.is_unchanged
    assert report.course == one


def test_a_folder_without_keys_is_known_by_its_place_and_titles(write_files: WriteFiles) -> None:
    course = import_course(write_files(FILES), actor=OPERATOR).course
    report = import_course(
        write_files({"1-start/2-water/README.md": "# Water\n\nWetter."}), actor=OPERATOR
    )
    assert report.course == course
    assert changed(report) == [("updated", "lesson", "Water")]


def test_another_folder_of_the_same_name_is_another_course(write_files: WriteFiles) -> None:
    one = import_course(write_files(KNITTING, "a/docs"), publish=True, actor=OPERATOR)
    before = rows()
    two = import_course(write_files(PYTHON, "b/docs"), actor=OPERATOR)
    assert two.course != one.course
    assert outline(one.course) == [("Knitting", "Wool"), ("Knitting", "Needles")]
    assert [row for row in rows()["Course"] if row["id"] == one.course.pk] == before["Course"]
    for folder in ("a/docs", "b/docs"):
        assert import_course(write_files({}, folder), actor=OPERATOR).is_unchanged


def test_a_link_to_a_folder_is_the_folder(write_files: WriteFiles) -> None:
    folder = write_files(FILES, "one")
    import_course(folder, actor=OPERATOR)
    link = folder.parent / "two"
    link.symlink_to(folder)
    assert import_course(link, actor=OPERATOR).is_unchanged


def test_a_path_that_is_no_text_or_very_long_is_known_too(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9/course"))
    deep = tmp_path / "/".join(["x" * 200] * 4)
    places = {origin_of(each) for each in (odd, deep, deep.parent, tmp_path)}
    assert len(places) == 4
    assert all(len(place.encode()) <= 500 for place in places)


def test_a_zip_file_has_no_place_to_be_known_by(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, zip_name="bread", actor=OPERATOR).course
    assert course.source == "bread"
    assert not Origin.objects.exists()
    with pytest.raises(ImportStopped, match="A course like this one exists already"):
        import_course(folder, zip_name="bread", actor=OPERATOR)


def test_a_course_of_an_earlier_version_is_asked_about_once(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    course = import_course(folder, actor=OPERATOR).course
    Origin.objects.all().delete()  # it was recorded by name only
    with pytest.raises(ImportStopped, match=f"add --into {course.slug}"):
        import_course(folder, actor=OPERATOR)
    assert import_course(folder, choice=Choice(into=course), actor=OPERATOR).is_unchanged
    assert import_course(folder, actor=OPERATOR).is_unchanged


# As the zip file's course is later: with a lesson before the others, which have new numbers.
LONGER: Files = {
    "README.md": "# Knitting\n",
    "01-sheep/README.md": "# Sheep\n\nOutside.",
    "02-introduction/README.md": "# Wool\n\nWarm.",
    "03-needles/README.md": "# Needles\n\nPointed.",
}


@pytest.mark.parametrize("files", [KNITTING, LONGER])
def test_a_folder_is_asked_about_where_a_zip_file_of_another_name_may_be_the_same_course(
    files: Files, write_files: WriteFiles
) -> None:
    known = import_course(
        write_files(KNITTING, "unpacked"), zip_name="knit-v2.zip", actor=OPERATOR
    ).course
    folder = write_files(files, "knitting")

    with pytest.raises(ImportStopped, match=f"--into {known.slug}"):
        import_course(folder, actor=OPERATOR)

    assert import_course(folder, choice=Choice(into=known), actor=OPERATOR).course == known
    assert import_course(folder, actor=OPERATOR).course == known  # by its place, without a question


def test_a_folder_that_became_a_course_beside_a_zip_file_s_is_not_asked_about_again(
    write_files: WriteFiles,
) -> None:
    known = import_course(
        write_files(KNITTING, "unpacked"), zip_name="knit-v2.zip", actor=OPERATOR
    ).course
    folder = write_files(KNITTING, "knitting")

    course = import_course(folder, choice=Choice(is_new=True), actor=OPERATOR).course

    assert course != known
    assert import_course(folder, actor=OPERATOR).course == course


@pytest.mark.parametrize("title", ["Knitting", "Python"])
def test_another_course_than_that_of_a_zip_file_is_not_asked_about(
    title: str, write_files: WriteFiles
) -> None:
    """Neither a title nor a lesson called "Wool" makes it the same alone."""
    known = import_course(
        write_files(KNITTING, "unpacked"), zip_name="knit-v2.zip", actor=OPERATOR
    ).course
    wool = {"04-wool/README.md": "# Wool\n"} if title == "Python" else {}
    files: Files = {**PYTHON, **wool, "README.md": f"# {title}\n"}

    assert import_course(write_files(files, "other"), actor=OPERATOR).course != known


def test_a_course_made_on_the_site_is_not_taken_for_one_of_a_folder(
    write_files: WriteFiles,
) -> None:
    made = make_course([2], title="Knitting")
    Lesson.objects.filter(slug="lesson-11").update(title="Wool")

    assert import_course(write_files(KNITTING, "knitting"), actor=OPERATOR).course != made


def test_a_new_course_takes_the_folder_along(write_files: WriteFiles) -> None:
    folder = write_files(FILES)
    first = import_course(folder, actor=OPERATOR).course
    second = import_course(folder, choice=Choice(is_new=True), actor=OPERATOR).course
    assert first != second
    assert import_course(folder, actor=OPERATOR).course == second
    assert import_course(folder, choice=Choice(into=first), actor=OPERATOR).course == first
    assert import_course(folder, actor=OPERATOR).course == first


def test_a_new_course_gets_keys_of_its_own(write_files: WriteFiles) -> None:
    folder = write_files({**OWN, "01-a/02-y.md": "---\nkey: dddddddddddd\n---\n[X](01-x.md)"})
    import_course(folder, actor=OPERATOR)
    before = rows()
    copy = import_course(folder, choice=Choice(is_new=True), actor=OPERATOR).course
    assert len(rows()["Lesson"]) == 4
    assert [row for row in rows()["Lesson"] if row["course_id"] != copy.pk] == before["Lesson"]
    x, y = copy.lessons.order_by("position")
    assert y.body == f"[X](lesson:{x.key})"


def test_a_folder_with_other_keys_updates_the_course_that_is_named(write_files: WriteFiles) -> None:
    folder = write_files(OWN)
    original = import_course(folder, actor=OPERATOR).course
    copy = import_course(folder, choice=Choice(is_new=True), actor=OPERATOR).course
    keys = set(copy.lessons.values_list("key", flat=True))
    assert import_course(folder, choice=Choice(into=copy), actor=OPERATOR).is_unchanged
    assert set(copy.lessons.values_list("key", flat=True)) == keys
    assert original.lessons.count() == copy.lessons.count() == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("01-a/module.md", "---\nkey: {key}\ntitle: A\n---\n"),
        ("01-a/01-x.md", "---\nkey: {key}\ntitle: X\n---\n"),
    ],
)
def test_a_key_of_another_course_is_refused(write_files: WriteFiles, path: str, text: str) -> None:
    module = create_module(course=create_course(title="Other"), title="M")
    row = module if "module" in path else create_lesson(module=module, title="L")
    before = rows()
    with pytest.raises(KeyElsewhere, match=f"{path}: the key {row.key} belongs to another"):
        import_course(write_files({**OWN, path: text.format(key=row.key)}), actor=OPERATOR)
    assert rows() == before


def test_a_course_takes_a_free_slug_where_its_own_is_taken(write_files: WriteFiles) -> None:
    create_course(title="Bread", slug="bread")
    folder = write_files(OWN)
    assert import_course(folder, actor=OPERATOR).course.slug == "bread-2"
    assert import_course(folder, actor=OPERATOR).is_unchanged


def test_importing_an_export_does_not_hide_where_a_course_is_from(
    write_files: WriteFiles,
) -> None:
    course = import_course(write_files(FILES), actor=OPERATOR).course
    flour = lesson("Flour")
    export = {
        "course.md": f"---\nkey: {course.key}\ntitle: Bread\n---\n",
        "01-start/module.md": f"---\nkey: {flour.module.key}\ntitle: Start\n---\n",
        "01-start/01-flour.md": f"---\nkey: {flour.key}\ntitle: Flour\n---\n",
    }
    import_course(write_files(export, "export"), choice=Choice(into=course), actor=OPERATOR)
    import_course(write_files(FILES), actor=OPERATOR)
    assert Course.objects.count() == 1
    assert lesson("Flour").key == flour.key
