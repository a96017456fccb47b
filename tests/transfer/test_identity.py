import pytest

from stepwell.courses.actions import (
    create_course,
    create_lesson,
    create_module,
)
from stepwell.courses.models import Course
from stepwell.transfer.errors import KeyElsewhere
from stepwell.transfer.importing import import_course
from tests.transfer.folders import WriteFiles
from tests.transfer.imports import FILES, OWN, changed, lesson, rows

pytestmark = pytest.mark.django_db


def test_a_key_tells_a_course_wherever_its_folder_lies(write_files: WriteFiles) -> None:
    one = import_course(write_files(OWN, "here")).course
    report = import_course(write_files(OWN, "there"))
    assert report.is_unchanged
    assert report.course == one


def test_a_folder_without_keys_is_known_by_name_and_title(write_files: WriteFiles) -> None:
    course = import_course(write_files(FILES)).course
    renamed = write_files({"README.md": "# Better bread\n\nFour things."})
    report = import_course(renamed)
    assert report.course == course
    assert changed(report) == [("updated", "course", "Better bread")]


def test_another_folder_of_the_same_name_is_another_course(write_files: WriteFiles) -> None:
    import_course(write_files(FILES, "a/course"))
    other = write_files({"README.md": "# Cheese", "1-milk/README.md": "# Milk"}, "b/course")
    import_course(other)
    assert sorted(Course.objects.values_list("title", flat=True)) == ["Bread", "Cheese"]


def test_an_origin_takes_the_place_of_the_folders_name(write_files: WriteFiles) -> None:
    course = import_course(write_files(FILES, "one"), origin="bread.zip").course
    assert course.source == "bread.zip"
    assert import_course(write_files(FILES, "two"), origin="bread.zip").is_unchanged


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
        import_course(write_files({**OWN, path: text.format(key=row.key)}))
    assert rows() == before


def test_a_course_takes_a_free_slug_where_its_own_is_taken(write_files: WriteFiles) -> None:
    create_course(title="Bread", slug="bread")
    folder = write_files(OWN)
    assert import_course(folder).course.slug == "bread-2"
    assert import_course(folder).is_unchanged


def test_importing_an_export_does_not_hide_where_a_course_is_from(
    write_files: WriteFiles,
) -> None:
    course = import_course(write_files(FILES)).course
    flour = lesson("Flour")
    export = {
        "course.md": f"---\nkey: {course.key}\ntitle: Bread\n---\n",
        "01-start/module.md": f"---\nkey: {flour.module.key}\ntitle: Start\n---\n",
        "01-start/01-flour.md": f"---\nkey: {flour.key}\ntitle: Flour\n---\n",
    }
    import_course(write_files(export, "export"))
    import_course(write_files(FILES))
    assert Course.objects.count() == 1
    assert lesson("Flour").key == flour.key
