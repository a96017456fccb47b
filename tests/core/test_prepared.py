"""Prepared reads answer like the querysets that they are made of."""

from typing import Any

import pytest
from django.db.models import F, Func, QuerySet, Value

from stepwell.core.prepared import Prepared, prepared
from stepwell.courses.models import Course, Lesson
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


def lesson_at(course: str, lesson: str) -> QuerySet[Lesson]:
    return (
        Lesson.objects.visible()
        .filter(course__slug=course, slug=lesson)
        .select_related("course", "module")
    )


def test_rows_are_objects_with_what_they_select(django_assert_num_queries: Any) -> None:
    course = make_course((2, 1))
    lesson = lessons_of(course)[2]
    find = prepared(lesson_at)
    with django_assert_num_queries(1):
        [found] = find(course=course.slug, lesson=lesson.slug)
        assert (found, found.course, found.module) == (lesson, course, lesson.module)
        assert found.published_at == lesson.published_at


def test_each_run_has_values_of_its_own() -> None:
    one, other = make_course((1,)), make_course((1,))
    find = prepared(lesson_at)

    for course in (one, other, one):
        [lesson] = lessons_of(course)
        assert find(course=course.slug, lesson=lesson.slug) == [lesson]
    assert find(course=one.slug, lesson="nowhere") == []
    assert find.first(course=one.slug, lesson="nowhere") is None


def test_values_are_given_by_name_or_by_place() -> None:
    course = make_course((1,))
    [lesson] = lessons_of(course)
    find = prepared(lesson_at)

    assert find(course.slug, lesson.slug) == [lesson]
    assert find(course.slug, lesson=lesson.slug) == [lesson]
    assert find.first(lesson=lesson.slug, course=course.slug) == lesson


def test_function_is_called_once_and_keeps_its_name() -> None:
    calls = []

    @prepared
    def lessons_in(course: int) -> QuerySet[Lesson]:
        """Select a course's lessons."""
        calls.append(course)
        return Lesson.objects.filter(course=course)

    for course in (make_course((1,)), make_course((1,))):
        assert lessons_in(course=course.pk) == lessons_of(course)
    assert len(calls) == 1
    assert (lessons_in.__name__, lessons_in.__doc__) == ("lessons_in", "Select a course's lessons.")


def places(course: int) -> QuerySet[Lesson, Any]:
    rows = Lesson.objects.filter(course=course).annotate(at=F("created_at")).order_by("position")
    return rows.values_list("position", "course__slug", "at", named=True)


def test_rows_have_names() -> None:
    course = make_course((2,))
    find = prepared(places)

    rows = find(course=course.pk)

    assert rows == list(places(course.pk))
    assert [row.position for row in rows] == [1, 2]
    assert {row.course__slug for row in rows} == {course.slug}
    assert [row.at for row in rows] == [lesson.created_at for lesson in lessons_of(course)]


def test_the_first_part_of_a_union_names_its_columns() -> None:
    course = make_course((2,))

    @prepared
    def titles(course: int) -> QuerySet[Course, Any]:
        lessons = Lesson.objects.filter(course=course).order_by().values_list("title", "slug")
        about = Course.objects.filter(pk=course).order_by().annotate(name=F("title"))
        return about.values_list("name", "slug", named=True).union(lessons, all=True)

    rows = titles(course=course.pk)

    named = [course, *lessons_of(course)]
    assert sorted(row.name for row in rows) == sorted(each.title for each in named)
    assert sorted(row.slug for row in rows) == sorted(each.slug for each in named)


def test_tuples_and_single_values() -> None:
    course = make_course((2,))
    first, second = lessons_of(course)

    @prepared
    def pairs(course: int) -> QuerySet[Lesson, Any]:
        rows = Lesson.objects.filter(course=course).order_by("position")
        return rows.values_list("position", "created_at")

    @prepared
    def ids(course: int) -> QuerySet[Lesson, int]:
        rows = Lesson.objects.filter(course=course).order_by("position")
        return rows.values_list("pk", flat=True)

    assert pairs(course=course.pk) == [(1, first.created_at), (2, second.created_at)]
    assert ids(course=course.pk) == [first.pk, second.pk]


@pytest.mark.parametrize("title", ["100 %s of it", "50 % off", "Bob's %% “course”"])
def test_values_that_never_change_are_part_of_the_statement(title: str) -> None:
    course = make_course((2,))
    lesson, _other = lessons_of(course)
    Lesson.objects.filter(pk=lesson.pk).update(title=title, minutes=7)

    @prepared
    def find(course: int) -> QuerySet[Lesson]:
        return Lesson.objects.filter(title=title, minutes__gt=6, archived_at=None, course=course)

    assert find(course=course.pk) == [lesson]
    [plan] = find.plans.values()
    assert plan.names == ["course"]


def test_a_percent_sign_of_the_statement_stays_one() -> None:
    course = make_course((3,))
    rest = Func(F("position"), Value(2), template="(%(expressions)s)", arg_joiner="%%")

    @prepared
    def find(course: int) -> QuerySet[Lesson, Any]:
        rows = Lesson.objects.filter(course=course, archived_at=None).annotate(rest=rest)
        return rows.order_by("position").values_list("rest", flat=True)

    assert find(course=course.pk) == [1, 0, 1]


def test_query_that_can_find_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    nothing: Prepared[[], Lesson] = prepared(lambda: Lesson.objects.all()[0:0])
    with django_assert_num_queries(0):
        assert nothing() == []


def test_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="lesson"):
        prepared(lesson_at)(course="a")  # type: ignore[call-arg]  # what the test is about
