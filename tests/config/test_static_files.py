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


@pytest.mark.parametrize("name", ["app", "studio"])
def test_style_sheet_is_one_file_with_all_its_parts(collected: Path, name: str) -> None:
    [sheet] = collected.glob(f"css/{name}.*.css")
    text = sheet.read_text()

    assert len(list(collected.rglob("*.css"))) == 2
    assert "@import" not in text
    parts = re.findall(r'@import "([^"]+)"', (SOURCES / f"css/{name}.css").read_text())
    assert len(parts) > 1
    places = [text.index((SOURCES / "css" / part).read_text()) for part in parts]
    assert places == sorted(places)


def test_every_part_of_the_style_sheet_is_named_in_it() -> None:
    sheets = [(SOURCES / f"css/{name}.css").read_text() for name in ("app", "studio")]
    named = {part for sheet in sheets for part in re.findall(r'@import "([^"]+)"', sheet)}

    files = {str(path.relative_to(SOURCES / "css")) for path in (SOURCES / "css").rglob("*.css")}
    assert named == files - {"app.css", "studio.css"}


def test_files_come_compressed(collected: Path) -> None:
    [sheet] = collected.glob("css/app.*.css")

    assert sheet.with_name(sheet.name + ".br").stat().st_size < 9_000
    assert sheet.with_name(sheet.name + ".gz").exists()
