"""Static files as browsers get them: one style sheet, hashed names, compressed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Puts what the style sheet imports in its place, so that pages wait for one file only."""

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Write the bundle over the collected sheet, then hash and compress as WhiteNoise does."""
        sheet = Path(self.path(SHEET))
        parts = IMPORT.findall(sheet.read_text())
        sheet.write_text(IMPORT.sub(lambda found: self._read(found[1]), sheet.read_text()))
        for part in parts:
            del paths[f"css/{part}"]
            (sheet.parent / part).unlink()
        paths[SHEET] = (self, SHEET)
        yield from super().post_process(paths, **options)

    def _read(self, part: str) -> str:
        return (Path(self.path(SHEET)).parent / part).read_text()
