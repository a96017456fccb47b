"""Files that become attachments."""

from stepwell.core.svg import HostileSvg, refuse_hostile_svg
from stepwell.transfer.documents import FileDocument
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder


def read_file(folder: SourceFolder, path: str, name: str = "") -> FileDocument:
    """Return what is known of a file; raises `UnreadableSource` for too large or hostile ones."""
    if path.lower().endswith(".svg"):
        try:
            with folder.open(path) as stream:
                refuse_hostile_svg(stream)
        except HostileSvg as error:
            raise UnreadableSource(path, error.reason, error.line) from error
    size, sha256 = folder.size_and_sha256(path)
    return FileDocument(path=path, name=name or path, size=size, sha256=sha256)
