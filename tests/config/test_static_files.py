"""What browsers get of our static files."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from stepwell.config.static_files import BundledStaticFilesStorage

SOURCES = Path(settings.STATICFILES_DIRS[0])


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """Our files after collecting, hashing and compressing."""
    shutil.copytree(SOURCES, tmp_path / "static")
    storage = BundledStaticFilesStorage(location=tmp_path / "static", base_url="/static/")
    names = [str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*") if path.is_file()]
    list(storage.post_process({name: (storage, name) for name in names}))
    return tmp_path / "static"


def test_style_sheet_is_one_file_with_all_its_parts(collected: Path) -> None:
    [sheet] = collected.glob("css/app.*.css")
    text = sheet.read_text()

    assert list(collected.rglob("*.css")) == [sheet]
    assert "@import" not in text
    parts = re.findall(r'@import "([^"]+)"', (SOURCES / "css/app.css").read_text())
    assert len(parts) > 10
    places = [text.index((SOURCES / "css" / part).read_text()) for part in parts]
    assert places == sorted(places)


def test_every_part_of_the_style_sheet_is_named_in_it() -> None:
    named = set(re.findall(r'@import "([^"]+)"', (SOURCES / "css/app.css").read_text()))

    files = {str(path.relative_to(SOURCES / "css")) for path in (SOURCES / "css").rglob("*.css")}
    assert named == files - {"app.css"}


def test_files_come_compressed(collected: Path) -> None:
    [sheet] = collected.glob("css/app.*.css")

    assert sheet.with_name(sheet.name + ".br").stat().st_size < 8_000
    assert sheet.with_name(sheet.name + ".gz").exists()
