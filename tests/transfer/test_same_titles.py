"""Completions of lessons whose title is given in several modules, with little text."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson
from stepwell.learning.models import LessonProgress, Origin
from stepwell.transfer.choices import NO_CHOICE
from stepwell.transfer.importing import import_course
from stepwell.transfer.questions import LessonQuestion
from tests.factories import enroll, make_user
from tests.transfer.folders import Files
from tests.transfer.imports import answered

pytestmark = pytest.mark.django_db

LONG = "Write down what you learned in this week"
Titles = Callable[[int], str]
NAMES = {
    "number": lambda number: f"Week {number}",
    "word": lambda number: f"Week {['one', 'two', 'three', 'four', 'five'][number - 1]}",
    "roman": lambda number: "I" * number,
    "no word": lambda number: f"第{number}章",
    "none": lambda _number: "",
}
all_names = pytest.mark.parametrize("title", NAMES.values(), ids=list(NAMES))


def weeks(texts: Sequence[str], title: Titles = NAMES["number"], own: str = "") -> Files:
    """Return modules that hold an exercise, and a lesson of their own where `own` says so."""
    files = {"README.md": "# Course\n"}
    for number, text in enumerate(texts, 1):
        folder = f"{number}-week"
        files[f"{folder}/1-exercise/README.md"] = f"# Exercise\n\n{text}\n"
        if title(number):
            files[f"{folder}/README.md"] = f"# {title(number)}\n"
        if own:
            files[f"{folder}/2-own/README.md"] = f"# About {own[number - 1]}\n"
    return files


class Author:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.choice = NO_CHOICE

    def write(self, files: Files) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(str(text))

    def import_(self, files: Files) -> Course:
        self.write(files)
        course = import_course(self.folder, publish=True, choice=self.choice, actor=OPERATOR).course
        self.choice = replace(NO_CHOICE, into=course)
        return course

    def questions(self, files: Files) -> list[str]:
        """Return the paths of lessons that are asked about."""
        self.write(files)
        asked = import_course(
            self.folder, dry_run=True, choice=self.choice, actor=OPERATOR
        ).questions
        return [each.path for each in asked if isinstance(each, LessonQuestion)]


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path / "course")


def complete(course: Course, path: str) -> Lesson:
    done = course.lessons.get(source_path=path)
    complete_lesson(user=enroll(course).user, lesson=done, origin=Origin.WEB)
    return done


@pytest.mark.parametrize(
    ("after", "week"),
    [
        (["Two."], 1),
        (["Two, revised."], 1),
        # Its text is in another week now.
        (["Two.", "One."], 2),
        (["New.", "One."], 2),
    ],
)
@all_names
def test_exercise_that_may_be_another_weeks_is_asked_about(
    author: Author, title: Titles, after: list[str], week: int
) -> None:
    course = author.import_(weeks(["One.", "Two."], title))
    complete(course, "1-week/1-exercise/README.md")

    asked = author.questions(weeks(after, title))

    assert asked == [f"{week}-week/1-exercise/README.md"]


@pytest.mark.parametrize(
    ("before", "after", "done", "asked"),
    [
        # A week before it is gone, and its number is another.
        (["One.", "Two."], ["Two."], 2, 1),
        (["One.", "Two.", "Three."], ["Two.", "Three."], 3, 2),
        (["One.", "Two.", "Three."], ["Three."], 3, 1),
        # It is gone itself: there is nothing to ask about.
        (["One.", "Two."], ["One."], 2, 0),
        # Another text in its place may be anything.
        (["One.", "Two."], ["New."], 2, 0),
    ],
)
@all_names
def test_exercise_that_was_renumbered_is_asked_about_and_keeps_its_completion(  # noqa: PLR0917  what is tried
    author: Author, title: Titles, before: list[str], after: list[str], done: int, asked: int
) -> None:
    course = author.import_(weeks(before, title))
    lesson = complete(course, f"{done}-week/1-exercise/README.md")
    path = f"{asked}-week/1-exercise/README.md"

    assert author.questions(weeks(after, title)) == [path] * (asked > 0)
    if asked:
        author.choice = replace(author.choice, same=frozenset({(path, "")}))
        author.import_(weeks(after, title))
        lesson.refresh_from_db()
        assert (lesson.source_path, lesson.archived_at) == (path, None)


@pytest.mark.parametrize("key", ["", "its own"])
def test_exercise_that_is_another_one_leaves_the_completion_where_it_was(
    author: Author, key: str
) -> None:
    course = author.import_(weeks(["One.", "Two."]))
    lesson = complete(course, "2-week/1-exercise/README.md")
    path = "1-week/1-exercise/README.md"

    author.choice = replace(author.choice, other=frozenset({(path, key and lesson.key)}))
    author.import_(weeks(["Two."]))

    lesson.refresh_from_db()
    assert lesson.source_path == "2-week/1-exercise/README.md"
    assert lesson.module.archived_at or lesson.archived_at


@pytest.mark.parametrize("text", ["Do it.", LONG])
def test_same_text_in_several_weeks_tells_nothing(author: Author, text: str) -> None:
    course = author.import_(weeks([text, text]))
    complete(course, "1-week/1-exercise/README.md")

    assert author.questions(weeks([text])) == ["1-week/1-exercise/README.md"]


def test_week_with_a_lesson_of_its_own_is_known(author: Author) -> None:
    course = author.import_(weeks(["One.", "Two."], own="AB"))
    complete(course, "1-week/1-exercise/README.md")

    assert author.questions(weeks(["One, revised.", "Two.", "New."], own="ABC")) == []


def test_chapter_with_a_title_of_its_own_is_known(author: Author) -> None:
    chapters = ["Bread", "Cheese", "Wine"]
    course = author.import_(weeks(["One.", "Two."], lambda number: chapters[number - 1]))
    complete(course, "1-week/1-exercise/README.md")

    after = weeks(["New.", "One, revised.", "Two."], lambda number: chapters[number - 2])

    assert author.questions(after) == []


def test_new_chapter_is_not_taken_for_one_that_is_gone(author: Author) -> None:
    course = author.import_(weeks(["One.", "Two."], lambda number: ["Bread", "Cheese"][number - 1]))
    complete(course, "1-week/1-exercise/README.md")

    after = weeks(["Two.", "New."], lambda number: ["Cheese", "Wine"][number - 1])

    assert author.questions(after) == ["2-week/1-exercise/README.md"]


def test_weeks_that_stay_are_known_though_their_texts_change(author: Author) -> None:
    course = author.import_(weeks(["One.", "Two."]))
    complete(course, "1-week/1-exercise/README.md")

    assert author.questions(weeks(["One, revised.", "Two."])) == []


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), title=st.sampled_from(list(NAMES.values())))
def test_completion_never_ends_at_another_exercise(
    tmp_path_factory: pytest.TempPathFactory, seed: int, title: Titles
) -> None:
    """Weeks come, go and change places, and all doubts are answered with "another lesson"."""
    chance = Random(seed)  # noqa: S311  a test's chance may be guessed
    author, user, known = Author(tmp_path_factory.mktemp("random") / "course"), make_user(), {}
    texts = ["One.", "Two.", "Three."]
    course = author.import_(weeks(texts, title))
    enroll(course, user)
    for step in range(3):
        done = chance.choice(list(Lesson.objects.visible().filter(course=course)))
        complete_lesson(user=user, lesson=done, origin=Origin.WEB)
        known[done.pk] = done.body
        texts = edited(texts, chance, f"New {step}.")
        author.write(weeks(texts, title))
        author.choice = answered(author.folder, author.choice)
        author.import_(weeks(texts, title))
        rows = LessonProgress.objects.completed().filter(user=user).select_related("lesson")
        assert {row.lesson_id: row.lesson.body for row in rows} == known


def edited(texts: list[str], chance: Random, new: str) -> list[str]:
    """Insert, remove or shuffle."""
    verb = chance.choice(["insert", "remove", "shuffle"])
    place = chance.randrange(len(texts))
    if verb == "insert":
        return [*texts[:place], new, *texts[place:]][:5]
    if verb == "remove" and len(texts) > 1:
        return texts[:place] + texts[place + 1 :]
    return chance.sample(texts, len(texts))
