"""Outlines are kept in memory only under a version, so that nobody ever sees an old one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from stepwell.accounts.actions import update_profile
from stepwell.courses import outlines
from stepwell.courses.actions import create_page, set_instructors, update_lesson
from stepwell.courses.models import Course
from stepwell.courses.outlines import Version, get_outline, get_outlines
from tests.factories import lessons_of, make_course, make_instructor

pytestmark = pytest.mark.django_db(transaction=True)
COLD = 4


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator[None]:
    outlines._kept.clear()
    yield
    outlines._kept.clear()


def titles(course: Course) -> list[str]:
    return [lesson.title for lesson in get_outline(course).lessons]


@pytest.mark.parametrize("size", [1, 3])
def test_outlines_are_read_together_once(size: int, django_assert_num_queries: Any) -> None:
    courses = [make_course((2, 1)) for _course in range(size)]

    versions = [version(course) for course in courses]
    another = version(make_course((1,)))
    with django_assert_num_queries(COLD):
        first = get_outlines(versions)
    with django_assert_num_queries(0):
        assert get_outlines(versions) == first
    with django_assert_num_queries(COLD):
        get_outlines([*versions, another])


def version(course: Course) -> Version:
    return Version._make(Course.objects.values_list(*Version._fields).get(pk=course.pk))


def test_restored_backup_is_told_apart_from_what_came_after_it() -> None:
    course = make_course((1,))
    [lesson] = lessons_of(course)
    backup = Course.objects.get(pk=course.pk).outline_version
    update_lesson(lesson=lesson, title="Before the backup was restored")
    titles(Course.objects.get(pk=course.pk))

    Course.objects.update(outline_version=backup)
    update_lesson(lesson=lesson, title="After it")

    assert titles(Course.objects.get(pk=course.pk)) == ["After it"]


def test_change_is_seen_at_once_by_whoever_reads_the_course_anew() -> None:
    course = make_course((2,))
    lesson = lessons_of(course)[0]
    before = titles(course)

    update_lesson(lesson=lesson, title="Renamed")

    assert before == ["Lesson 1.1", "Lesson 1.2"]
    assert titles(Course.objects.get(pk=course.pk)) == ["Renamed", "Lesson 1.2"]


def test_what_was_undone_is_not_kept() -> None:
    course = make_course((1,))
    [lesson] = lessons_of(course)

    with transaction.atomic():
        update_lesson(lesson=lesson, title="Undone")
        assert titles(Course.objects.get(pk=course.pk)) == ["Undone"]
        transaction.set_rollback(True)
    update_lesson(lesson=lessons_of(course)[0], title="Done")

    assert titles(Course.objects.get(pk=course.pk)) == ["Done"]


def test_instructors_new_name_is_seen_at_once() -> None:
    course, teacher = make_course((1,)), make_instructor("Noor")
    set_instructors(course=course, instructors=[teacher])
    assert [person.name for person in get_outline(course).instructors] == ["Noor"]

    update_profile(user=teacher, name="Noor Haddad", time_zone="")

    fresh = Course.objects.get(pk=course.pk)
    assert [person.name for person in get_outline(fresh).instructors] == ["Noor Haddad"]


def test_lessons_know_their_address_and_their_pages() -> None:
    course = make_course((1,), title="Brücken & Wege")
    [lesson] = lessons_of(course)
    page = create_page(lesson=lesson, title="Übung")

    [found] = get_outline(course).lessons

    assert found.url == lesson.get_absolute_url()
    assert [(each.title, each.url) for each in found.pages] == [
        (page.title, page.get_absolute_url())
    ]


def test_course_too_large_to_keep_is_read_each_time(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    course = make_course((3,))
    monkeypatch.setattr(outlines, "_kept", type(outlines._kept)(2, getsizeof=lambda _outline: 4))

    for _time in range(2):
        with django_assert_num_queries(COLD):
            assert len(get_outline(course).lessons) == 3
