"""Former addresses of courses and lessons, and values that don't fit."""

from typing import Any

import pytest

from stepwell.courses.actions import (
    NewLesson,
    archive_course,
    archive_lesson,
    archive_module,
    create_course,
    create_lesson,
    create_lessons,
    create_module,
    publish_lesson,
    restore_course,
    restore_lesson,
    restore_module,
    update_course,
    update_lesson,
)
from stepwell.courses.addresses import find_course, find_lesson
from stepwell.courses.errors import AddressTaken, BadValue
from stepwell.courses.models import Course, FormerAddress, Lesson
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


# Archived courses and lessons give their addresses to others.


@pytest.fixture(params=["archived", "module"])
def archived(request: pytest.FixtureRequest) -> Lesson:
    """A lesson "Intro" that has left its course, by itself or with its module."""
    course = make_course([1, 1])
    lesson = create_lesson(module=course.modules.all()[1], title="Intro")
    publish_lesson(lesson=lesson)
    if request.param == "archived":
        return archive_lesson(lesson=lesson)
    archive_module(module=lesson.module)
    return lesson


def bring_back(lesson: Lesson) -> Lesson:
    restore_module(module=lesson.module)
    restore_lesson(lesson=lesson)
    lesson.refresh_from_db()
    return lesson


def found(course: Course, slug: str) -> Lesson | None:
    return find_lesson(course.slug, slug)


def test_new_lesson_gets_the_address_of_an_archived_one(archived: Lesson) -> None:
    course = archived.course
    new = create_lesson(module=course.modules.all()[0], title="Intro")

    assert new.slug == "intro"
    assert bring_back(archived).slug == "intro-2"
    assert (found(course, "intro"), found(course, "intro-2")) == (new, archived)

    archive_lesson(lesson=new)
    assert found(course, "intro") == archived


def test_new_lessons_get_addresses_that_an_archived_one_does_not_move_to(archived: Lesson) -> None:
    module = archived.course.modules.all()[0]
    new = create_lessons(module=module, lessons=[NewLesson("Intro"), NewLesson("Intro")])

    assert [lesson.slug for lesson in new] == ["intro", "intro-2"]
    assert bring_back(archived).slug == "intro-3"


def test_lesson_may_take_the_address_of_an_archived_one(archived: Lesson) -> None:
    other = lessons_of(archived.course)[0]
    update_lesson(lesson=other, slug="intro")
    update_lesson(lesson=other, slug="basics")

    assert bring_back(archived).slug == "intro-2"
    assert found(archived.course, "intro") == other


def test_former_address_of_an_archived_lesson_is_free(archived: Lesson) -> None:
    update_lesson(lesson=archived, slug="foreword")

    new = create_lesson(module=archived.course.modules.all()[0], title="Intro")

    assert new.slug == "intro"
    assert found(archived.course, "intro") == new
    assert bring_back(archived).slug == "foreword"


def test_archived_lesson_keeps_its_address_unless_another_takes_it(archived: Lesson) -> None:
    assert bring_back(archived).slug == "intro"
    assert not FormerAddress.objects.exists()


def test_new_course_gets_the_address_of_an_archived_one() -> None:
    old = archive_course(course=make_course([1], title="Bread"))
    version = old.outline_version

    new = create_course(title="Bread")
    old.refresh_from_db()

    assert (new.slug, old.slug) == ("bread", "bread-2")
    assert old.outline_version > version
    restore_course(course=old)
    assert (find_course("bread"), find_course("bread-2")) == (new, old)
    archive_course(course=new)
    assert find_course("bread") == old


def test_course_may_take_what_was_an_archived_ones() -> None:
    old = update_course(course=make_course([1], title="Bread"), slug="loaf")
    archive_course(course=old)
    other = make_course([1], title="Rolls")

    for slug in ("bread", "loaf", "buns"):
        update_course(course=other, slug=slug)
    restore_course(course=old)

    old.refresh_from_db()
    assert old.slug == "loaf-2"
    for slug in ("bread", "loaf", "rolls"):
        assert find_course(slug) == other


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
