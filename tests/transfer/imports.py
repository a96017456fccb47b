"""Folders that become a course, and what an import makes of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Attachment, Course, Lesson, Module, Page
from stepwell.transfer.choices import Choice
from stepwell.transfer.importing import import_course
from stepwell.transfer.questions import LessonQuestion
from stepwell.transfer.report import ImportReport
from tests.transfer.folders import Files

FILES: Files = {
    "README.md": "# Bread\n\nFour [things](1-start/1-flour/README.md).\n",
    "1-start/README.md": "# Start",
    "1-start/1-flour/README.md": "# Flour\n\n[Task](task.md#one) ![g](../../img/a%20grain.png)\n",
    "1-start/1-flour/task.md": "# Task\n\n## One\n\n[Water](../2-water/README.md)\n",
    "1-start/2-water/README.md": "# Water\n\nWet.",
    "2-end/1-salt/README.md": "# Salt\n\nDry.",
    "img/a grain.png": b"png",
}
OWN: Files = {
    "course.md": "---\nkey: aaaaaaaaaaaa\ntitle: Bread\nslug: bread\n---\n",
    "01-a/module.md": "---\nkey: bbbbbbbbbbbb\ntitle: A\n---\n",
    "01-a/01-x.md": "---\nkey: cccccccccccc\ntitle: X\nslug: one\n---\n\nText\n",
    "01-a/02-y.md": "---\nkey: dddddddddddd\ntitle: Y\nslug: two\n---\n\nText\n",
}
# Two courses in folders of one name, with a path in common.
KNITTING: Files = {
    "README.md": "# Knitting\n",
    "01-introduction/README.md": "# Wool\n\nWarm.",
    "02-needles/README.md": "# Needles\n\nPointed.",
}
PYTHON: Files = {
    "README.md": "# Python\n",
    "01-introduction/README.md": "# Hello\n\nPrint.",
    "02-variables/README.md": "# Variables\n\nNames.",
    "03-loops/README.md": "# Loops\n\nAgain.",
}


def changed(report: ImportReport) -> list[tuple[str, str, str]]:
    return [
        (change.kind.value, change.noun.value, change.title)
        for change in report.changes
        if change.kind != "unchanged"
    ]


def lesson(title: str) -> Lesson:
    return Lesson.objects.get(title=title)


def outline(course: Course) -> list[tuple[str, str]]:
    active = Lesson.objects.active().filter(course=course).in_outline_order()
    return list(active.values_list("module__title", "title"))


def rows() -> dict[str, list[Any]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Course, Module, Lesson, Page, Attachment)
    }


def another(_question: LessonQuestion) -> bool:
    return False


def answered(
    folder: Path, choice: Choice, is_same: Callable[[LessonQuestion], bool] = another
) -> Choice:
    """Answer each question, with "another lesson" if nothing is said, until none is left."""
    while questions := import_course(folder, dry_run=True, choice=choice, actor=OPERATOR).questions:
        asked = [each for each in questions if isinstance(each, LessonQuestion)]
        same = {(each.path, each.key) for each in asked if is_same(each)}
        other = {(each.path, each.key) for each in asked} - same
        choice = replace(choice, same=choice.same | same, other=choice.other | other)
    return choice
