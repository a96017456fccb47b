"""Folders to import from, and a media folder of its own for each test."""

from pathlib import Path

import pytest
from pytest_django import Settings

from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers import read_course
from tests.transfer.folders import REAL_COURSES, Files, ReadCourse, WriteFiles, write_into

# Real courses are read where they lie beside the checkout; they are no part of the project.
collect_ignore = [] if REAL_COURSES.is_dir() else ["readers/test_real_courses.py"]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    def write(files: Files, name: str = "course") -> Path:
        folder = tmp_path / name
        write_into(folder, files)
        return folder

    return write


@pytest.fixture
def read(write_files: WriteFiles) -> ReadCourse:
    """Read the course in a folder of the given files."""
    return lambda files: read_course(SourceFolder(write_files(files)))
