"""Quizzes kept in a JSON file beside the lessons, as pages with hidden answers."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from stepwell.transfer.dialects.inline_html import escape
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import SourceFolder
from stepwell.transfer.readers.plans import PlannedText
from stepwell.transfer.visible import one_line, refuse_control_characters

PLACES = ("quizzes/en.json", "quiz-app/src/assets/translations/en.json")


@dataclass(frozen=True)
class Quizzes:
    """Pages by the number that lessons link to, and the files that they come from."""

    texts: dict[int, PlannedText] = field(default_factory=dict)
    files: tuple[str, ...] = ()


def find_quizzes(folder: SourceFolder) -> Quizzes:
    """Read the quizzes of a folder; a file of another shape is none."""
    path = next((place for place in PLACES if folder.has_file(place)), None)
    if path is None:
        return Quizzes()
    quizzes = _quizzes(_load(folder, path))
    return Quizzes(
        {number: _page(path, number, quiz) for number, quiz in quizzes.items()},
        (path,) if quizzes else (),
    )


def _load(folder: SourceFolder, path: str) -> Any:
    try:
        return json.loads(folder.text(path))
    except json.JSONDecodeError as error:
        raise UnreadableSource(path, _("The JSON is broken."), error.lineno) from error
    except RecursionError as error:
        raise UnreadableSource(path, _("The JSON is nested too deep.")) from error


def _quizzes(content: Any) -> dict[int, dict[str, Any]]:
    groups = content if isinstance(content, list) else [content]
    return {
        quiz["id"]: quiz
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("quizzes"), list)
        for quiz in group["quizzes"]
        if isinstance(quiz, dict)
        and isinstance(quiz.get("id"), int)
        and isinstance(quiz.get("quiz"), list)
    }


def _page(path: str, number: int, quiz: dict[str, Any]) -> PlannedText:
    name = one_line(str(quiz.get("title") or "").rpartition(": ")[2]) or _("Quiz")
    questions = [_question(question) for question in quiz["quiz"] if isinstance(question, dict)]
    page = PlannedText(f"{path}/{number}", name.capitalize(), "\n\n".join(questions))
    refuse_control_characters(page.title + page.body, path)
    return page


def _question(question: dict[str, Any]) -> str:
    found = question.get("answerOptions")
    options = [option for option in found or [] if isinstance(option, dict)]
    texts = [_one_line(option.get("answerText")) for option in options]
    rights = [
        text
        for option, text in zip(options, texts, strict=True)
        if str(option.get("isCorrect")).lower() == "true"
    ]
    return "\n".join(
        [
            f"## {_one_line(question.get('questionText'))}",
            "",
            *(f"- {text}" for text in texts),
            "",
            "::: solution",
            "",
            " · ".join(rights),
            "",
            ":::",
        ]
    )


def _one_line(value: Any) -> str:
    return escape(" ".join(str(value if value is not None else "").split()))
