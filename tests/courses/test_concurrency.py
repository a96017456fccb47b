"""Several people change courses at once: everybody is served, nothing is doubled."""

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from stepwell.core import clock
from stepwell.courses.actions import (
    archive_lesson,
    arrange_outline,
    create_course,
    create_lesson,
    create_module,
    move_lesson,
    save_attachment,
    update_course,
    update_lesson,
)
from stepwell.courses.errors import AddressTaken, LessonChanged, OutlineChanged
from stepwell.courses.models import Attachment, Course, Lesson, Module
from tests.factories import lessons_of, make_course

RunInThreads = Callable[..., list[Any]]

CROWD = 20


@pytest.fixture
def course(transactional_db: None) -> Course:
    return make_course([3, 2])


def errors_in(results: list[Any]) -> list[BaseException]:
    return [result for result in results if isinstance(result, BaseException)]


def positions(module: Module) -> list[int]:
    return [lesson.position for lesson in module.lessons.filter(archived_at=None)]


def test_adding_lessons_to_one_module_at_once(course: Course, run_in_threads: RunInThreads) -> None:
    def add() -> Lesson:
        return create_lesson(module=Module.objects.filter(course=course)[0], title="Same")

    results = run_in_threads(*[add] * CROWD)

    assert errors_in(results) == []
    assert positions(course.modules.all()[0]) == list(range(1, CROWD + 4))
    assert len({lesson.slug for lesson in results}) == CROWD


def test_adding_modules_at_once(course: Course, run_in_threads: RunInThreads) -> None:
    results = run_in_threads(*[lambda: create_module(course=course, title="Same")] * CROWD)

    assert errors_in(results) == []
    assert [module.position for module in course.modules.all()] == list(range(1, CROWD + 3))


def test_arranging_at_once_ends_in_one_of_the_orders(
    course: Course, run_in_threads: RunInThreads
) -> None:
    (first, second), lessons = course.modules.all(), lessons_of(course)
    wishes = [
        [(second, lessons[:1]), (first, lessons[1:])],
        [(first, lessons[::-1]), (second, [])],
    ]

    results = run_in_threads(
        *[partial(arrange_outline, course=course, arrangement=wish) for wish in wishes * 5]
    )

    assert errors_in(results) == []
    order = [
        (module, list(module.lessons.all()))
        for module in Course.objects.get(pk=course.pk).modules.all()
    ]
    assert order in wishes
    assert [positions(module) for module, _lessons in order] == [
        list(range(1, len(lessons) + 1)) for _module, lessons in order
    ]


def test_arranging_against_other_changes_refuses_what_is_out_of_date(
    course: Course, run_in_threads: RunInThreads
) -> None:
    modules = [(module, list(module.lessons.all())) for module in course.modules.all()]
    arrange = partial(arrange_outline, course=course, arrangement=modules[::-1])

    results = run_in_threads(
        *[arrange] * 5,
        lambda: archive_lesson(lesson=lessons_of(course)[0]),
        lambda: create_lesson(module=modules[0][0], title="New"),
        *[arrange] * 5,
    )

    assert {type(error) for error in errors_in(results)} <= {OutlineChanged}
    active = Lesson.objects.active().filter(course=course)
    assert active.count() == 5
    places = Counter(active.values_list("module", "position"))
    assert set(places.values()) == {1}


def test_every_change_at_once_has_a_version_of_its_own(
    course: Course, run_in_threads: RunInThreads
) -> None:
    def change() -> int:
        own = Course.objects.get(pk=course.pk)
        with clock.at(course.created_at):  # a clock that stands still
            create_module(course=own, title="Same")
        return own.outline_version

    versions = run_in_threads(*[change] * CROWD)

    assert len(set(versions)) == CROWD


def test_creating_courses_of_one_title_at_once(
    transactional_db: None, run_in_threads: RunInThreads
) -> None:
    results = run_in_threads(*[lambda: create_course(title="Same")] * CROWD)

    assert errors_in(results) == []
    assert {course.slug for course in results} == {
        "same",
        *(f"same-{number}" for number in range(2, CROWD + 1)),
    }


def test_saving_a_file_at_once_keeps_one_attachment(
    course: Course, run_in_threads: RunInThreads, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def save(content: bytes) -> Attachment:
        return save_attachment(course=course, name="a.png", content=ContentFile(content))

    results = run_in_threads(*[partial(save, content) for content in (b"one", b"two") * 5])

    assert errors_in(results) == []
    attachment = Attachment.objects.get()
    with attachment.file.open() as file:
        content = file.read()
    assert content in {b"one", b"two"}
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()


def test_moving_at_once_leaves_dense_places(course: Course, run_in_threads: RunInThreads) -> None:
    (first, second), lessons = course.modules.all(), lessons_of(course)
    moves = [
        partial(move_lesson, lesson=lessons[0], module=second),
        partial(move_lesson, lesson=lessons[1], module=second, before=lessons[3]),
        partial(move_lesson, lesson=lessons[4], module=first),
        partial(move_lesson, lesson=lessons[2], module=second),
    ]

    results = run_in_threads(*moves * 3)

    assert {type(error) for error in errors_in(results)} <= {OutlineChanged}
    assert Lesson.objects.active().filter(course=course).count() == 5
    for module in (first, second):
        assert positions(module) == list(range(1, len(positions(module)) + 1))


def test_of_those_who_save_on_one_revision_one_is_let_through(
    course: Course, run_in_threads: RunInThreads
) -> None:
    lesson = lessons_of(course)[0]

    def save(number: int) -> Lesson:
        own = Lesson.objects.select_related("course").get(pk=lesson.pk)
        return update_lesson(lesson=own, body=f"Text {number}", base=1)

    results = run_in_threads(*[partial(save, number) for number in range(CROWD)])

    assert [type(error) for error in errors_in(results)] == [LessonChanged] * (CROWD - 1)
    saved = Lesson.objects.get(pk=lesson.pk)
    assert saved.revision == 2
    assert [version.body for version in saved.versions.all()] == [saved.body, "Text."]


def test_of_two_courses_one_takes_an_address(course: Course, run_in_threads: RunInThreads) -> None:
    courses = [course, *(make_course([1]) for _each in range(5))]

    results = run_in_threads(
        *[partial(update_course, course=each, slug="wanted") for each in courses]
    )

    assert [type(error) for error in errors_in(results)] == [AddressTaken] * 5
    assert Course.objects.filter(slug="wanted").count() == 1
