"""Static files as browsers get them: one style sheet a kind of page, hashed, compressed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEETS = ("css/app.css", "css/studio.css")
IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Puts what style sheets import in its place, so that pages don't wait for one after another.

    Scripts of the studio import each other, so that their names are hashed inside them as well.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Write bundles over the collected sheets, then hash and compress as WhiteNoise does."""
        for name in SHEETS:
            sheet = Path(self.path(name))
            parts = IMPORT.findall(sheet.read_text())
            sheet.write_text(IMPORT.sub(lambda found: self._read(found[1]), sheet.read_text()))
            for part in parts:
                del paths[f"css/{part}"]
                (sheet.parent / part).unlink()
            paths[name] = (self, name)
        yield from super().post_process(paths, **options)

    def _read(self, part: str) -> str:
        return (Path(self.path(SHEETS[0])).parent / part).read_text()
