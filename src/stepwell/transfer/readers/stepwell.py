"""Stepwell's own layout: front matter with keys, one folder a module, attachments in `assets`."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from stepwell.core.markdown.links import Body
from stepwell.transfer.documents import (
    CourseDocument,
    FileDocument,
    LessonDocument,
    ModuleDocument,
    PageDocument,
)
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.findings import Finding, FindingKind, in_order
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.layout import ASSETS, COURSE, LESSON, MODULE
from stepwell.transfer.links import is_local, locate, rewrite, source_link
from stepwell.transfer.readers.fields import Fields
from stepwell.transfer.readers.files import read_file
from stepwell.transfer.readers.leftovers import left_out
from stepwell.transfer.readers.numbered import in_number_order
from stepwell.transfer.readers.texts import inspect, read_body
from stepwell.transfer.source_text import split_lines

# Fields of front matter beside the ones that every text has.
ABOUT = ("summary", "language", "outcomes", "minutes")
PLAIN = ("minutes", "status")
MEDIA = ("video", "captions", "poster")

Document = CourseDocument | LessonDocument | PageDocument


def is_stepwell(folder: SourceFolder) -> bool:
    return folder.has_file(COURSE)


def read_stepwell(folder: SourceFolder) -> CourseDocument:
    """Read a course in the layout that `write_course` writes; see `docs/reference`."""
    return _Reading(folder).course()


class _Reading:
    def __init__(self, folder: SourceFolder) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.bodies: dict[str, Body] = {}
        self.first_lines: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self.anchors: dict[str, frozenset[str]] = {}

    def course(self) -> CourseDocument:
        fields = self._fields(COURSE, "key", "title", "slug", *ABOUT)
        course = CourseDocument(
            path=COURSE,
            title=fields.title(),
            modules=tuple(self._modules()),
            files=tuple(self._files()),
            key=fields.key(),
            slug=fields.slug(),
            summary=fields.line("summary", 400),
            description=fields.body,
            language=fields.language(),
            outcomes=fields.lines_of("outcomes"),
            minutes=fields.minutes(digits=7),
        )
        linked = self._linked(course)
        taken = {*self.bodies, *(file.path for file in course.files)}
        findings = in_order([*self.findings, *left_out(self.folder, taken)])
        return replace(linked, findings=findings, parsed=self.bodies)

    def _modules(self) -> Iterator[ModuleDocument]:
        # What is known of a module may be nothing but its number and its name.
        places = {
            posixpath.dirname(path)
            for path in self.folder.files
            if path.count("/") == 1
            and (path.endswith(f"/{MODULE}") or (path[0].isdigit() and path.endswith(".md")))
        }
        for place in sorted(places, key=in_number_order):
            path = f"{place}/{MODULE}"
            fields = self._fields(path, "key", "title", "summary")
            if fields.body:
                self.findings.append(Finding(FindingKind.BODY_LEFT_OUT, path, fields.first_line))
            yield ModuleDocument(
                path=path,
                title=fields.title(),
                lessons=tuple(self._lessons(place)),
                key=fields.key(),
                summary=fields.line("summary", 400),
            )

    def _lessons(self, module: str) -> Iterator[LessonDocument]:
        entries = {
            path
            for path in self.folder.below(module)
            if (path.count("/") == 1 and path.endswith(".md") and path != f"{module}/{MODULE}")
            or (path.count("/") == 2 and path.endswith(f"/{LESSON}"))
        }
        files = frozenset(self.folder.below(ASSETS))
        for path in sorted(entries, key=in_number_order):
            fields = self._fields(path, "key", "title", "slug", *PLAIN, *MEDIA)
            is_folder = path.endswith(f"/{LESSON}")
            yield LessonDocument(
                path=path,
                title=fields.title(),
                body=fields.body,
                key=fields.key(),
                slug=fields.slug(),
                minutes=fields.minutes(),
                video=fields.video(files),
                captions=fields.asset("captions", files),
                poster=fields.asset("poster", files),
                status=fields.status(),
                pages=tuple(self._pages(posixpath.dirname(path))) if is_folder else (),
            )

    def _pages(self, lesson: str) -> Iterator[PageDocument]:
        paths = [
            path
            for path in self.folder.below(lesson)
            if path.count("/") == 2 and path.endswith(".md") and path != f"{lesson}/{LESSON}"
        ]
        for path in sorted(paths, key=in_number_order):
            fields = self._fields(path, "key", "title", "slug")
            yield PageDocument(
                path=path,
                title=fields.title(),
                body=fields.body,
                key=fields.key(),
                slug=fields.slug(),
            )

    def _files(self) -> Iterator[FileDocument]:
        for path in self.folder.below(ASSETS):
            yield read_file(self.folder, path, path.removeprefix(f"{ASSETS}/"))

    def _fields(self, path: str, *known: str) -> Fields:
        fields = Fields.read(self.folder, path)
        for name in fields.unknown(known):
            self.findings.append(Finding(FindingKind.FIELD_UNKNOWN, path, None, name))
        key = fields.key()
        if key and key in self.keys:
            reason = _("The key %(key)s is also that of %(other)s.")
            raise UnreadableSource(path, reason % {"key": key, "other": self.keys[key]})
        self.keys[key] = path
        self.first_lines[path] = fields.first_line
        lines = split_lines(fields.body, first=fields.first_line)
        self.bodies[path] = read_body(fields.body, path)
        self.anchors[path], removed = inspect(self.bodies[path], lines, path)
        self.findings += removed
        return fields

    def _linked(self, course: CourseDocument) -> CourseDocument:
        """Bring the links of all texts into their canonical form, now that all are known."""
        pages = {path for path in self.bodies if path.rpartition("/")[2] not in {COURSE, MODULE}}
        targets = {*pages, *(file.path for file in course.files)}
        return replace(
            course,
            description=self._relinked(course.path, targets),
            modules=tuple(
                replace(
                    module,
                    lessons=tuple(self._linked_lesson(each, targets) for each in module.lessons),
                )
                for module in course.modules
            ),
        )

    def _linked_lesson(self, lesson: LessonDocument, targets: set[str]) -> LessonDocument:
        return replace(
            lesson,
            body=self._relinked(lesson.path, targets),
            pages=tuple(
                replace(page, body=self._relinked(page.path, targets)) for page in lesson.pages
            ),
        )

    def _relinked(self, path: str, targets: set[str]) -> str:
        first, body = self.first_lines[path] - 1, self.bodies[path]
        canonical: dict[str, str] = {}
        for found in body.links:
            destination, line = found.destination, first + found.line
            if destination.startswith("#") and destination[1:] not in self.anchors[path]:
                self._report(FindingKind.ANCHOR_MISSING, path, line, destination)
            if not is_local(destination):
                continue
            link = locate(destination, base=path, line=line)
            if link.path not in targets:
                # Our own layout comes back from an export to the letter, dead links as well.
                self._report(FindingKind.LINK_DEAD, path, line, destination)
                continue
            canonical[destination] = source_link(link.path, link.suffix)
            anchor = link.anchor
            if anchor and link.path in self.anchors and anchor not in self.anchors[link.path]:
                self._report(FindingKind.ANCHOR_MISSING, path, line, destination)
        body, stuck = rewrite(body, canonical.get)
        for destination in stuck:
            self._report(FindingKind.LINK_STUCK, path, None, destination)
        self.bodies[path] = body.without_parse()
        return body.source

    def _report(self, kind: FindingKind, path: str, line: int | None, detail: str) -> None:
        self.findings.append(Finding(kind, path, line, detail))
