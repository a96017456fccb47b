"""Readers of course folders: one file for each layout, tried in turn."""

from collections.abc import Callable

from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import UnknownLayout
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.front_matter import load_mapping
from stepwell.transfer.readers.carpentries import CONFIG, is_carpentries, read_carpentries
from stepwell.transfer.readers.numbered import find_numbered_lessons, read_numbered
from stepwell.transfer.readers.stepwell import is_stepwell, read_stepwell
from stepwell.transfer.readers.toctree import find_toctree, read_toctree

Reader = Callable[[SourceFolder], CourseDocument]


def read_course(folder: SourceFolder) -> CourseDocument:
    """Read the course in a folder, whichever layout it has.

    Raises `UnknownLayout` where none fits and `UnreadableSource` for a broken or hostile file.
    """
    if is_stepwell(folder):
        return read_stepwell(folder)
    if is_carpentries(folder):
        return read_carpentries(folder)
    if toctree := find_toctree(folder):
        return read_toctree(folder, toctree)
    if find_numbered_lessons(folder):
        return read_numbered(folder)
    if folder.has_file(CONFIG):
        load_mapping(folder.text(CONFIG), CONFIG)  # says first what is wrong in the file itself
    raise UnknownLayout(folder=folder.root)
