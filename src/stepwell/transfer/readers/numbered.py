"""Numbered folders with a `README.md` in each: lessons, in modules where they are nested."""

import posixpath
import re
from collections.abc import Iterable

from stepwell.transfer.dialects.plain import convert_plain
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.links import LocalLink
from stepwell.transfer.readers.front_page import FrontPage, read_front_page
from stepwell.transfer.readers.gathering import gather_course
from stepwell.transfer.readers.plans import CoursePlan, LessonPlan, ModulePlan, PlannedText, Route
from stepwell.transfer.readers.quizzes import find_quizzes
from stepwell.transfer.readers.texts import read_text, title_from_name

_NUMBERED = re.compile(r"\d+(?:[\s._-].*)?\Z")
_NOT_LESSONS = frozenset({"translations", "translated_images"})
_QUIZ_LINK = re.compile(r"https?://[^/]+(?:/[^?#]*)?/quiz/(?P<number>\d+)/?\Z")


def find_numbered_lessons(folder: SourceFolder) -> list[str]:
    """Return the README of each innermost numbered folder, in the order of the numbers."""
    readmes = {
        posixpath.dirname(path): path
        for path in folder.files
        if posixpath.basename(path).lower() == "readme.md"
        and _NUMBERED.match(posixpath.basename(posixpath.dirname(path)))
        and not _NOT_LESSONS & set(path.split("/"))
    }
    inner = [
        place for place in readmes if not any(other.startswith(place + "/") for other in readmes)
    ]
    return [readmes[place] for place in sorted(inner, key=in_number_order)]


def read_numbered(folder: SourceFolder) -> CourseDocument:
    """Read the lessons, in one module for each numbered folder around them."""
    front = _front_page(folder)
    title = (front.title if front else "") or title_from_name(folder.root.name)
    lessons = find_numbered_lessons(folder)
    modules = tuple(_modules(folder, lessons, title))
    quizzes = find_quizzes(folder)
    plan = CoursePlan(
        path=front.introduction.path if front else ".",
        title=title,
        modules=modules,
        dialect=convert_plain,
        introduction=front.introduction if front else None,
        used_files=frozenset({*([front.introduction.path] if front else ()), *quizzes.files}),
        owns_folder=True,
        route=_quiz_route(quizzes.texts),
        texts=tuple(quizzes.texts.values()),
    )
    return gather_course(folder, plan)


def in_number_order(path: str) -> tuple[tuple[int, str], ...]:
    """Sort "2-b" before "10-a", level by level."""
    numbers = (re.match(r"\d+", part) for part in path.split("/"))
    return tuple(
        (int(number[0]) if number else -1, part)
        for number, part in zip(numbers, path.split("/"), strict=True)
    )


def _front_page(folder: SourceFolder) -> FrontPage | None:
    name = next((name for name in folder.files if name.lower() == "readme.md"), None)
    return read_front_page(folder, name, convert_plain) if name else None


def _modules(folder: SourceFolder, lessons: Iterable[str], title: str) -> list[ModulePlan]:
    groups: dict[str, list[str]] = {}
    for lesson in lessons:
        groups.setdefault(_numbered_parent(lesson), []).append(lesson)
    return [_module(folder, place, group, title) for place, group in groups.items()]


def _numbered_parent(lesson: str) -> str:
    parts = posixpath.dirname(lesson).split("/")[:-1]
    while parts and not _NUMBERED.match(parts[-1]):
        parts.pop()
    return "/".join(parts)


def _module(folder: SourceFolder, place: str, lessons: list[str], title: str) -> ModulePlan:
    """Plan a module; its README comes along as the first page of its first lesson."""
    readme = next(
        (
            path
            for path in folder.files
            if posixpath.dirname(path) == place and posixpath.basename(path).lower() == "readme.md"
        ),
        None,
    )
    if not place or readme is None:
        plans = tuple(LessonPlan(path) for path in lessons)
        return ModulePlan(place or ".", title_from_name(place) if place else title, plans)
    text = read_text(folder, readme, convert_plain)
    first, *others = lessons
    plans = (LessonPlan(first, pages=(readme,)), *(LessonPlan(path) for path in others))
    return ModulePlan(place, text.title, plans, summary=text.body.source)


def _quiz_route(quizzes: dict[int, PlannedText]) -> Route:
    def route(_base: str, destination: str, _line: int | None) -> LocalLink | None:
        found = _QUIZ_LINK.match(destination)
        quiz = quizzes.get(int(found["number"])) if found else None
        return LocalLink(quiz.path) if quiz else None

    return route
