"""Files of any size go through an import and an export in pieces."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Attachment
from stepwell.transfer.exporting import export_course
from stepwell.transfer.folder import MIB
from stepwell.transfer.importing import import_course
from tests.transfer.folders import WriteFiles
from tests.transfer.imports import OWN

pytestmark = pytest.mark.django_db

FILM = 48 * MIB


def peak_of(action: Callable[[], Any]) -> int:
    """Return how many bytes Python held at most for what an action made."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_file_is_held_in_memory(write_files: WriteFiles, tmp_path: Path) -> None:
    folder = write_files({**OWN, "assets/film.mp4": b"film"})
    with (folder / "assets/film.mp4").open("r+b") as film:
        film.truncate(FILM)  # sparse, so it takes no space

    imported = peak_of(lambda: import_course(folder, actor=OPERATOR))
    attachment = Attachment.objects.get()
    exported = peak_of(lambda: export_course(attachment.course, tmp_path / "export"))

    assert attachment.size == FILM
    assert (tmp_path / "export/assets/film.mp4").stat().st_size == FILM
    assert max(imported, exported) < FILM // 8
