"""Former addresses of courses and lessons, and values that don't fit."""

from typing import Any

import pytest

from stepwell.courses.actions import (
    create_course,
    create_lesson,
    create_module,
    update_course,
    update_lesson,
)
from stepwell.courses.errors import AddressTaken, BadValue
from stepwell.courses.models import FormerAddress
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


def test_former_address_of_a_course_is_kept_until_it_is_its_own_again() -> None:
    course = make_course([1], title="Bread")

    update_course(course=course, slug="loaf")
    assert FormerAddress.objects.get().slug == "bread"

    update_course(course=course, slug="bread")
    assert FormerAddress.objects.get().slug == "loaf"


def test_former_address_of_another_course_is_taken() -> None:
    update_course(course=make_course([1], title="Bread"), slug="loaf")
    other = create_course(title="Bread")

    assert other.slug == "bread-2"
    for slug in ("bread", "loaf"):
        with pytest.raises(AddressTaken):
            update_course(course=other, slug=slug)
        assert other.slug == "bread-2"


def test_lessons_that_exchange_addresses_leave_no_false_way() -> None:
    one, two = lessons_of(make_course([2]))

    update_lesson(lesson=one, slug="spare")
    update_lesson(lesson=two, slug="lesson-11")

    assert {(row.slug, row.lesson) for row in FormerAddress.objects.all()} == {("lesson-12", two)}


def test_new_lesson_leaves_the_former_address_of_another_one_alone() -> None:
    lesson = lessons_of(make_course([1]))[0]
    update_lesson(lesson=lesson, slug="renamed")

    assert create_lesson(module=lesson.module, title="Lesson 1.1").slug == "lesson-11-2"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "Title: write something"),
        ({"title": "x" * 201}, "Title: write at most 200"),
        ({"summary": "x" * 401}, "Summary: write at most 400"),
        ({"slug": "Not a slug"}, "Address: write small letters"),
        ({"title": "a\x0bb"}, "Title: leave out"),
        ({"outcomes": ["fine", "a\0b"]}, "What you will learn: leave out"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(changes: dict[str, Any], words: str) -> None:
    course = make_course([1])

    with pytest.raises(BadValue, match=words):
        update_course(course=course, **changes)

    assert course.title == "Course"


def test_texts_are_kept_without_control_characters() -> None:
    course = make_course([1])
    lesson = lessons_of(course)[0]

    update_course(course=course, description="a\0b\x0bc")
    update_lesson(lesson=lesson, body="one\x0btwo\x7f\tthree\n")

    assert course.description == "ab\nc"
    assert lesson.body == "one\ntwo\tthree\n"


def test_nothing_without_a_title_is_created() -> None:
    course = make_course([1])

    with pytest.raises(BadValue):
        create_course(title="")
    with pytest.raises(BadValue):
        create_module(course=course, title=" ")
    with pytest.raises(BadValue):
        create_lesson(module=course.modules.get(), title="")
