"""Course folders as zip files: read with care, since anyone may have made them."""

import io
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from stepwell.transfer.errors import BadZip

MIB = 1024 * 1024
MOST_ENTRIES = 20_000
MOST_RATIO = 200  # what a text may shrink to; a bomb does it by thousands
MOST_RATIO_OF_ALL = 50
FREE_OF_RATIO_OF_ALL = 100 * (1 << 20)
MOST_DIRECTORY = 4 * (1 << 20)  # bytes of the list of its files, which is read as a whole
FREE_OF_RATIO = 10 * MIB  # so small that their ratio is of no concern
LONGEST_PATH = 300
PIECE = 256 * 1024
IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # systems leave them everywhere
LONGEST_NAME = 255  # bytes, on any file system
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    RuntimeError,
    UnicodeDecodeError,
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a bound


def unpack(archive: Path, folder: Path, *, limit_mb: int) -> Path:
    """Write a zip file's content below `folder`, and return the folder that is the course.

    Folders that hold nothing but one other folder are passed through; one that begins with a digit
    is a module. Nothing is ever written outside, and no more than `limit_mb`, whatever the zip file
    says of its sizes.

    Raises `BadZip`.
    """
    try:
        with _Bounded(archive) as file, zipfile.ZipFile(file) as opened:
            entries = list(_entries(opened))
            of_all = archive.stat().st_size * MOST_RATIO_OF_ALL
            left = min(limit_mb * MIB, max(of_all, FREE_OF_RATIO_OF_ALL))
            if sum(entry.file_size for entry, _path in entries) > shutil.disk_usage(folder).free:
                raise BadZip(reason=_("The server has not enough room to unpack it."))
            for entry, path in entries:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("xb") as out:
                    left -= _copy(source, out, min(left, _most(entry)), entry.filename)
    except UNREADABLE:
        raise BadZip(reason=_("It can’t be read. Zip the folder again.")) from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise BadZip(reason=_("Two files in it have the same name.")) from None
    while len(top := list(folder.iterdir())) == 1:
        if not top[0].is_dir() or top[0].name[0].isdigit():
            break
        folder = top[0]
    return folder


class _Bounded(io.FileIO):
    """A file that gives no more at once than a zip file's list of files may take."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_DIRECTORY:
            raise BadZip(reason=_("It holds more than %(n)s files.") % {"n": MOST_ENTRIES})
        return super().read(size)


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Yield the files to unpack; refuse the zip file for any that can't be taken."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise BadZip(reason=_("It holds more than %(n)s files.") % {"n": MOST_ENTRIES})
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        is_ignored = not set(IGNORED).isdisjoint(path.parts) or path.name.startswith("._")
        if info.is_dir() or is_ignored:
            continue
        shown = {"name": info.filename[:80]}
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BadZip(reason=_("“%(name)s” leads out of it.") % shown)
        has_long_name = any(len(part.encode()) > LONGEST_NAME for part in path.parts)
        is_odd = any(ord(letter) < 32 for letter in info.filename)
        if has_long_name or is_odd or len(info.filename) > LONGEST_PATH:
            raise BadZip(reason=_("“%(name)s” is no name for a file.") % shown)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadZip(reason=_("“%(name)s” is a link to another file.") % shown)
        if info.flag_bits & 1:
            raise BadZip(reason=_("It is locked with a password."))
        if info.compress_type not in METHODS:
            raise BadZip(reason=_("It is packed in an unusual way. Make an ordinary zip file."))
        yield info, Path(*path.parts)


def _most(entry: zipfile.ZipInfo) -> int:
    return max(entry.compress_size * MOST_RATIO, FREE_OF_RATIO)


def _copy(source: IO[bytes], out: IO[bytes], most: int, name: str) -> int:
    """Copy in pieces and return how much it was; a file that goes on beyond `most` is refused."""
    size = 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > most:
            raise BadZip(reason=_("“%(name)s” unpacks to far too much.") % {"name": name[:80]})
        out.write(piece)
    return size


def pack(folder: Path, archive: Path) -> None:
    """Write a folder as a zip file in pieces; the same content gives the same file."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with path.open("rb") as source, out.open(info, "w", force_zip64=True) as entry:
                while piece := source.read(PIECE):
                    entry.write(piece)
