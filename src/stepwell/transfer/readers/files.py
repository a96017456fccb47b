"""Files that become attachments."""

from stepwell.transfer.documents import FileDocument
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.svg import refuse_hostile_svg


def read_file(folder: SourceFolder, path: str, name: str = "") -> FileDocument:
    """Return what is known of a file; raises `UnreadableSource` for too large or hostile ones."""
    if path.lower().endswith(".svg"):
        with folder.open(path) as stream:
            refuse_hostile_svg(stream, path)
    size, sha256 = folder.size_and_sha256(path)
    return FileDocument(path=path, name=name or path, size=size, sha256=sha256)
