"""Types of the fixtures that make folders to import from, and where real courses may lie."""

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
