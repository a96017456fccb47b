"""The learners of a course as those who teach it see them, against plain Python."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stepwell.accounts.models import Role, User
from stepwell.core import clock
from stepwell.courses.actions import (
    archive_course,
    archive_module,
    arrange_outline,
    create_lesson,
    create_module,
    publish_lesson,
    set_instructors,
    unpublish_course,
    unpublish_lesson,
)
from stepwell.courses.models import Course
from stepwell.learning.actions import (
    complete_lesson,
    count_progress,
    start_course_over,
    unenroll_from_course,
)
from stepwell.learning.models import Origin
from stepwell.learning.queries import (
    SORTS,
    Learner,
    Learners,
    Progress,
    TaughtCourses,
    get_drop_off,
    get_enrolled_course,
)
from tests.factories import enroll, lessons_of, make_course, make_instructor, make_user
from tests.learning.conftest import join

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
OUTLINES = 4  # courses, lessons, sub-pages and instructors, while they are not in memory yet

# A module moved to the front, so that ids don't tell a lesson's place; and who completed what of
# the outline in that order, on which day they came, and on which they last did something.
CLASS = {
    "Zoë": ([0], 3, 9),
    "ada": ([], 1, 1),
    "Bo": ([0, 1, 2, 3], 2, 8),
    "Cy": ([1, 3], 5, 6),
    "Di": ([0], 4, 9),
    "Ed": ([0, 1, 2, 3], 3, 5),
    "Fay": ([3, 2, 0], 2, 7),
}


@pytest.fixture
def course() -> Course:
    course = make_course([2, 2])
    first, second = course.modules.all()
    by_module = {module: list(module.lessons.all()) for module in (second, first)}
    arrange_outline(course=course, arrangement=list(by_module.items()))
    return course


@pytest.fixture
def members(course: Course) -> list[User]:
    """The class, in the order of their enrollments' ids."""
    people = [make_user(name) for name in CLASS]
    for person, (places, came, last) in zip(people, CLASS.values(), strict=True):
        with clock.at(MONDAY + timedelta(days=came)):
            enroll(course, person)
        with clock.at(MONDAY + timedelta(days=last)):
            for place in places:
                complete_lesson(user=person, lesson=lessons_of(course)[place], origin=Origin.WEB)
    return people


def counted(course: Course, **wish: Any) -> list[Learner]:
    row = Course.objects.get(pk=course.pk)
    count_progress(course=row)
    return Learners(row, **wish)[0:50]


def names(course: Course, **wish: Any) -> list[str]:
    return [row.name for row in counted(course, **wish)]


KEYS: dict[str, Callable[[Learner], Any]] = {
    "name": lambda row: row.name.lower(),
    "progress": lambda row: row.progress.completed,
    "next_lesson": lambda row: row.next_lesson and row.next_lesson.number,
    "last_activity": lambda row: row.last_activity_at,
    "enrolled": lambda row: row.enrolled_at,
    "finished": lambda row: row.finished_at,
}


@pytest.mark.parametrize("sort", SORTS)
def test_every_column_sorts_both_ways(course: Course, members: list[User], sort: str) -> None:
    key = KEYS[sort.removeprefix("-")]
    rows = {row.name: row for row in counted(course)}
    in_order_of_ids = [rows[name] for name in CLASS]
    with_value = [row for row in in_order_of_ids if key(row) is not None]
    wanted = sorted(with_value, key=key, reverse=sort.startswith("-"))
    without = [row for row in in_order_of_ids if key(row) is None]

    assert len({key(row) for row in with_value}) > 1
    assert counted(course, sort=sort) == wanted + without


def test_figures_are_those_that_the_learners_see(course: Course, members: list[User]) -> None:
    unpublish_lesson(lesson=lessons_of(course)[1])
    publish_lesson(lesson=create_lesson(module=course.modules.all()[0], title="New"))
    start_course_over(user=members[2], course=course, origin=Origin.WEB)

    rows = {row.email: row for row in counted(course)}

    assert len(rows) == len(members)
    for person in members:
        mine, row = (
            get_enrolled_course(person, Course.objects.get(pk=course.pk)),
            rows[person.email],
        )
        assert mine is not None
        assert row.progress == mine.progress
        assert row.next_lesson == mine.next_lesson
        assert row.last_activity_at == mine.last_activity_at
        assert row.enrolled_at == mine.enrolled_at
        assert row.finished_at == mine.finished_at


def test_learners_are_those_who_are_enrolled_and_not_suspended(course: Course) -> None:
    here, gone, suspended, elsewhere = (make_user(name) for name in ("Al", "Bea", "Cy", "Dot"))
    for person in (here, gone, suspended):
        join(person, course, completed=1)
    join(elsewhere, make_course([1]))
    unenroll_from_course(user=gone, course=course, origin=Origin.WEB)
    User.objects.filter(pk=suspended.pk).update(is_active=False)

    assert names(course) == ["Al"]
    assert len(Learners(course)) == 1
    drop_off = get_drop_off(course, stuck_for=0)
    assert (drop_off.learner_count, drop_off.lessons[0].completed) == (1, 1)
    assert TaughtCourses(make_user(role=Role.OWNER))[0:50][0].learner_count == 1


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ada", ["Ada Adler"]),
        ("a dler", ["Ada Adler"]),
        ("ада", ["Ада Зверева"]),
        ("ЗВЕР ада", ["Ада Зверева"]),
        ("@example.org", ["Ada Adler", "Ада Зверева"]),
        ("ada bo", []),
        ("%", []),
    ],
)
def test_search_wants_every_word_in_name_or_email(search: str, found: list[str]) -> None:
    course = make_course([1])
    for name in ("Ada Adler", "Ада Зверева"):
        enroll(course, make_user(name))

    assert names(course, search=search, sort="name") == found
    assert len(Learners(course, search=search)) == len(found)


def test_parts_of_the_list_join_into_the_whole(course: Course, members: list[User]) -> None:
    count_progress(course=course)
    learners = Learners(course, sort="progress")

    whole = list(learners)
    assert [row for start in range(0, 8, 2) for row in learners[start : start + 2]] == whole
    assert len(learners) == len(whole) == len(CLASS)


def test_stuck_are_those_with_a_lesson_open_and_nothing_done_since(
    course: Course, members: list[User]
) -> None:
    publish_lesson(lesson=create_lesson(module=course.modules.all()[0], title="New"))

    with clock.at(MONDAY + timedelta(days=16)):
        stuck = counted(course, stuck_for=9, sort="next_lesson")
        assert [(row.name, row.idle_days) for row in stuck] == [("ada", 15), ("Cy", 10), ("Fay", 9)]
        assert names(course, stuck_for=16) == []


def test_learners_at_a_lesson_are_those_whose_next_one_it_is(
    course: Course, members: list[User]
) -> None:
    second = lessons_of(course)[1]

    assert names(course, at=second.key, sort="name") == ["Di", "Fay", "Zoë"]
    assert names(course, at="nothing") == []


def test_progress_is_never_more_than_there_is(course: Course, members: list[User]) -> None:
    count_progress(course=course)
    for lesson in lessons_of(course)[1:]:
        unpublish_lesson(lesson=lesson)

    rows = Learners(Course.objects.get(pk=course.pk))[0:50]

    assert max(row.progress.percent for row in rows) == 100


def test_drop_off_counts_lesson_by_lesson(course: Course, members: list[User]) -> None:
    join(members[0], make_course([3]), completed=2)
    hidden = create_module(course=course, title="Archived")
    lesson = publish_lesson(lesson=create_lesson(module=hidden, title="Gone"))
    complete_lesson(user=members[0], lesson=lesson, origin=Origin.WEB)
    archive_module(module=hidden)
    with clock.at(MONDAY + timedelta(days=16)):
        row = Course.objects.get(pk=course.pk)
        count_progress(course=row)
        found = get_drop_off(row, stuck_for=9)

    done = [sum(place in places for places, *_ in CLASS.values()) for place in range(4)]
    assert [item.lesson.id for item in found.lessons] == [
        each.pk for each in lessons_of(course)[:4]
    ]
    assert [item.completed for item in found.lessons] == done == [5, 3, 3, 4]
    assert [item.standing for item in found.lessons] == [2, 3, 0, 0]
    assert [item.stuck for item in found.lessons] == [2, 1, 0, 0]
    assert (found.learner_count, found.most_standing) == (7, 3)
    assert found.lessons[0].share(found.learner_count) == Progress(5, 7)


def test_drop_off_of_a_course_without_anybody_or_anything() -> None:
    empty = get_drop_off(make_course([]), stuck_for=14)
    assert (empty.learner_count, empty.lessons, empty.most_standing) == (0, (), 0)
    [lesson] = get_drop_off(make_course([1]), stuck_for=14).lessons
    assert (lesson.completed, lesson.standing, lesson.stuck) == (0, 0, 0)
    assert lesson.share(0).percent == 0


@pytest.mark.parametrize("size", [1, 3])
def test_lists_take_as_many_queries_for_one_learner_as_for_three(
    size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = make_course([size])
    teacher = make_instructor()
    for _person in range(size):
        join(make_user(), course, completed=1)
        set_instructors(course=make_course([1]), instructors=[teacher])
    count_progress(course=course)
    learners = Learners(course, sort="next_lesson", search="ada", at="x", stuck_for=0)

    with django_assert_num_queries(1 + OUTLINES):
        learners[0:50]
    with django_assert_num_queries(1):
        len(learners)
    with django_assert_num_queries(1 + OUTLINES):
        assert sum(1 for _row in Learners(course)) == size
    with django_assert_num_queries(1 + OUTLINES):
        get_drop_off(course, stuck_for=14)
    with django_assert_num_queries(2):
        assert len(TaughtCourses(teacher)[0:50]) == size


def test_studio_lists_the_courses_that_one_teaches_with_their_figures() -> None:
    teacher = make_instructor()
    mine, draft, closed, archived = (make_course([1], title=title) for title in "ABCD")
    for course in (mine, draft, closed, archived):
        set_instructors(course=course, instructors=[teacher])
    with clock.at(MONDAY):
        join(make_user(), mine, completed=1)
        join(make_user(), mine)
        join(make_user(), make_course([1], title="Not mine"))
    unpublish_course(course=closed)
    archive_course(course=archived)

    rows = TaughtCourses(teacher)[0:50]

    assert [row.course.title for row in rows] == ["A", "B", "C"]
    assert [(row.learner_count, row.finished_count) for row in rows] == [(2, 1), (0, 0), (0, 0)]
    assert [row.last_activity_at for row in rows] == [MONDAY, None, None]
    assert len(TaughtCourses(teacher)) == 3
    assert len(TaughtCourses(make_user(role=Role.OWNER))) == 4
    assert len(TaughtCourses(make_user())) == 0
