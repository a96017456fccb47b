"""The only way to touch the files of a source folder."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.visible import refuse_control_characters

MIB = 1024 * 1024
VIDEOS = (".mp4", ".webm")
ASSETS = "assets"
IGNORED = frozenset({".DS_Store", ".git", "Thumbs.db", "__pycache__", "node_modules"})


@dataclass(frozen=True)
class Limits:
    """How much a folder may hold before it is refused."""

    text_bytes: int = 2 * MIB
    attachment_bytes: int = 100 * MIB
    video_bytes: int = 2048 * MIB
    entries: int = 50_000
    depth: int = 40
    path_length: int = 300


class SourceFolder:
    """A folder that somebody else wrote: read with care, never followed out of itself.

    Every path is relative to the root, with `/` between its parts. Looking through the folder and
    reading raise `UnreadableSource` for whatever is neither folder nor regular file within the
    limits: a path that climbs out, a symbolic link, a device, too many bytes, no UTF-8.
    """

    def __init__(
        self,
        root: Path,
        limits: Limits | None = None,
        reading: Callable[[], None] = lambda: None,
    ) -> None:
        """Take a folder; `reading` is called with each text that is read."""
        self._reading = reading
        self.root = root.resolve()
        self.limits = limits or Limits()
        self._seen = 0
        if not self.root.is_dir():
            raise UnreadableSource(str(root), _("This is not a folder."))
        if not self.root.name.isprintable():  # it may become the course's title
            reason = _("The name holds characters that can't be shown.")
            raise UnreadableSource(ascii(self.root.name), reason)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """All regular files, in order; hidden ones and tools' leftovers are not looked at."""
        return tuple(sorted(self._walk(self.root, 0)))

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that hold a file, however deep."""
        return frozenset(
            str(parent) for path in self.files for parent in PurePosixPath(path).parents
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    def has_file(self, path: str) -> bool:
        """Say whether `path` is a file here; a symbolic link on the way is refused."""
        if path in self._known:
            return True
        self._refuse_odd(path)
        return False

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the files in `folder`, however deep."""
        start = "" if folder in {"", "."} else f"{folder}/"
        return tuple(path for path in self.files if path.startswith(start))

    def text(self, path: str) -> str:
        """Return a text file's content with `\\n` at line ends."""
        self._reading()
        content = self._read(path, self.limits.text_bytes)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise UnreadableSource(path, _("This is not UTF-8 text."), line) from error
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        refuse_control_characters(text, path, 1)
        return text

    def size_and_sha256(self, path: str) -> tuple[int, str]:
        """Return what tells a file's content from another's, without holding it in memory."""
        with self.open(path) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return stream.tell(), digest

    @contextmanager
    def open(self, path: str, limit: int | None = None) -> Iterator[BufferedReader]:
        """Open a file for reading, at most `limit` bytes of it (those of an attachment)."""
        if limit is None:
            is_video = path.lower().endswith(VIDEOS)
            limit = self.limits.video_bytes if is_video else self.limits.attachment_bytes
        with os.fdopen(self._descriptor(path), "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise UnreadableSource(path, _("This is no ordinary file."))
            if facts.st_size > limit:
                raise UnreadableSource(
                    path,
                    _("The file has %(size).1f MiB; at most %(limit)g MiB are read.")
                    % {"size": facts.st_size / MIB, "limit": limit / MIB},
                )
            yield stream

    def _read(self, path: str, limit: int) -> bytes:
        with self.open(path, limit) as stream:
            return stream.read(limit)

    def _descriptor(self, path: str) -> int:
        """Open `path` step by step, so that no part of it can be a symbolic link, even now."""
        parts = parts_of(path)
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                inner = os.open(part, flags, dir_fd=folder)
                os.close(folder)
                folder = inner
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            return os.open(parts[-1], flags, dir_fd=folder)
        except OSError as error:
            self._refuse_odd(path)
            if error.errno in {errno.ENOENT, errno.ENOTDIR}:
                raise UnreadableSource(path, _("There is no such file.")) from error
            raise UnreadableSource(path, error.strerror or str(error)) from error
        finally:
            os.close(folder)

    def _refuse_odd(self, path: str) -> None:
        """Refuse a path that passes through, or ends in, what is neither file nor folder."""
        place = self.root
        for part in parts_of(path):
            place /= part
            if not os.path.lexists(place):
                return
            mode, name = place.lstat().st_mode, place.relative_to(self.root).as_posix()
            if stat.S_ISLNK(mode):
                raise UnreadableSource(
                    name, _("This is a symbolic link. Put the file itself there.")
                )
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise UnreadableSource(name, _("This is no ordinary file."))

    def _walk(self, folder: Path, depth: int) -> Iterator[str]:
        if depth > self.limits.depth:
            raise UnreadableSource(self._name(folder), _("The folders are nested too deep."))
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise UnreadableSource(self._name(folder), error.strerror or str(error)) from error
        for entry in entries:
            if self._is_ignored(entry):
                continue
            path = self._name(Path(entry.path))
            if not path.isprintable():
                reason = _("The name holds characters that can't be shown.")
                raise UnreadableSource(ascii(path), reason)
            if len(path) > self.limits.path_length:
                reason = _("The path is longer than %(limit)d characters.")
                raise UnreadableSource(path, reason % {"limit": self.limits.path_length})
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry.path), depth + 1)
            else:
                self._refuse_odd(path)
                self._count()
                yield path

    def _count(self) -> None:
        self._seen += 1
        if self._seen > self.limits.entries:
            reason = _("The folder holds more than %(limit)d files.")
            raise UnreadableSource(str(self.root), reason % {"limit": self.limits.entries})

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _is_ignored(self, entry: "os.DirEntry[str]") -> bool:
        """Pass over what tools and editors leave, but take every attachment of an export."""
        if entry.name in IGNORED:
            return True
        is_asset = Path(entry.path).relative_to(self.root).parts[0] == ASSETS
        return entry.name.startswith(".") and not is_asset


def is_inside(path: str) -> bool:
    """Say whether a relative path stays within the folder that it starts in."""
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts


def parts_of(path: str) -> tuple[str, ...]:
    """Return the parts of a relative path; one that climbs out or is absolute is refused."""
    if not is_inside(path) or "\x00" in path:
        raise UnreadableSource(path, _("This path leads out of the folder."))
    return PurePosixPath(path).parts
