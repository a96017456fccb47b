"""Stepwell's own layout of a course folder: which file lies where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from stepwell.core.slugs import BETWEEN_WORDS, slugify
from stepwell.transfer.documents import CourseDocument

COURSE = "course.md"
MODULE = "module.md"
LESSON = "lesson.md"
ASSETS = "assets"
NAME_LENGTH = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Places:
    """The path in the layout for each document, by the path that it has had so far."""

    modules: dict[str, str]
    texts: dict[str, str]
    files: dict[str, str]

    def of(self, path: str) -> str | None:
        """Return where a text or a file lies."""
        return self.texts.get(path) or self.files.get(path)


def places_of(course: CourseDocument) -> Places:
    """Lay a course out: numbers give the order, names make the files readable."""
    modules: dict[str, str] = {}
    texts: dict[str, str] = {}
    for module_number, module in _numbered(course.modules):
        home = _name(module_number, module.title)
        modules[module.path] = f"{home}/{MODULE}"
        for number, lesson in _numbered(module.lessons):
            place = f"{home}/{_name(number, lesson.slug or lesson.title)}"
            texts[lesson.path] = f"{place}/{LESSON}" if lesson.pages else f"{place}.md"
            for page_number, page in _numbered(lesson.pages):
                name = _name(page_number, page.slug or page.title)
                texts[page.path] = f"{place}/{name}.md"
    files = {file.path: f"{ASSETS}/{file.name}" for file in course.files}
    return Places(modules, texts, files)


def _numbered(items: Sequence[T]) -> Iterator[tuple[str, T]]:
    """Yield each item with its number, as wide as the largest, so that names sort in order."""
    width = max(2, len(str(len(items))))
    for number, item in enumerate(items, 1):
        yield f"{number:0{width}d}", item


def _name(number: str, words: str) -> str:
    return f"{number}-{slugify(words)[:NAME_LENGTH].strip(BETWEEN_WORDS)}".rstrip("-")
