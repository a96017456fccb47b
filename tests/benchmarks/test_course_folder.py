"""The course folder that the generator writes."""

from pathlib import Path

import pytest
from pytest_django import Settings

from benchmarks.course_folder import write_course_folder
from stepwell.courses.access import OPERATOR
from stepwell.transfer.importing import import_course

pytestmark = pytest.mark.django_db


def test_folder_is_a_course_of_its_size(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "river"

    write_course_folder(folder, lessons=26, media_bytes=20_001_000)
    report = import_course(folder, actor=OPERATOR)

    assert (report.course.title, report.findings) == ("river", ())
    assert str(report.counts) == "2 modules, 26 lessons, 0 pages, 2 attachments"
    assert sum(report.course.attachments.values_list("size", flat=True)) == 20_001_000
