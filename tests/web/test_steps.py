"""The steps say what the figures say: one a lesson, filled when completed, the next outlined."""

import re

import pytest

from stepwell.courses.outlines import Outline, OutlineCourse, OutlineLesson, OutlineModule
from stepwell.learning.queries import CourseState, Progress
from stepwell.web.steps import Flight, draw_lessons, draw_modules

COURSE = OutlineCourse(1, "k", "slug", "Title", "", "en", is_published=True, url="/courses/slug/")


def heights(path: str) -> list[float]:
    return [float(height) for height in re.findall(r"v-([\d.]+)", path)]


def course_of(*sizes: int, completed: int) -> CourseState:
    number = 0
    modules = []
    for size in sizes:
        lessons = []
        for _lesson in range(size):
            number += 1
            lessons.append(OutlineLesson(number, f"k{number}", f"s{number}", "", 0, number, "", ()))
        modules.append(OutlineModule("m", "", "", tuple(lessons)))
    return CourseState(
        Outline((1, "k", 1), COURSE, tuple(modules)), frozenset(range(1, completed + 1)), None
    )


def filled(flight: Flight) -> int:
    return len(heights(flight.filled))


def test_a_step_a_lesson_rising_with_the_next_one_named() -> None:
    flight = draw_lessons(course_of(2, 1, completed=1))

    assert heights(flight.stairs.outline) == sorted(heights(flight.stairs.outline))
    assert len(heights(flight.stairs.outline)) == 3
    assert flight.filled == flight.stairs.steps[0]
    assert flight.next_step == flight.stairs.steps[1]
    assert flight.progress == Progress(1, 3)


@pytest.mark.parametrize("completed", [0, 3])
def test_nothing_and_everything(completed: int) -> None:
    flight = draw_lessons(course_of(2, 1, completed=completed))

    assert filled(flight) == completed
    assert bool(flight.next_step) == (completed < 3)


def test_past_forty_lessons_a_step_a_module_filled_in_part() -> None:
    flight = draw_lessons(course_of(20, 20, 10, completed=25))

    full = heights(flight.stairs.outline)
    assert len(full) == 3
    assert heights(flight.filled) == [full[0], pytest.approx(full[1] / 4, abs=0.01)]
    assert flight.next_step == flight.stairs.steps[1]


def test_cards_draw_the_same_from_figures_by_module() -> None:
    figures = [Progress(20, 20), Progress(5, 20), Progress(0, 10)]

    card = draw_modules(Progress(25, 50), figures, height=44)

    assert card == draw_lessons(course_of(20, 20, 10, completed=25))


def test_course_without_lessons_has_no_steps() -> None:
    flight = draw_lessons(course_of(completed=0))

    assert (flight.stairs.outline, flight.filled, flight.next_step) == ("", "", "")
