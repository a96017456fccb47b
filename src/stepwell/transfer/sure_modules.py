"""Which modules of a course are known by more than a number and a path."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from stepwell.courses.models import Lesson, Module
from stepwell.transfer.documents import CourseDocument, ModuleDocument
from stepwell.transfer.titles import simplified, words_of

_NUMERAL = re.compile(r"[a-z]|[ivxlc]+")  # "b", "iv"


def find_sure_modules(
    document: CourseDocument,
    found: Mapping[str, Module],
    modules: Iterable[Module],
    lessons: Sequence[Lesson],
) -> set[str]:
    """Return the keys of modules that nobody can mistake for another, as "Week 1" for "Week 2".

    `found` has the module of each path; `modules` and `lessons` are those of the outline. A module
    is sure by its key, by a title without a word of another title, or by a lesson of its own.
    """
    words = _once(word for each in document.modules for word in _words(each.title)) & _once(
        word for each in modules for word in _words(each.title)
    )
    titles = _once(simplified(each.title) for each in document.lessons) & _once(
        simplified(each.title) for each in lessons
    )
    own_lessons = {(each.module_id, simplified(each.title)) for each in lessons}

    def is_sure(part: ModuleDocument, module: Module) -> bool:
        shown = _words(part.title)
        lessons = titles & {simplified(each.title) for each in part.lessons}
        return (
            part.key == module.key
            or (bool(shown) and shown == _words(module.title) and shown <= words)
            or any((module.pk, title) in own_lessons for title in lessons)
        )

    pairs = ((part, found[part.path]) for part in document.modules if part.path in found)
    return {module.key for part, module in pairs if is_sure(part, module)}


def _words(title: str) -> set[str]:
    """Return the words of a title that number nothing."""
    return {
        word
        for word in words_of(simplified(title))
        if not _NUMERAL.fullmatch(word) and not any(letter.isnumeric() for letter in word)
    }


def _once(values: Iterable[str]) -> set[str]:
    return {value for value, count in Counter(values).items() if count == 1}
