"""What people completed stays with the lesson that they completed, whatever an author does."""

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stepwell.accounts.models import User
from stepwell.courses.access import OPERATOR
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import complete_lesson, reopen_lesson
from stepwell.learning.models import LessonProgress, Origin
from stepwell.transfer.choices import NO_CHOICE, Choice
from stepwell.transfer.errors import ImportStopped, NoSuchLesson
from stepwell.transfer.importing import import_course
from stepwell.transfer.questions import LessonQuestion
from stepwell.transfer.report import ImportReport
from tests.factories import enroll, make_user
from tests.transfer.folders import Files, WriteFiles, rewrite
from tests.transfer.imports import answered, changed, lesson

pytestmark = pytest.mark.django_db

Layout = Callable[[Sequence[str]], Files]


def own(titles: Sequence[str]) -> Files:
    files = {
        f"01-a/{number:02}.md": f"---\ntitle: {title}\n---\nText.\n"
        for number, title in enumerate(titles, 1)
    }
    return {"course.md": "---\ntitle: Course\n---\n", **files}


def numbered(titles: Sequence[str]) -> Files:
    files = {f"{n:02}/README.md": f"# {title}\n\nText." for n, title in enumerate(titles, 1)}
    return {"README.md": "# Course\n", **files}


def toctree(titles: Sequence[str]) -> Files:
    pages = [f"  - local: page{n}\n    title: {title}\n" for n, title in enumerate(titles, 1)]
    files = {f"page{n}.mdx": f"# {title}\n\nText." for n, title in enumerate(titles, 1)}
    return {"_toctree.yml": "- title: Chapter\n  sections:\n" + "".join(pages), **files}


def carpentries(titles: Sequence[str]) -> Files:
    files = {
        f"episodes/{number:02}.md": f"---\ntitle: {title}\n---\n\nText.\n"
        for number, title in enumerate(titles, 1)
    }
    return {"config.yaml": "title: Course\n", **files}


LAYOUTS = [own, numbered, toctree, carpentries]
all_layouts = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)


class Author:
    """Somebody who writes a folder and imports it again and again."""

    def __init__(self, write: WriteFiles, layout: Layout) -> None:
        self.write = write
        self.layout = layout

    def import_(
        self, *titles: str, choice: Choice = NO_CHOICE, dry_run: bool = False
    ) -> ImportReport:
        folder = self.write({})
        rewrite(folder, self.layout(titles))
        return import_course(
            folder, publish=not dry_run, choice=choice, dry_run=dry_run, actor=OPERATOR
        )


@pytest.fixture
def author(write_files: WriteFiles, layout: Layout) -> Author:
    return Author(write_files, layout)


def complete(course: Course, *titles: str) -> User:
    user = enroll(course).user
    for title in titles:
        complete_lesson(user=user, lesson=lesson(title), origin=Origin.WEB)
    return user


def completed(user: User) -> set[str]:
    rows = LessonProgress.objects.completed().filter(user=user)
    return set(rows.values_list("lesson__title", flat=True))


@all_layouts
@pytest.mark.parametrize(
    "after",
    [
        ("Alpha", "Inserted", "Beta", "Gamma"),
        ("Beta", "Alpha", "Gamma"),
        ("Gamma", "Beta", "Alpha"),
        ("Alpha", "Beta", "Beta, the second half", "Gamma"),
        ("New", "Newer", "Alpha", "Beta", "Gamma"),
    ],
    ids=["inserted", "swapped", "turned", "split", "before"],
)
def test_completion_stays_with_its_title(author: Author, after: tuple[str, ...]) -> None:
    course = author.import_("Alpha", "Beta", "Gamma").course
    user = complete(course, "Beta")

    report = author.import_(*after)

    assert report.course == course
    assert completed(user) == {"Beta"}
    assert Lesson.objects.active().filter(title="Beta", course=course).count() == 1
    assert author.import_(*after).is_unchanged


@all_layouts
def test_another_title_at_the_path_of_a_completed_lesson_is_asked_about(author: Author) -> None:
    course = author.import_("Alpha", "Beta", "Gamma", "Delta").course
    user = complete(course, "Beta")
    complete(course, "Beta")
    path = lesson("Beta").source_path

    with pytest.raises(ImportStopped) as stopped:
        author.import_("Alpha", "Inserted", "Gamma", "Delta")

    assert str(stopped.value).splitlines() == [
        f"{path}: “Beta” becomes “Inserted”; 2 people completed it. Add --same {path} if it is the "
        f"same lesson, --not-same {path} if it is another one.",
        "Nothing was changed.",
    ]
    assert completed(user) == {"Beta"}
    plan = author.import_("Alpha", "Inserted", "Gamma", "Delta", dry_run=True)
    assert f"{path}: “Beta” becomes “Inserted”; 2 people completed it." in plan.text()


@all_layouts
def test_same_lesson_keeps_its_completion_under_its_new_title(author: Author) -> None:
    course = author.import_("Alpha", "Beta", "Gamma", "Delta").course
    user, path = complete(course, "Beta"), lesson("Beta").source_path

    author.import_(
        "Alpha", "Inserted", "Gamma", "Delta", choice=Choice(same=frozenset({(path, "")}))
    )

    assert completed(user) == {"Inserted"}


@all_layouts
def test_other_lesson_is_open_and_the_earlier_one_is_archived(author: Author) -> None:
    course = author.import_("Alpha", "Beta", "Gamma", "Delta").course
    user, path = complete(course, "Beta"), lesson("Beta").source_path

    author.import_(
        "Alpha", "Inserted", "Gamma", "Delta", choice=Choice(other=frozenset({(path, "")}))
    )

    assert completed(user) == {"Beta"}
    assert lesson("Beta").archived_at is not None
    assert lesson("Inserted").archived_at is None
    author.import_("Alpha", "Beta", "Gamma", "Delta", choice=Choice(other=frozenset({(path, "")})))
    assert lesson("Beta").archived_at is None


layout_of_all = pytest.mark.parametrize("layout", [own])


@layout_of_all
def test_title_of_a_lesson_that_nobody_completed_may_change(author: Author) -> None:
    author.import_("Alpha", "Beta", "Gamma", "Delta")

    report = author.import_("Alpha", "Better", "Gamma", "Delta")

    assert changed(report) == [("updated", "lesson", "Better")]


@layout_of_all
def test_completion_that_was_taken_back_counts(author: Author) -> None:
    course = author.import_("Alpha", "Beta", "Gamma", "Delta").course
    reopen_lesson(user=complete(course, "Beta"), lesson=lesson("Beta"), origin=Origin.WEB)

    with pytest.raises(ImportStopped, match="1 person completed it"):
        author.import_("Alpha", "Better", "Gamma", "Delta")


@layout_of_all
def test_case_and_number_of_a_title_may_change(author: Author) -> None:
    course = author.import_("1. Alpha", "2. Beta", "3. Gamma").course
    user = complete(course, "2. Beta")

    author.import_("1. ALPHA", "2. Inserted", "3. Beta", "4. Gamma")

    assert completed(user) == {"3. Beta"}


@layout_of_all
def test_answer_about_what_is_no_lesson_is_refused(author: Author) -> None:
    with pytest.raises(NoSuchLesson, match=r"typo\.md is no lesson"):
        author.import_("Alpha", choice=Choice(same=frozenset({("typo.md", "")})))
    assert not Course.objects.exists()


def test_module_that_is_replaced_keeps_no_completion_for_another(write_files: WriteFiles) -> None:
    def chapter(number: int, name: str) -> Files:
        return {
            f"{number}-{name}/README.md": f"# {name}",
            f"{number}-{name}/1-exercise/README.md": "# Exercise\n\nDo it.",
            f"{number}-{name}/2-{name}/README.md": f"# About {name}",
        }

    folder = write_files({**chapter(1, "bread"), **chapter(2, "cheese"), "README.md": "# Food"})
    course = import_course(folder, publish=True, actor=OPERATOR).course
    first = course.lessons.get(source_path="1-bread/1-exercise/README.md")
    user = enroll(course).user
    complete_lesson(user=user, lesson=first, origin=Origin.WEB)
    rewrite(folder, {**chapter(1, "cheese"), **chapter(2, "wine"), "README.md": "# Food"})

    import_course(folder, publish=True, choice=Choice(into=course), actor=OPERATOR)

    assert LessonProgress.objects.get(user=user).lesson == first
    first.refresh_from_db()
    assert first.archived_at is not None


ORIGINAL = ("Alpha", "Beta", "Gamma", "Delta", "Eta")


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(seed=2_575_151_476)
@given(seed=st.integers(0, 2**32))
def test_no_completion_ever_ends_at_another_title(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Random edits, whose doubts are all answered with "another lesson"."""
    chance = Random(seed)  # noqa: S311  a test's chance may be guessed
    folder = tmp_path_factory.mktemp("random") / "course"
    titles, user, known = list(ORIGINAL), make_user(), {}
    layout = chance.choice(LAYOUTS)

    rewrite(folder, layout(titles))
    course = import_course(folder, publish=True, actor=OPERATOR).course
    enroll(course, user)
    for step in range(4):
        done = chance.choice(list(Lesson.objects.visible().filter(course=course)))
        complete_lesson(user=user, lesson=done, origin=Origin.WEB)
        known[done.pk] = done.title
        edit(titles, chance, step)
        rewrite(folder, layout(titles))
        choice = answered(folder, Choice(into=course))
        report = import_course(folder, publish=True, choice=choice, actor=OPERATOR)
        assert report.course == course
        rows = LessonProgress.objects.completed().filter(user=user).select_related("lesson")
        assert {row.lesson_id: row.lesson.title for row in rows} == known
        living = Lesson.objects.active().filter(course=course).in_outline_order()
        assert [each.title for each in living] == titles


def edit(titles: list[str], chance: Random, step: int) -> None:
    """Insert, remove, swap, retitle or split something, once or twice."""
    for turn in range(chance.randint(1, 2)):
        place = chance.randrange(len(titles))
        verb = chance.choice(["insert", "remove", "swap", "retitle", "split"])
        if verb == "insert":
            titles.insert(place, f"New {step}-{turn}")
        elif verb == "remove" and len(titles) > 2:
            titles.pop(place)
        elif verb == "swap":
            titles[place], titles[0] = titles[0], titles[place]
        elif verb == "retitle":
            titles[place] = f"Other {step}-{turn}"
        elif verb == "split":
            titles.insert(place + 1, f"{titles[place]}, {step}-{turn}")


def test_lesson_said_to_be_another_is_so_whatever_agrees(write_files: WriteFiles) -> None:
    files = carpentries(["Alpha", "Beta", "Gamma", "Delta"])
    course = import_course(write_files(files), actor=OPERATOR, publish=True).course
    user = complete(course, "Beta")
    other = Choice(other=frozenset({("episodes/02.md", "")}))
    import_course(write_files(files), actor=OPERATOR, publish=True, choice=other)

    [progress] = LessonProgress.objects.filter(user=user)
    assert progress.lesson.archived_at is not None
    assert Lesson.objects.get(title="Beta", archived_at=None).pk != progress.lesson_id


def exercises(*texts: str) -> Files:
    """Return episodes that are told apart by nothing but their numbers and texts."""
    files = {
        f"episodes/{number:02}.md": f"---\ntitle: Exercise {number}\n---\n\n{text}\n"
        for number, text in enumerate(texts, 1)
    }
    return {"config.yaml": "title: Course\n", **files}


def test_exercise_whose_text_is_at_another_number_is_asked_about(write_files: WriteFiles) -> None:
    course = import_course(
        write_files(exercises("Tea.", "Bread.", "Soup.", "Pie.")), actor=OPERATOR, publish=True
    ).course
    user = complete(course, "Exercise 2")
    folder = write_files(exercises("Tea.", "Rice.", "Bread.", "Soup.", "Pie."))

    with pytest.raises(ImportStopped) as stopped:
        import_course(folder, actor=OPERATOR, publish=True)
    assert str(stopped.value).startswith(
        "episodes/03.md: “Exercise 2” becomes “Exercise 3”; 1 person completed it."
    )

    same = Choice(same=frozenset({("episodes/03.md", "")}))
    import_course(folder, actor=OPERATOR, publish=True, choice=same)
    assert LessonProgress.objects.get(user=user).lesson.body.strip() == "Bread."
    assert completed(user) == {"Exercise 3"}
    # The exercises behind it moved with their texts.
    assert course.lessons.count() == 5
    assert not course.lessons.exclude(archived_at=None).exists()


def test_text_at_the_path_of_a_neighbor_is_asked_about(write_files: WriteFiles) -> None:
    files = carpentries(["Alpha", "Beta", "Gamma", "Delta", "Eta"])
    files["episodes/02.md"] = "---\ntitle: Beta\n---\n\nTea.\n"
    folder = write_files(files)
    course = import_course(folder, actor=OPERATOR, publish=True).course
    complete(course, "Beta")
    files["episodes/03.md"] = "---\ntitle: Better\n---\n\nTea.\n"
    del files["episodes/02.md"]
    rewrite(folder, files)

    with pytest.raises(ImportStopped, match=r"episodes/03\.md: “Beta” becomes “Better”; 1 person"):
        import_course(folder, actor=OPERATOR, publish=True)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(seed=0)
@example(seed=550_051)
@example(seed=3_014_330_581)
@given(seed=st.integers(0, 2**32))
def test_completion_stays_with_its_text_where_titles_only_number(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Random edits of a series; a person says of each pair whether its text is the same."""
    chance = Random(seed)  # noqa: S311  a test's chance may be guessed
    folder = tmp_path_factory.mktemp("series") / "course"
    texts = [f"Text {letter}." for letter in "abcdef"]

    def about_texts(question: LessonQuestion) -> bool:
        return question.has_same_text

    rewrite(folder, exercises(*texts))
    course = import_course(folder, publish=True, actor=OPERATOR).course
    user, known, removed = enroll(course).user, {}, 0
    for step in range(3):
        done = chance.choice(list(Lesson.objects.visible().filter(course=course)))
        complete_lesson(user=user, lesson=done, origin=Origin.WEB)
        known[done.pk] = done.body
        place = chance.randrange(len(texts))
        if chance.choice(["insert", "remove"]) == "insert":
            texts.insert(place, f"New text {step}.")
        else:
            texts.pop(place)
            removed += 1
        rewrite(folder, exercises(*texts))
        choice = answered(folder, Choice(into=course), about_texts)
        import_course(folder, publish=True, choice=choice, actor=OPERATOR)
        rows = LessonProgress.objects.completed().filter(user=user).select_related("lesson")
        assert {row.lesson_id: row.lesson.body for row in rows} == known
        living = Lesson.objects.active().filter(course=course).in_outline_order()
        assert [each.body.strip() for each in living] == texts
        assert course.lessons.exclude(archived_at=None).count() <= removed
