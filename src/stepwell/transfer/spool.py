"""Texts by name, kept on disk: a course's HTML is several times as large as its source."""

from collections.abc import Hashable
from tempfile import TemporaryFile


class Spool:
    """A mapping from names to texts whose texts take no memory."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  closed by `close`
        self._places: dict[Hashable, tuple[int, int]] = {}

    def keep(self, name: Hashable, text: str) -> None:
        """Keep a text under a name."""
        start = self._file.seek(0, 2)
        self._places[name] = start, self._file.write(text.encode())

    def get(self, name: Hashable) -> str | None:
        """Return the text that was kept under a name, or None."""
        if name not in self._places:
            return None
        start, length = self._places[name]
        self._file.seek(start)
        return self._file.read(length).decode()

    def close(self) -> None:
        self._file.close()
