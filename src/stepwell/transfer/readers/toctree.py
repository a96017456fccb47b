"""Courses with a `_toctree.yml`, as Hugging Face writes them: chapters of MDX pages."""

import posixpath
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from stepwell.transfer.dialects.mdx import convert_mdx
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder, is_inside
from stepwell.transfer.front_matter import line_of, lines_with, load_yaml
from stepwell.transfer.links import LocalLink, locate
from stepwell.transfer.readers.fields import language_code
from stepwell.transfer.readers.front_page import read_front_page
from stepwell.transfer.readers.gathering import gather_course
from stepwell.transfer.readers.plans import CoursePlan, LessonPlan, ModulePlan, Route
from stepwell.transfer.readers.texts import title_from_name
from stepwell.transfer.visible import one_line

TOCTREE = "_toctree.yml"
SOURCES = (".mdx", ".md")


def find_toctree(folder: SourceFolder) -> str | None:
    """Return where the table of contents lies: here, in `en`, or in the only folder with one."""
    for path in (TOCTREE, f"en/{TOCTREE}"):
        if folder.has_file(path):
            return path
    others = [path for path in folder.files if path.split("/")[1:] == [TOCTREE]]
    return others[0] if len(others) == 1 else None


def read_toctree(folder: SourceFolder, toctree: str) -> CourseDocument:
    """Read chapters as modules and their pages as lessons, in the order of the table."""
    base = posixpath.dirname(toctree)
    table = load_yaml(folder.text(toctree), toctree)
    if not isinstance(table, list):
        raise UnreadableSource(toctree, _("A list of chapters is expected here."), 1)
    source = _Table(toctree, folder.text(toctree))
    chapters = [_chapter(source, place, chapter) for place, chapter in enumerate(table)]
    _refuse_repeated(folder, toctree, [page for _title, pages in chapters for page in pages])
    modules: list[ModulePlan] = []
    for number, (title, pages) in enumerate(chapters, 1):
        lessons = tuple(_lesson(folder, base, page, toctree) for page in pages)
        path = f"{toctree}#{title}"[:300]
        is_taken = any(module.path == path for module in modules)
        modules.append(ModulePlan(f"{path} ({number})" if is_taken else path, title, lessons))
    readme = next((name for name in ("README.md", "index.md") if folder.has_file(name)), None)
    front = read_front_page(folder, readme, convert_mdx) if readme else None
    plan = CoursePlan(
        path=toctree,
        title=front.title if front else title_from_name(folder.root.name),
        modules=tuple(modules),
        dialect=convert_mdx,
        language=language_code(base.split("/")[-1]),
        introduction=front.introduction if front else None,
        used_files=frozenset({toctree, readme or toctree}),
        route=_route(
            folder, base, [lesson.path for module in modules for lesson in module.lessons]
        ),
    )
    return gather_course(folder, plan)


@dataclass(frozen=True)
class _Table:
    """A table of contents as its file has it."""

    path: str
    text: str

    def refuse(self, reason: str, *way: str | int) -> NoReturn:
        """Name the line to which the names and places of `way` lead."""
        raise UnreadableSource(self.path, reason, line_of(self.text, *way))


def _chapter(table: _Table, place: int, chapter: Any) -> tuple[str, list[dict[str, Any]]]:
    found = chapter.get("title") if isinstance(chapter, dict) else None
    title = one_line(found) if isinstance(found, str) else ""
    if not title:
        table.refuse(_("Each chapter needs a title."), place)
    if "local" in chapter:  # a page of its own
        return title, [chapter]
    return title, _pages(table, chapter, place)


def _pages(table: _Table, owner: dict[str, Any], *way: str | int) -> list[dict[str, Any]]:
    """Return the pages of a chapter; those of sections inside sections come in the same order."""
    sections = owner.get("sections") or []
    reason = _("“sections” should be a list of pages.")
    if not isinstance(sections, list):
        table.refuse(reason, *way, "sections")
    pages: list[dict[str, Any]] = []
    for place, section in enumerate(sections):
        if not isinstance(section, dict):
            table.refuse(reason, *way, "sections", place)
        if "local" in section:
            pages.append(section)
        pages += _pages(table, section, *way, "sections", place)
    return pages


def _lesson(folder: SourceFolder, base: str, page: dict[str, Any], toctree: str) -> LessonPlan:
    local, title = str(page["local"]), one_line(str(page.get("title") or ""))
    for extension in SOURCES:
        path = posixpath.join(base, local + extension)
        if is_inside(path) and folder.has_file(path):
            return LessonPlan(path, title)
    lines = lines_with(local, folder.text(toctree))
    reason = _("The page %(name)s is not there.") % {"name": local}
    raise UnreadableSource(toctree, reason, next(iter(lines), None))


def _refuse_repeated(folder: SourceFolder, toctree: str, pages: list[dict[str, Any]]) -> None:
    names = [str(page["local"]) for page in pages]
    for place, name in enumerate(names):
        if name in names[:place]:
            lines = lines_with(name, folder.text(toctree))
            reason = _("The page %(name)s is named twice.") % {"name": name}
            raise UnreadableSource(toctree, reason, next(iter(lines[1:]), None))


def _route(folder: SourceFolder, base: str, lessons: list[str]) -> Route:
    """Return how addresses of the built website lead to pages: `/course/chapter1/3`."""
    known = {posixpath.splitext(path)[0]: path for path in reversed(lessons)}
    for path in reversed(lessons):
        known[posixpath.dirname(path)] = path
    known.pop(base, None)

    def route(page: str, destination: str, line: int | None) -> LocalLink | None:
        if destination.startswith("/") and not destination.startswith("//"):
            link = locate(destination, base=page, line=line)
            parts = link.path.split("/")
            ends = ["/".join(parts[start:]) for start in range(len(parts))]
        elif ":" not in destination and not destination.startswith("#"):
            link = locate(destination, base=page, line=line)
            if folder.has_file(link.path):
                return None
            ends = [posixpath.relpath(link.path, base or ".")]
        else:
            return None
        for end in ends:
            found = known.get(posixpath.join(base, end))
            if found:
                return LocalLink(found, link.suffix if "#" in link.suffix else "")
        return None

    return route
