"""The steps, the mark of the product: progress drawn as a flight of stairs."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from stepwell.courses.outlines import Outline
from stepwell.gamification.rules import Level
from stepwell.learning.queries import CourseState, Progress

MOST_LESSON_STEPS = 40
SHARE_STEPS = 10
LEVELS = 10

UNIT = 10.0  # width of a step with its gap, in the drawing's own units
GAP = 0.9
MODULE_GAP = 3.0


@dataclass(frozen=True)
class Flight:
    """A drawing of steps, as SVG paths, with the figures that it shows."""

    progress: Progress
    stairs: "Stairs"
    filled: str
    next_step: str


@dataclass(frozen=True)
class Stairs:
    """A flight on which nobody has set a foot: its steps, and the frame of the drawing."""

    steps: tuple[str, ...]
    rises: tuple[tuple[float, float], ...]  # where each step begins, and how high it is
    height: float
    outline: str
    view_box: str


def draw_modules(progress: Progress, modules: list[Progress], *, height: float = 16) -> Flight:
    """Draw progress known module by module: a step a lesson, past 40 lessons a step a module."""
    if progress.total > MOST_LESSON_STEPS:
        groups = [[module.completed / module.total] for module in modules]
    else:
        groups = [
            [1.0] * module.completed + [0.0] * (module.total - module.completed)
            for module in modules
        ]
    return _draw(progress, groups, height)


@lru_cache(maxsize=10_000)
def draw_share(progress: Progress, *, height: float = 16) -> Flight:
    """Draw progress of which no more is known than its figures, as ten steps."""
    share = SHARE_STEPS * progress.completed / (progress.total or 1)
    fills = [min(max(share - place, 0.0), 1.0) for place in range(SHARE_STEPS)]
    return _draw(progress, [fills], height)


def draw_lessons(state: CourseState, *, height: float = 44) -> Flight:
    """Draw a course's progress lesson by lesson, past 40 lessons module by module."""
    return _draw_outline(state.outline, state.completed_ids, height)


def draw_lessons_after(state: CourseState, lesson_id: int, *, height: float = 44) -> Flight:
    """Draw a course's progress as it is once this lesson is completed, or else open again."""
    return _draw_outline(state.outline, state.completed_ids ^ {lesson_id}, height)


def draw_level(level: Level, *, height: float = 44) -> Flight:
    """Draw the levels as steps: those reached, and how far it is on the next one."""
    fills = [*[1.0] * level.number, level.percent / 100, *[0.0] * LEVELS][:LEVELS]
    return _draw(Progress(level.number, LEVELS), [fills], height)


def _draw_outline(outline: Outline, completed_ids: Set[int], height: float) -> Flight:
    progress = Progress(len(completed_ids), len(outline.lessons))
    if progress.total > MOST_LESSON_STEPS:
        groups = [
            [len(module.lesson_ids & completed_ids) / len(module.lessons)]
            for module in outline.modules
        ]
    else:
        groups = [
            [1.0 if lesson.id in completed_ids else 0.0 for lesson in module.lessons]
            for module in outline.modules
        ]
    return _draw(progress, groups, height)


def _draw(progress: Progress, groups: Sequence[Sequence[float]], height: float) -> Flight:
    stairs = _build(tuple(map(len, groups)), height)
    fills = [fill for group in groups for fill in group]
    following = next((place for place, fill in enumerate(fills) if fill < 1), None)
    filled = [
        stairs.steps[place] if fill == 1 else _part(stairs, place, fill)
        for place, fill in enumerate(fills)
        if fill
    ]
    return Flight(
        progress, stairs, "".join(filled), "" if following is None else stairs.steps[following]
    )


@lru_cache(maxsize=1_000)
def _build(sizes: tuple[int, ...], height: float) -> Stairs:
    """Build the stairs for modules of so many steps: the same for all who learn by them."""
    count = sum(sizes)
    rises: list[tuple[float, float]] = []
    x = 0.0
    for size in sizes:
        for _step in range(size):
            # Rising from a third to the full height says "stairs" without a word.
            rises.append((x, round(height * (1 + 2 * (len(rises) + 1) / count) / 3, 2)))
            x = round(x + UNIT, 2)
        x = round(x + MODULE_GAP, 2)
    width = max(x - GAP - MODULE_GAP, 1)
    steps = tuple(_rectangle(x, height, rise) for x, rise in rises)
    # The frame leaves room for the outline of the next step.
    view_box = f"-1 -1 {width + 2:g} {height + 2:g}"
    return Stairs(steps, tuple(rises), height, "".join(steps), view_box)


def _part(stairs: Stairs, place: int, fill: float) -> str:
    x, rise = stairs.rises[place]
    return _rectangle(x, stairs.height, round(rise * fill, 2))


def _rectangle(x: float, floor: float, rise: float) -> str:
    return f"M{x:g} {floor:g}v-{rise:g}h{UNIT - GAP:g}v{rise:g}z"
