"""Course folders as zip files: read with care, since anyone may have made them."""

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
MOST_RATIO = 200  # what text may shrink to; a bomb does it by thousands
FREE_OF_RATIO = 10 * MIB  # so small that their ratio is of no concern
LONGEST_PATH = 300
PIECE = 256 * 1024
IGNORED = ("__MACOSX/",)


def unpack(archive: Path, folder: Path, *, limit_mb: int) -> Path:
    """Write a zip file's content below `folder`, and return the folder that is the course.

    That is the only folder at the top, where there is just one. Nothing is ever written outside,
    and no more than `limit_mb`, whatever the zip file says of its sizes.

    Raises `BadZip`.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = list(_entries(opened))
            left = limit_mb * MIB
            for entry, path in entries:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("xb") as out:
                    left -= _copy(source, out, min(left, _most(entry)), entry.filename)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        raise BadZip(reason=_("It can’t be read. Make it anew.")) from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise BadZip(reason=_("Two files in it have the same name.")) from None
    top = list(folder.iterdir())
    return top[0] if len(top) == 1 and top[0].is_dir() else folder


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Yield the files to unpack; refuse the zip file for any that can't be taken."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise BadZip(reason=_("It holds more than %(n)s files.") % {"n": MOST_ENTRIES})
    for info in infos:
        if info.is_dir() or info.filename.startswith(IGNORED):
            continue
        path = PurePosixPath(info.filename.replace("\\", "/"))
        shown = {"name": info.filename[:80]}
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BadZip(reason=_("“%(name)s” leads out of it.") % shown)
        if len(info.filename) > LONGEST_PATH or any(ord(letter) < 32 for letter in info.filename):
            raise BadZip(reason=_("“%(name)s” is no name for a file.") % shown)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise BadZip(reason=_("“%(name)s” is a link to another file.") % shown)
        if info.flag_bits & 1:
            raise BadZip(reason=_("It is locked with a password."))
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
