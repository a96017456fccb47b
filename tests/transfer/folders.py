"""Types of the fixtures that make folders to import from, and where real courses may lie."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from stepwell.transfer.documents import CourseDocument

Files = Mapping[str, str | bytes]
REAL_COURSES = Path(__file__).parents[3] / "shared" / "courses"


class WriteFiles(Protocol):
    """Writes files into a folder below the test's own, and returns the folder."""

    def __call__(self, files: Files, name: str = "course") -> Path: ...


ReadCourse = Callable[[Files], CourseDocument]


def write_into(folder: Path, files: Files) -> None:
    """Write the files into the folder, which need not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def rewrite(folder: Path, files: Files) -> None:
    """Write the files into the folder, and remove all others."""
    shutil.rmtree(folder, ignore_errors=True)
    write_into(folder, files)
