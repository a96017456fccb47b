"""Outlines that somebody damaged by hand are reported."""

import pytest
from django.db import connection

from stepwell.courses.actions import (
    archive_lesson,
    archive_module,
    publish_lesson,
    unpublish_lesson,
)
from stepwell.courses.models import Course
from stepwell.courses.verification import find_differences
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    """Return a course of two modules, with an archived lesson and an archived module."""
    course = make_course([3, 1, 1])
    archive_lesson(lesson=lessons_of(course)[0])
    archive_module(module=course.modules.all()[2])
    return course


def sentences() -> list[str]:
    return [str(difference) for difference in find_differences()]


def damage(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_true_outline_has_no_differences(course: Course) -> None:
    assert sentences() == []


@pytest.mark.parametrize("position", [0, 3, -1])
def test_gap_among_lessons_is_reported(course: Course, position: int) -> None:
    lesson = lessons_of(course)[1]
    damage("UPDATE courses_lesson SET position = %s WHERE id = %s", position, lesson.pk)

    [sentence] = sentences()

    assert sentence.startswith(
        f"positions of lessons of module {lesson.module_id}: expected 1 to 2"
    )


def test_gap_among_modules_is_reported(course: Course) -> None:
    damage("UPDATE courses_module SET position = 7 WHERE position = 2")

    assert sentences() == [
        f"positions of modules of course {course.pk}: expected 1 to 2, found 1, 7"
    ]


def test_lesson_of_another_course_than_its_module_is_reported(course: Course) -> None:
    other, lesson = make_course([1]), lessons_of(course)[1]
    damage("UPDATE courses_lesson SET course_id = %s WHERE id = %s", other.pk, lesson.pk)

    assert (
        f"lesson {lesson.pk}: expected course {course.pk}, as its module, found course {other.pk}"
        in sentences()
    )


def test_outline_version_that_was_set_back_is_reported(course: Course) -> None:
    damage("UPDATE courses_course SET outline_version = 5 WHERE id = %s", course.pk)

    [sentence] = sentences()

    assert sentence.startswith(f"outline version of course {course.pk}: expected ")
    assert sentence.endswith("found 5")


@pytest.mark.parametrize("change", ["archived lesson", "archived module", "published lesson"])
def test_outline_version_from_before_a_change_is_reported(course: Course, change: str) -> None:
    draft = lessons_of(course)[2]
    unpublish_lesson(lesson=draft)
    damage("UPDATE courses_lesson SET published_at = NULL WHERE id = %s", draft.pk)
    draft.refresh_from_db()
    course.refresh_from_db()
    before = course.outline_version
    match change:
        case "archived lesson":
            archive_lesson(lesson=lessons_of(course)[1])
        case "archived module":
            archive_module(module=course.modules.all()[1])
        case "published lesson":
            publish_lesson(lesson=draft)
    assert not sentences()
    damage("UPDATE courses_course SET outline_version = %s WHERE id = %s", before, course.pk)

    [sentence] = sentences()

    assert sentence.startswith(f"outline version of course {course.pk}: expected ")
