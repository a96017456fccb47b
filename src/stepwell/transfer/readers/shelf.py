"""The texts of a folder, read when first asked for, and where their links lead."""

import posixpath
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.front_matter import FrontMatter
from stepwell.transfer.links import LocalLink, encode, is_local, locate
from stepwell.transfer.readers.leftovers import MARKDOWN
from stepwell.transfer.readers.plans import CoursePlan, PlannedText
from stepwell.transfer.readers.texts import Text, inspect, read_body, read_text
from stepwell.transfer.source_text import split_lines

INDEXES = ("README.md", "readme.md", "index.md", "README.mdx", "index.mdx")


@dataclass(frozen=True)
class Target:
    """What a link leads to: a page or a file, and the place on the page."""

    path: str
    is_text: bool
    suffix: str = ""


class Shelf:
    """Gives texts, and the targets of their links."""

    def __init__(self, folder: SourceFolder, plan: CoursePlan) -> None:
        self.folder = folder
        self.plan = plan
        self._texts: dict[str, Text] = {}

    @property
    def read_files(self) -> set[str]:
        """Return the paths of all Markdown files read so far."""
        return set(self._texts)

    def text(self, path: str) -> Text:
        """Return a page by its path; raises `UnreadableSource`."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def is_ours(self, base: str, destination: str, line: int | None = None) -> bool:
        """Say whether a link is meant to lead to something in the folder."""
        return is_local(destination) or self.plan.route(base, destination, line) is not None

    def target(self, base: str, destination: str, line: int | None = None) -> Target | None:
        """Return what a link in the page `base` leads to, or None if nothing is there.

        Raises `UnreadableSource` for a link that climbs out of the folder or leads to a symbolic
        link.
        """
        link = self.plan.route(base, destination, line)
        if link is None and is_local(destination):
            link = locate(destination, base=base, line=line)
        if link is None:
            return None
        path = link.path
        if path in self._planned or path in self._listings:
            return Target(path, is_text=True, suffix=link.suffix)
        if path in self.folder.folders:
            return self._folder(path, link)
        if not path.strip(".") or not self.folder.has_file(path):
            return None
        return Target(path, is_text=path.lower().endswith(MARKDOWN), suffix=link.suffix)

    def _folder(self, path: str, link: LocalLink) -> Target | None:
        if path == ".":
            return None
        for name in INDEXES:
            inner = posixpath.join(path, name)
            if self.folder.has_file(inner):
                return Target(inner, is_text=True, suffix=link.suffix)
        self._listings.add(path)
        return Target(path, is_text=True)

    @cached_property
    def _planned(self) -> dict[str, PlannedText]:
        return {text.path: text for text in self.plan.texts}

    @cached_property
    def _listings(self) -> set[str]:
        return set()

    @cached_property
    def _titles(self) -> dict[str, str]:
        lessons = (lesson for module in self.plan.modules for lesson in module.lessons)
        return {lesson.path: lesson.title for lesson in lessons}

    def _read(self, path: str) -> Text:
        if path in self._planned:
            planned = self._planned[path]
            return _made(path, planned.title, planned.body)
        if path in self._listings:
            title = _("Files in %(folder)s") % {"folder": " / ".join(path.split("/")[-2:])}
            return _made(path, title, self._listing(path))
        return read_text(self.folder, path, self.plan.dialect, self._titles.get(path, ""))

    def _listing(self, folder: str) -> str:
        """Return a page that offers each file of a folder."""
        return "\n".join(
            f"- [`{posixpath.relpath(path, folder)}`](/{encode(path)})"
            for path in self.folder.below(folder)
        )


def _made(path: str, title: str, body: str) -> Text:
    lines, parsed = split_lines(body), read_body(body, path)
    anchors, findings = inspect(parsed, lines, path)
    return Text(path, title, parsed, lines, anchors, FrontMatter({}, body, 1), findings)
