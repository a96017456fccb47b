from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest

from stepwell.transfer.documents import (
    CourseDocument,
    FileDocument,
    LessonDocument,
    ModuleDocument,
    PageDocument,
)
from stepwell.transfer.errors import FolderTaken, FolderUnwritable, UnreadableSource
from stepwell.transfer.writer import write_course

COURSE = CourseDocument(
    path="README.md",
    key="aaaaaaaaaaaa",
    title="Bread: a course",
    outcomes=("Bake",),
    description="[Start](source:a/README.md) ![x](source:img/my%20x.png)",
    modules=(
        ModuleDocument(
            path="a",
            title="Über Brot!",
            lessons=(
                LessonDocument(
                    path="a/README.md",
                    key="bbbbbbbbbbbb",
                    title="Flour",
                    slug="flour",
                    minutes=5,
                    status="draft",
                    body="# Hi\n\n[Task](source:a/task.md#one) [b](source:b.md) `source:b.md`",
                    pages=(PageDocument(path="a/task.md", title="Task", body=""),),
                ),
                LessonDocument(path="b.md", title="/", body="[up](source:a/task.md)"),
            ),
        ),
    ),
    files=(FileDocument(path="img/my x.png", name="img/my x.png", size=3, sha256="-"),),
)


class Full(BytesIO):
    """A file on a disk that can't be read to its end."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError("the disk is broken")


@contextmanager
def open_file(file: FileDocument) -> Iterator[IO[bytes]]:
    yield BytesIO(file.name.encode())


def files_in(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_course_is_laid_out_with_relative_links(tmp_path: Path) -> None:
    write_course(COURSE, tmp_path / "new", open_file=open_file)
    assert files_in(tmp_path / "new") == {
        "course.md": (
            "---\nkey: aaaaaaaaaaaa\ntitle: 'Bread: a course'\nlanguage: en\noutcomes:\n- Bake\n"
            "---\n\n[Start](01-über-brot/01-flour/lesson.md) ![x](assets/img/my%20x.png)\n"
        ),
        "01-über-brot/module.md": "---\ntitle: Über Brot!\n---\n",
        "01-über-brot/01-flour/lesson.md": (
            "---\nkey: bbbbbbbbbbbb\ntitle: Flour\nslug: flour\nminutes: 5\nstatus: draft\n---\n\n"
            "# Hi\n\n[Task](01-task.md#one) [b](../02.md) `source:b.md`\n"
        ),
        "01-über-brot/01-flour/01-task.md": "---\ntitle: Task\n---\n",
        "01-über-brot/02.md": "---\ntitle: /\n---\n\n[up](01-flour/01-task.md)\n",
        "assets/img/my x.png": "img/my x.png",
    }


def test_nothing_but_the_course_is_left_behind(tmp_path: Path) -> None:
    write_course(COURSE, tmp_path / "new", open_file=open_file)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_more_than_ninety_nine_lessons_keep_their_order(tmp_path: Path) -> None:
    lessons = tuple(LessonDocument(path=f"{n}", title=f"L{n}", body="") for n in range(1, 121))
    course = CourseDocument("x", "A", (ModuleDocument("m", "M", lessons),))
    write_course(course, tmp_path / "new", open_file=open_file)
    names = sorted(path.name for path in (tmp_path / "new" / "01-m").iterdir())
    assert names[:2] + names[-2:] == ["001-l1.md", "002-l2.md", "120-l120.md", "module.md"]


def test_a_second_export_leaves_nothing_stale_and_keeps_what_is_not_its_own(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "new"
    write_course(COURSE, folder, open_file=open_file)
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref")
    (folder / "NOTES.txt").write_text("mine")
    smaller = CourseDocument("x", "Bread", (), key="aaaaaaaaaaaa")
    write_course(smaller, folder, open_file=open_file)
    assert files_in(folder) == {
        ".git/HEAD": "ref",
        "NOTES.txt": "mine",
        "course.md": "---\nkey: aaaaaaaaaaaa\ntitle: Bread\nlanguage: en\n---\n",
    }


@pytest.mark.parametrize(
    "files",
    [
        {"thesis.doc": "precious"},
        {"course.md": "---\nkey: cccccccccccc\n---\n"},
        {"course.md": "---\ntitle: no key\n---\n"},
        {"course.md": "---\nbroken: [\n---\n"},
    ],
)
def test_a_folder_of_something_else_is_refused_and_untouched(
    tmp_path: Path, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(FolderTaken, match="not empty"):
        write_course(COURSE, tmp_path, open_file=open_file)
    assert files_in(tmp_path) == files


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("precious")
    with pytest.raises(FolderTaken):
        write_course(COURSE, tmp_path / "x", open_file=open_file)


@pytest.mark.parametrize(
    "folder", ["/proc/x", "/proc/self/status/x", "/dev/null/a/b", "/" + "x" * 300]
)
def test_a_folder_that_cannot_be_made_is_refused(folder: str) -> None:
    with pytest.raises(FolderUnwritable, match=f"^{folder} can't be written: "):
        write_course(COURSE, Path(folder), open_file=open_file)


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    write_course(COURSE, tmp_path, open_file=open_file)
    assert (tmp_path / "course.md").is_file()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_failure_leaves_the_earlier_export_as_it_was(tmp_path: Path) -> None:
    write_course(COURSE, tmp_path / "new", open_file=open_file)
    before = files_in(tmp_path / "new")

    @contextmanager
    def failing(_file: FileDocument) -> Iterator[IO[bytes]]:
        yield Full()

    changed = CourseDocument("x", "Changed", (), files=COURSE.files, key=COURSE.key)
    with pytest.raises(OSError, match="disk is broken"):
        write_course(changed, tmp_path / "new", open_file=failing)
    assert files_in(tmp_path / "new") == before


def test_an_entry_that_cannot_be_moved_leaves_the_earlier_export_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    write_course(COURSE, folder, open_file=open_file)
    (folder / "01-eggs").mkdir()
    (folder / "01-eggs" / "mine.txt").write_text("not an export's, but in the way")
    before = files_in(folder)
    eggs = CourseDocument("x", "A", (ModuleDocument("m", "Eggs", ()),), key=COURSE.key)
    with pytest.raises(OSError, match=r"not empty|exists"):
        write_course(eggs, folder, open_file=open_file)
    assert files_in(folder) == before


def test_an_attachment_name_that_climbs_out_is_refused(tmp_path: Path) -> None:
    file = FileDocument(path="x", name="../../x", size=0, sha256="")
    course = CourseDocument("x", "A", (), files=(file,))
    with pytest.raises(UnreadableSource):
        write_course(course, tmp_path / "new", open_file=open_file)
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_file(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_course(
        COURSE,
        tmp_path / "new",
        open_file=open_file,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(n, 6) for n in range(1, 7)]
