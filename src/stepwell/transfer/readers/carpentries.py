"""Lessons of the Carpentries Workbench: `config.yaml`, and Markdown in `episodes`."""

import posixpath
import re
from typing import Any

from django.utils.translation import gettext as _

from stepwell.transfer.dialects.carpentries import convert_carpentries
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder, is_inside
from stepwell.transfer.front_matter import (
    line_of,
    line_of_field,
    lines_with,
    load_mapping,
    split_front_matter,
)
from stepwell.transfer.links import LocalLink, is_local, locate
from stepwell.transfer.readers.fields import language_code
from stepwell.transfer.readers.front_page import read_front_page
from stepwell.transfer.readers.gathering import gather_course
from stepwell.transfer.readers.plans import CoursePlan, LessonPlan, ModulePlan, Route
from stepwell.transfer.visible import one_line

CONFIG = "config.yaml"
EPISODES = "episodes"
SHELVES = ("episodes", "learners", "instructors", "profiles")
SOURCES = (".md", ".Rmd")


def is_carpentries(folder: SourceFolder) -> bool:
    return folder.has_file(CONFIG) and EPISODES in folder.folders


def read_carpentries(folder: SourceFolder) -> CourseDocument:
    """Read a lesson with its episodes in order; all of them make one module."""
    config = load_mapping(folder.text(CONFIG), CONFIG)
    words = {name: value for name, value in config.items() if isinstance(value, str)}
    title = one_line(words.get("title", "")).strip() or folder.root.name
    front = (
        read_front_page(folder, "index.md", convert_carpentries)
        if folder.has_file("index.md")
        else None
    )
    episodes = tuple(_episode(folder, path) for path in _order(folder, config))
    plan = CoursePlan(
        path=CONFIG,
        title=title,
        modules=(ModulePlan(EPISODES, title, episodes),),
        dialect=convert_carpentries,
        language=language_code(words.get("lang", "")),
        introduction=front.introduction if front else None,
        used_files=frozenset({CONFIG, "index.md"}),
        route=_route(folder, words.get("url", "").strip()),
    )
    return gather_course(folder, plan)


def _order(folder: SourceFolder, config: dict[str, Any]) -> list[str]:
    named = config.get("episodes")
    if named and not isinstance(named, list):
        reason = _("“episodes” should be a list of file names.")
        raise UnreadableSource(CONFIG, reason, line_of(folder.text(CONFIG), "episodes"))
    if not named:
        return [
            path
            for path in folder.below(EPISODES)
            if posixpath.dirname(path) == EPISODES and path.endswith(SOURCES)
        ]
    paths = [f"{EPISODES}/{name}" for name in named]
    for place, (name, path) in enumerate(zip(named, paths, strict=True)):
        lines = lines_with(str(name), folder.text(CONFIG))
        if not is_inside(str(name)) or not folder.has_file(path):
            reason = _("“episodes” names %(name)s, which is not there.") % {"name": name}
            raise UnreadableSource(CONFIG, reason, next(iter(lines), None))
        if path in paths[:place]:
            reason = _("The page %(name)s is named twice.") % {"name": name}
            raise UnreadableSource(CONFIG, reason, next(iter(lines[1:]), None))
    return paths


def _episode(folder: SourceFolder, path: str) -> LessonPlan:
    text = folder.text(path)
    fields = split_front_matter(text, path)
    minutes = 0
    for name in ("teaching", "exercises"):
        value = fields.fields.get(name) or "0"
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,4}", value):
            reason = _("“%(name)s” should be a number of minutes, not %(value)s.")
            told = reason % {"name": name, "value": one_line(str(value))}
            raise UnreadableSource(path, told, line_of_field(text, name))
        minutes += int(value)
    return LessonPlan(path, fields.word("title"), minutes)


def _route(folder: SourceFolder, url: str) -> Route:
    """Return how links to the built website lead back to the sources."""

    def route(base: str, destination: str, line: int | None) -> LocalLink | None:
        if url and destination.startswith(url.rstrip("/") + "/"):
            destination = destination.removeprefix(url.rstrip("/") + "/")
            base = "index.md"
        elif not is_local(destination):
            return None
        link = locate(destination, base=base, line=line)
        if link.path in folder.folders or folder.has_file(link.path):
            return link
        found = _source_of(folder, link.path, base)
        return LocalLink(found, link.suffix) if found else None

    return route


def _source_of(folder: SourceFolder, path: str, base: str) -> str | None:
    """Return the source of a built page, or of a file that the build copies from the episodes."""
    stem, extension = posixpath.splitext(posixpath.basename(path))
    if extension == ".html":
        candidates = [f"{shelf}/{stem}{source}" for shelf in SHELVES for source in SOURCES]
    else:
        start = posixpath.dirname(base)
        inner = posixpath.relpath(path, start) if start else path
        candidates = [f"{EPISODES}/{name}" for name in (inner, path) if not name.startswith("..")]
        candidates += [f"{shelf}/{posixpath.basename(path)}" for shelf in SHELVES]
    return next((found for found in candidates if folder.has_file(found)), None)
