"""Prepared queries answer like the querysets that they are made of."""

from typing import Any

import pytest

from stepwell.core import clock
from stepwell.core.prepared import (
    Parameter,
    Prepared,
    add_to_rows,
    ensure_row,
    fill_row,
    insert_row,
    put_rows,
    update_row,
)
from stepwell.courses.models import Lesson
from stepwell.gamification.models import Board, Celebration, Period, ScoreCount, Standing
from stepwell.learning.models import Enrollment
from tests.factories import lessons_of, make_course, make_user

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


def test_query_that_can_find_nothing_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Prepared(lambda: Lesson.objects.all()[0:0])() == []


def test_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="lesson"):
        Prepared(lesson_at)(course="a")


def test_row_is_inserted_and_updated_as_django_would(django_assert_num_queries: Any) -> None:
    now = clock.now()
    row = Enrollment(user=make_user(), course=make_course(), enrolled_at=now, last_activity_at=now)

    with django_assert_num_queries(1):
        insert_row(row)
    row.finished_at = row.unenrolled_at = clock.now()
    with django_assert_num_queries(1):
        update_row(row, "finished_at")

    stored = Enrollment.objects.get()
    assert (stored.pk, stored.user, stored.enrolled_at) == (row.pk, row.user, now)
    assert (stored.finished_at, stored.unenrolled_at) == (row.finished_at, None)
    row.save()
    assert Enrollment.objects.get().unenrolled_at == row.unenrolled_at


@pytest.fixture
def board() -> Board:
    return Board.objects.create(period=Period.ALL, starts_on=Period.ALL.start(clock.now().date()))


def test_rows_are_put_where_their_key_says(board: Board) -> None:
    one, other = make_user("One"), make_user("Other")

    put_rows(Standing, ("board", "user"), "points", [(board.pk, one.pk, 5)])
    put_rows(
        Standing, ("board", "user"), "points", [(board.pk, one.pk, 7), (board.pk, other.pk, -3)]
    )
    put_rows(Standing, ("board", "user"), "points", [])

    assert dict(Standing.objects.values_list("user", "points")) == {one.pk: 7, other.pk: -3}


def test_adding_to_rows_makes_those_that_are_missing_and_takes_from_those_that_are_there(
    board: Board,
) -> None:
    for changes in (
        [(board.pk, 10, 2), (board.pk, 20, 0)],
        [(board.pk, 10, 3)],
        [(board.pk, 10, -4)],
    ):
        add_to_rows(ScoreCount, ("board", "points"), "learners", changes)

    assert list(ScoreCount.objects.values_list("points", "learners")) == [(10, 1)]


def test_a_row_that_is_there_is_not_written_again(
    django_assert_num_queries: Any,
) -> None:
    user = make_user()
    for subject in (1, 2, 1):
        with django_assert_num_queries(1):
            ensure_row(Celebration(user=user, kind="level", subject=subject))

    assert list(Celebration.objects.values_list("subject", flat=True)) == [1, 2]


def test_a_field_is_filled_once_whoever_comes(django_assert_num_queries: Any) -> None:
    row, other = (
        Celebration.objects.create(user=make_user(), kind="level", subject=2) for _ in range(2)
    )
    late = Celebration.objects.get(pk=row.pk)
    row.shown_at = clock.now()
    late.shown_at = clock.now()

    with django_assert_num_queries(2):
        assert (fill_row(row, "shown_at"), fill_row(late, "shown_at")) == (True, False)

    shown = Celebration.objects.order_by("pk").values_list("pk", "shown_at")
    assert list(shown) == [(row.pk, row.shown_at), (other.pk, None)]
