"""From a plan to a whole course: the pages and files that its lessons link to come along."""

import posixpath

from stepwell.core.markdown.links import Body
from stepwell.core.markdown.plain_text import render_plain_summary
from stepwell.transfer.documents import (
    CourseDocument,
    LessonDocument,
    ModuleDocument,
    PageDocument,
)
from stepwell.transfer.findings import Finding, FindingKind, in_order
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers.files import read_file
from stepwell.transfer.readers.leftovers import left_out
from stepwell.transfer.readers.linking import relink
from stepwell.transfer.readers.plans import CoursePlan, LessonPlan, ModulePlan
from stepwell.transfer.readers.shelf import Shelf
from stepwell.transfer.readers.texts import TITLE_LENGTH, Text


def gather_course(folder: SourceFolder, plan: CoursePlan) -> CourseDocument:
    """Read everything that a plan's lessons reach, and report all that they don't."""
    return _Gathering(folder, plan).course()


class _Gathering:
    def __init__(self, folder: SourceFolder, plan: CoursePlan) -> None:
        self.folder = folder
        self.plan = plan
        self.shelf = Shelf(folder, plan)
        self.findings: list[Finding] = []
        self.files: set[str] = set()
        self.parsed: dict[str, Body] = {}
        self.lessons = [lesson for module in plan.modules for lesson in module.lessons]
        self.pages = self._find_pages()
        self.taken = {path for lesson in self.pages for path in (lesson, *self.pages[lesson])}

    def course(self) -> CourseDocument:
        modules = tuple(self._module(module) for module in self.plan.modules)
        introduction = self.plan.introduction
        description = self._body(introduction) if introduction else ""
        files = tuple(read_file(self.folder, path) for path in sorted(self.files))
        self.findings += [
            Finding(FindingKind.QUIZ_UNMATCHED, text.path, None, text.title)
            for text in self.plan.texts
            if text.path not in self.taken
        ]
        taken = {*self.shelf.read_files, *self.files, *self.plan.used_files}
        return CourseDocument(
            path=self.plan.path,
            title=self._short(self.plan.title, TITLE_LENGTH, self.plan.path),
            modules=modules,
            files=files,
            summary=render_plain_summary(description, length=300),
            description=description,
            language=self.plan.language,
            findings=in_order([*self.findings, *left_out(self.folder, taken)]),
            parsed=self.parsed,
        )

    def _find_pages(self) -> dict[str, list[str]]:
        """Return each lesson's sub-pages in the order in which its texts first name them."""
        homes = {lesson.path: lesson.path for lesson in self.lessons}
        for lesson in self.lessons:
            homes |= dict.fromkeys(lesson.pages, lesson.path)
        for lesson in self.lessons:
            waiting = [lesson.path, *lesson.pages]
            while waiting:
                for target in self._texts_linked_from(waiting.pop(0)):
                    if target not in homes:
                        homes[target] = self._home(target) or lesson.path
                        waiting.append(target)
        return {lesson.path: self._in_order(lesson, homes) for lesson in self.lessons}

    def _in_order(self, lesson: LessonPlan, homes: dict[str, str]) -> list[str]:
        own = {page for page, home in homes.items() if home == lesson.path} - {lesson.path}
        found: list[str] = []
        waiting = [*lesson.pages, lesson.path]
        seen = set(waiting)
        while waiting:
            path = waiting.pop(0)
            if path in own:
                found.append(path)
            for target in self._texts_linked_from(path):
                if target in own and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return found + sorted(own - set(found))

    def _texts_linked_from(self, path: str) -> list[str]:
        text = self.shelf.text(path)
        front = self.plan.introduction.path if self.plan.introduction else ""
        targets = (
            self.shelf.target(path, link.destination, text.line(link.line)) for link in text.links
        )
        return [
            target.path for target in targets if target and target.is_text and target.path != front
        ]

    def _home(self, path: str) -> str | None:
        """Return the lesson in whose folder a page lies, if lessons have folders of their own."""
        if not self.plan.owns_folder:
            return None
        homes = [
            lesson.path
            for lesson in self.lessons
            if path.startswith(posixpath.dirname(lesson.path) + "/")
        ]
        return max(homes, key=len, default=None)

    def _module(self, plan: ModulePlan) -> ModuleDocument:
        return ModuleDocument(
            path=plan.path,
            title=self._short(plan.title, TITLE_LENGTH, plan.path),
            summary=render_plain_summary(plan.summary, length=300),
            lessons=tuple(self._lesson(lesson) for lesson in plan.lessons),
        )

    def _lesson(self, plan: LessonPlan) -> LessonDocument:
        text = self.shelf.text(plan.path)
        return LessonDocument(
            path=plan.path,
            title=self._short(plan.title or text.title, TITLE_LENGTH, plan.path),
            body=self._body(text),
            minutes=plan.minutes,
            pages=tuple(self._page(path) for path in self.pages[plan.path]),
        )

    def _page(self, path: str) -> PageDocument:
        text = self.shelf.text(path)
        title = self._short(text.title, TITLE_LENGTH, path)
        return PageDocument(path=path, title=title, body=self._body(text))

    def _body(self, text: Text) -> str:
        linked = relink(text, self.shelf, self.taken)
        self.findings += [*text.findings, *linked.findings]
        self.files |= linked.files
        self.parsed[text.path] = linked.body.without_parse()
        return linked.body.source

    def _short(self, text: str, length: int, path: str) -> str:
        if len(text) <= length:
            return text
        self.findings.append(Finding(FindingKind.VALUE_SHORTENED, path, None, text[:60] + "…"))
        return text[: length - 1].rstrip() + "…"
