"""A course as a folder has it: what readers return and the writer takes.

Bodies are Stepwell Markdown whose local links have one form, `source:PATH#anchor`: a path below the
root of the folder, percent-encoded. So a document means the same wherever its file lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepwell.core.markdown.links import Body
from stepwell.transfer.findings import Finding


@dataclass(frozen=True)
class PageDocument:
    """A sub-page of a lesson."""

    path: str
    title: str
    body: str
    key: str = ""
    slug: str = ""


@dataclass(frozen=True)
class LessonDocument:
    """A lesson; `status` is empty where the source doesn't say."""

    path: str
    title: str
    body: str
    key: str = ""
    slug: str = ""
    minutes: int = 0
    video: str = ""
    captions: str = ""
    poster: str = ""
    status: str = ""
    pages: tuple[PageDocument, ...] = ()


@dataclass(frozen=True)
class ModuleDocument:
    """A module with its lessons in order."""

    path: str
    title: str
    lessons: tuple[LessonDocument, ...]
    key: str = ""
    summary: str = ""


@dataclass(frozen=True)
class FileDocument:
    """A file that becomes an attachment called `name`; `path` is where it lies in the folder."""

    path: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class CourseDocument:
    """A whole course, and everything in the folder that could not be taken as it was."""

    path: str
    title: str
    modules: tuple[ModuleDocument, ...]
    files: tuple[FileDocument, ...] = ()
    key: str = ""
    slug: str = ""
    summary: str = ""
    description: str = ""
    language: str = "en"
    outcomes: tuple[str, ...] = ()
    minutes: int = 0
    findings: tuple[Finding, ...] = ()
    # Texts by their path where they have been parsed anyway.
    parsed: Mapping[str, Body] = field(default_factory=dict, compare=False, repr=False)

    @property
    def lessons(self) -> tuple[LessonDocument, ...]:
        """All lessons in outline order."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)
