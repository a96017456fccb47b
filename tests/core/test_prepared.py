"""Prepared queries answer like the querysets that they are made of."""

from typing import Any

import pytest
from django.db.models import F, Func, Value

from stepwell.core.prepared import Parameter, Prepared
from stepwell.courses.models import Lesson
from tests.factories import lessons_of, make_course

pytestmark = pytest.mark.django_db


def lesson_at() -> Any:
    return (
        Lesson.objects.visible()
        .filter(course__slug=Parameter("course"), slug=Parameter("lesson"))
        .select_related("course", "module")
    )


def test_rows_are_objects_with_what_they_select(django_assert_num_queries: Any) -> None:
    course = make_course((2, 1))
    lesson = lessons_of(course)[2]
    find = Prepared(lesson_at)
    with django_assert_num_queries(1):
        [found] = find(course=course.slug, lesson=lesson.slug)
        assert (found, found.course, found.module) == (lesson, course, lesson.module)
        assert found.published_at == lesson.published_at


def test_each_run_has_values_of_its_own() -> None:
    one, other = make_course((1,)), make_course((1,))
    find = Prepared(lesson_at)

    for course in (one, other, one):
        [lesson] = lessons_of(course)
        assert find(course=course.slug, lesson=lesson.slug) == [lesson]
    assert find(course=one.slug, lesson="nowhere") == []
    assert find.first(course=one.slug, lesson="nowhere") is None


def test_tuples_and_single_values() -> None:
    course = make_course((2,))
    rows = Lesson.objects.filter(course=Parameter("course")).order_by("position")
    first, second = lessons_of(course)

    pairs = Prepared(lambda: rows.values_list("position", "created_at"))
    ids = Prepared(lambda: rows.values_list("pk", flat=True))

    assert pairs(course=course.pk) == [(1, first.created_at), (2, second.created_at)]
    assert ids(course=course.pk) == [first.pk, second.pk]


@pytest.mark.parametrize("title", ["100 %s of it", "50 % off", "Bob's %% “course”"])
def test_values_that_never_change_are_part_of_the_statement(title: str) -> None:
    course = make_course((2,))
    lesson, _other = lessons_of(course)
    Lesson.objects.filter(pk=lesson.pk).update(title=title, minutes=7)
    find = Prepared(
        lambda: Lesson.objects.filter(
            title=title, minutes__gt=6, archived_at=None, course=Parameter("course")
        )
    )

    assert find(course=course.pk) == [lesson]
    [plan] = find.plans.values()
    assert plan.names == ["course"]


def test_a_percent_sign_of_the_statement_stays_one() -> None:
    course = make_course((3,))
    position = F("position")
    find = Prepared(
        lambda: (
            Lesson.objects.filter(course=Parameter("course"), archived_at=None)
            .annotate(rest=Func(position, Value(2), template="(%(expressions)s)", arg_joiner="%%"))
            .order_by("position")
            .values_list("rest", flat=True)
        )
    )

    assert find(course=course.pk) == [1, 0, 1]


def test_query_that_can_find_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Prepared(lambda: Lesson.objects.all()[0:0])() == []


def test_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="lesson"):
        Prepared(lesson_at)(course="a")
