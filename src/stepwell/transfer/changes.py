"""Keeps the record of what an import does to each thing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stepwell.courses.models import Attachment, Lesson, Module, Page
from stepwell.transfer.documents import (
    CourseDocument,
    FileDocument,
    LessonDocument,
    ModuleDocument,
    PageDocument,
)
from stepwell.transfer.report import Change, ChangeKind, Noun

Document = CourseDocument | ModuleDocument | LessonDocument | PageDocument | FileDocument


class Changes:
    """One change for each thing, in the order of the document."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], Change] = {}

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes.values())

    def add(self, kind: ChangeKind, noun: Noun, document: Document) -> None:
        """Record what happened to a part of the document."""
        title = document.name if isinstance(document, FileDocument) else document.title
        self._changes[type(document).__name__, document.path] = Change(
            kind, noun, title, document.path
        )

    def add_row(
        self, kind: ChangeKind, noun: Noun, row: Module | Lesson | Page | Attachment
    ) -> None:
        """Record what happened to a row that the document no longer has."""
        path = row.name if isinstance(row, Attachment) else row.source_path
        self._changes[type(row).__name__, str(row.pk)] = Change(kind, noun, str(row), path)

    def note(
        self,
        noun: Noun,
        document: Document,
        is_changed: bool,
        was_archived: bool,
        *,
        is_moved: bool = False,
    ) -> None:
        """Record the strongest of the things that happened to a row that was there before."""
        kind = ChangeKind.MOVED if is_moved else ChangeKind.UNCHANGED
        kind = ChangeKind.UPDATED if is_changed else kind
        self.add(ChangeKind.RESTORED if was_archived else kind, noun, document)

    def mark_updated(self, document: Document) -> None:
        self._mark(document, ChangeKind.UPDATED, {ChangeKind.UNCHANGED, ChangeKind.MOVED})

    def mark_moved(
        self,
        document: CourseDocument,
        modules: Mapping[str, Module],
        lessons: Mapping[str, Lesson],
        before: Mapping[int, list[int]],
        after: Mapping[int, list[int]],
    ) -> None:
        """Record which modules and lessons change places among those that were there before."""
        stayed_modules = {modules[each.path].pk for each in document.modules if self._stayed(each)}
        stayed = {lessons[each.path].pk for each in document.lessons if self._stayed(each)}
        moved_modules = _moved(list(before), list(after), stayed_modules)
        homes = {lesson: module for module, inner in before.items() for lesson in inner}
        moved: set[int] = set()
        for module, inner in after.items():
            moved |= {pk for pk in inner if pk in homes and homes[pk] != module}
            moved |= _moved(before.get(module, []), inner, stayed)
        for each in document.modules:
            if modules[each.path].pk in moved_modules:
                self._mark(each, ChangeKind.MOVED, {ChangeKind.UNCHANGED})
        for lesson in document.lessons:
            if lessons[lesson.path].pk in moved:
                self._mark(lesson, ChangeKind.MOVED, {ChangeKind.UNCHANGED})

    def _stayed(self, document: Document) -> bool:
        kind = self._changes[type(document).__name__, document.path].kind
        return kind not in {ChangeKind.CREATED, ChangeKind.RESTORED}

    def _mark(self, document: Document, kind: ChangeKind, weaker: set[ChangeKind]) -> None:
        place = type(document).__name__, document.path
        if self._changes[place].kind in weaker:
            self._changes[place] = replace(self._changes[place], kind=kind)


def _moved(before: list[int], after: list[int], stayed: set[int]) -> set[int]:
    """Return what has another position now, among what was and is in the outline."""
    old = [pk for pk in before if pk in after and pk in stayed]
    new = [pk for pk in after if pk in before and pk in stayed]
    return {pk for one, other in zip(old, new, strict=True) if one != other for pk in (one, other)}
