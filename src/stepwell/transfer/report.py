"""What an import or export did, in a form that people can read."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.courses.models import Course
from stepwell.transfer.findings import SENTENCES, Finding, FindingKind, Severity
from stepwell.transfer.questions import Question


class ChangeKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    MOVED = "moved"
    ARCHIVED = "archived"
    RESTORED = "restored"
    REMOVED = "removed"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"


class Noun(StrEnum):
    COURSE = "course"
    MODULE = "module"
    LESSON = "lesson"
    PAGE = "page"
    ATTACHMENT = "attachment"


WORDS: dict[ChangeKind | Noun, str | Promise] = {
    ChangeKind.CREATED: gettext_lazy("created"),
    ChangeKind.UPDATED: gettext_lazy("updated"),
    ChangeKind.MOVED: gettext_lazy("moved"),
    ChangeKind.ARCHIVED: gettext_lazy("archived"),
    ChangeKind.RESTORED: gettext_lazy("restored"),
    ChangeKind.REMOVED: gettext_lazy("removed"),
    ChangeKind.PUBLISHED: gettext_lazy("published"),
    ChangeKind.UNCHANGED: gettext_lazy("unchanged"),
    Noun.COURSE: gettext_lazy("course"),
    Noun.MODULE: gettext_lazy("module"),
    Noun.LESSON: gettext_lazy("lesson"),
    Noun.PAGE: gettext_lazy("page"),
    Noun.ATTACHMENT: gettext_lazy("attachment"),
}


@dataclass(frozen=True)
class Change:
    """What an import did, or would do, to one thing."""

    kind: ChangeKind
    noun: Noun
    title: str
    path: str


@dataclass(frozen=True)
class Counts:
    """How much a course holds."""

    modules: int
    lessons: int
    pages: int
    attachments: int

    def __str__(self) -> str:
        nouns = (Noun.MODULE, Noun.LESSON, Noun.PAGE, Noun.ATTACHMENT)
        return ", ".join(counted(noun, getattr(self, f"{noun}s")) for noun in nouns)


def counted(noun: Noun, count: int) -> str:
    """Return a number of things of a kind in words."""
    if noun == Noun.COURSE:
        return ngettext("%d course", "%d courses", count) % count
    if noun == Noun.MODULE:
        return ngettext("%d module", "%d modules", count) % count
    if noun == Noun.LESSON:
        return ngettext("%d lesson", "%d lessons", count) % count
    if noun == Noun.PAGE:
        return ngettext("%d page", "%d pages", count) % count
    return ngettext("%d attachment", "%d attachments", count) % count


@dataclass(frozen=True)
class ImportReport:
    """The course, all that changed in it, and all that could not be taken as it was.

    A plan has the `questions` that the import would ask, and the course's `fingerprint`.
    """

    course: Course
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    counts: Counts
    is_dry_run: bool = False
    remarks: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    fingerprint: str = ""

    @property
    def is_unchanged(self) -> bool:
        return all(change.kind == ChangeKind.UNCHANGED for change in self.changes)

    def text(self) -> str:
        """Return the report as lines of text; a dry run's names each change."""
        parts = (self._summary(), self._questions(), self._remarks(), self._losses(), self._notes())
        return "\n".join(line for part in parts for line in part)

    def _summary(self) -> list[str]:
        done = (
            _("Plan for “%(title)s”: %(counts)s.")
            if self.is_dry_run
            else _("Imported “%(title)s”: %(counts)s.")
        )
        lines = [done % {"title": self.course.title, "counts": self.counts}]
        if self.is_unchanged:
            return [*lines, _("Nothing has changed.")]
        if self.is_dry_run:
            changed = (change for change in self.changes if change.kind != ChangeKind.UNCHANGED)
            return lines + [_row(c.kind, c.noun, f"{c.title}  ({c.path})") for c in changed]
        tally = Counter(
            (change.kind, change.noun)
            for change in self.changes
            if change.kind != ChangeKind.UNCHANGED
        )
        return lines + [_row(kind, noun, str(count)) for (kind, noun), count in tally.items()]

    def _questions(self) -> list[str]:
        if not self.questions:
            return []
        lines = [f"  {each.sentence()} {each.command()}" for each in self.questions]
        return ["", _("The import would stop here, until you say:"), *lines]

    def _remarks(self) -> list[str]:
        return ["", *self.remarks] if self.remarks else []

    def _losses(self) -> list[str]:
        losses = [each for each in self.findings if each.severity == Severity.WARNING]
        head = ngettext(
            "%d thing was left out or leads nowhere:",
            "%d things were left out or lead nowhere:",
            len(losses),
        )
        lines = [f"  {_place(finding)}: {finding.sentence}" for finding in losses]
        return ["", head % len(losses), *lines] if losses else []

    def _notes(self) -> list[str]:
        notes: dict[FindingKind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for each in self.findings:
            if each.severity == Severity.NOTE:
                line = f"{each.line}" if each.line else "-"
                notes[each.kind][each.path].append(line)
        if not notes:
            return []
        count = sum(each.severity == Severity.NOTE for each in self.findings)
        head = ngettext("%d thing has another form now:", "%d things have another form now:", count)
        lines = ["", head % count]
        for kind, places in notes.items():
            lines.append(f"  {str(SENTENCES[kind]).replace('%s', '…')}")
            lines += [f"    {path}: {', '.join(numbers)}" for path, numbers in places.items()]
        return lines


@dataclass(frozen=True)
class ExportReport:
    """The course and the folder that it was written into."""

    course: Course
    folder: Path
    counts: Counts

    def text(self) -> str:
        words = {"title": self.course.title, "folder": self.folder, "counts": self.counts}
        return _("Exported “%(title)s” into %(folder)s: %(counts)s.") % words


def _row(kind: ChangeKind, noun: Noun, rest: str) -> str:
    columns = (ChangeKind, Noun)
    kinds, nouns = (max(len(str(WORDS[each])) for each in column) for column in columns)
    return f"  {WORDS[kind]!s:{kinds + 1}}{WORDS[noun]!s:{nouns + 2}}{rest}"


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path
