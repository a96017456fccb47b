"""Which layout a folder has."""

from pathlib import Path

import pytest

from stepwell.transfer.errors import UnknownLayout, UnreadableSource
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers import read_course
from tests.transfer.folders import Files, ReadCourse, WriteFiles

LAYOUTS: dict[str, Files] = {
    "course.md": {"course.md": "---\ntitle: A\n---\n", "01-x/README.md": "# No"},
    "config.yaml": {"config.yaml": "title: A\n", "episodes/a.md": "x", "01-x/README.md": "# No"},
    "_toctree.yml": {"_toctree.yml": "[]", "README.md": "# A", "01-x/README.md": "# No"},
    "en/_toctree.yml": {"en/_toctree.yml": "[]", "README.md": "# A"},
    "README.md": {"README.md": "# A", "01-x/README.md": "# X"},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognized_by_its_own_file(read: ReadCourse, layout: str) -> None:
    course = read(LAYOUTS[layout])
    assert (course.path, course.title) == (layout, "A")


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "# A book"},
        {"chapter/README.md": "# No number"},
        {"01-x/notes.md": "# No README"},
        {"config.yaml": "title: A"},
        {".hidden/course.md": "---\ntitle: A\n---\n"},
    ],
)
def test_anything_else_is_refused_naming_what_was_looked_for(
    write_files: WriteFiles, files: Files
) -> None:
    folder = write_files(files)
    with pytest.raises(UnknownLayout) as caught:
        read_course(SourceFolder(folder))
    for word in (str(folder), "course.md", "config.yaml", "_toctree.yml", "README.md"):
        assert word in str(caught.value)


def test_a_broken_file_is_named_before_what_is_missing(write_files: WriteFiles) -> None:
    folder = write_files({"config.yaml": "title: A\nepisodes: [\n"})
    (folder / "episodes").mkdir()
    with pytest.raises(UnreadableSource, match=r"config\.yaml, line 3: The YAML is broken"):
        read_course(SourceFolder(folder))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout):
        read_course(SourceFolder(tmp_path))
