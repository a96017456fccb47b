"""What a reader finds out about a foreign folder before its texts are read."""

from collections.abc import Callable
from dataclasses import dataclass

from stepwell.transfer.dialects import Dialect
from stepwell.transfer.links import LocalLink
from stepwell.transfer.readers.texts import Text

Route = Callable[[str, str, int | None], LocalLink | None]


def no_route(_base: str, _destination: str, _line: int | None) -> LocalLink | None:
    return None


@dataclass(frozen=True)
class LessonPlan:
    """A lesson's file; `pages` come along even when nothing links to them."""

    path: str
    title: str = ""
    minutes: int = 0
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModulePlan:
    """A module and its lessons."""

    path: str
    title: str
    lessons: tuple[LessonPlan, ...]
    summary: str = ""


@dataclass(frozen=True)
class CoursePlan:
    """A course's outline, and how its texts are written and linked.

    `route` says where a link leads that is no plain path; `owns_folder` whether a lesson is home to
    all pages in its folder; `texts` are pages that have no Markdown file of their own.
    """

    path: str
    title: str
    modules: tuple[ModulePlan, ...]
    dialect: Dialect
    language: str = "en"
    introduction: Text | None = None
    used_files: frozenset[str] = frozenset()
    owns_folder: bool = False
    route: Route = no_route
    texts: tuple["PlannedText", ...] = ()


@dataclass(frozen=True)
class PlannedText:
    """A page made from something else than a Markdown file, such as a quiz."""

    path: str
    title: str
    body: str
