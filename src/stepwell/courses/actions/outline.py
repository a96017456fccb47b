"""What every change of an outline shares: the lock, the version, and the order."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import BigIntegerField, Case, F, IntegerField, Max, Value, When
from django.db.models.functions import Greatest

from stepwell.core import clock
from stepwell.courses.errors import ModuleArchived, OutlineChanged
from stepwell.courses.models import Course, Lesson, Module
from stepwell.courses.signals import counted_lessons_changed, course_opened

Arrangement = Sequence[tuple[Module, Sequence[Lesson]]]


def touch_outline(course: Course) -> None:
    """Begin a change of the outline: raise its version, and make others who change it wait.

    Call it first in the transaction: the updated row is the lock, on both databases.
    """
    now = clock.now()
    # Named as a large number: PostgreSQL would be sent the lower half of it otherwise.
    stamp = Value(int(now.timestamp() * 1_000_000), BigIntegerField())
    Course.objects.filter(pk=course.pk).update(
        outline_version=Greatest(F("outline_version") + 1, stamp),
        updated_at=now,
    )
    course.refresh_from_db(fields=["outline_version", "updated_at"])


def hold_outline(course: Course) -> None:
    """Make others who change the course wait, for a change that its outline doesn't show.

    Like `touch_outline`, but all that is kept under the outline's version goes on to hold.
    """
    Course.objects.filter(pk=course.pk).update(updated_at=clock.now())


def has_counted_lessons(course: Course) -> bool:
    """Tell whether any lesson of the course counts. One query."""
    return Lesson.objects.counted().filter(course=course).exists()


def announce_counted_lessons(course: Course) -> None:
    """Send `counted_lessons_changed` after the commit."""
    send = partial(counted_lessons_changed.send_robust, sender=Course, course=course)
    transaction.on_commit(send)


def announce_opening(course: Course) -> None:
    """Tell after commit that learners may enter the course, which they could not before."""
    transaction.on_commit(partial(course_opened.send_robust, sender=Course, course=course))


def next_position(siblings: models.QuerySet[Any]) -> int:
    """Return the position behind the last of `siblings`, counted from 1."""
    last: int | None = siblings.filter(archived_at=None).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def refresh_place(row: Module | Lesson) -> None:
    """Read where a module or lesson is now; somebody may have moved or archived it since."""
    names = ["archived_at", "position", *(["module_id"] if isinstance(row, Lesson) else [])]
    [values] = type(row)._default_manager.filter(pk=row.pk).values(*names)
    for name, value in values.items():
        setattr(row, name, value)


def take_out(row: Module | Lesson, siblings: models.QuerySet[Any]) -> None:
    """Archive a module or lesson: it loses its position, and those behind it move up by one.

    Its moment is that of `touch_outline`, so that no outline is older than what was archived in it.
    """
    place, row.position, row.archived_at = row.position, None, row.course.updated_at
    row.save(update_fields=["archived_at", "position"])
    active = siblings.filter(archived_at=None)
    # In two steps, as the unique constraint is checked row by row.
    if active.filter(position__gt=place).update(position=-F("position")):
        active.filter(position__lt=0).update(position=-F("position") - 1)


def require_active(module: Module) -> None:
    """Raise `ModuleArchived` if the module was archived, even by a concurrent request."""
    if Module.objects.filter(pk=module.pk).exclude(archived_at=None).exists():
        raise ModuleArchived(title=module.title)


def arrange_outline(*, course: Course, arrangement: Arrangement) -> Course:
    """Put modules and lessons into the given order, lessons moving between modules as given.

    Positions come out dense, from 1; a second call changes nothing but the outline's version.

    Raises `OutlineChanged` unless the arrangement names each active module and lesson just once.
    """
    modules = [module.pk for module, _lessons in arrangement]
    homes = {lesson.pk: module.pk for module, lessons in arrangement for lesson in lessons}
    lessons = [lesson.pk for _module, lessons in arrangement for lesson in lessons]
    with transaction.atomic():
        touch_outline(course)
        active = Lesson.objects.active().filter(course=course)
        known_modules = course.modules.filter(archived_at=None)
        if sorted(modules) != sorted(known_modules.values_list("pk", flat=True)) or sorted(
            lessons
        ) != sorted(active.values_list("pk", flat=True)):
            raise OutlineChanged
        places = {
            lesson.pk: place
            for _module, lessons in arrangement
            for place, lesson in enumerate(lessons, 1)
        }
        _renumber(known_modules, {pk: place for place, pk in enumerate(modules, 1)})
        _renumber(Lesson.objects.filter(pk__in=lessons), places, module_id=homes)
    return course


def move_module(*, module: Module, before: Module | None = None) -> Module:
    """Put a module in front of another one of its course, or last; a second call changes nothing.

    Raises `OutlineChanged` when one of them is no longer in the outline.
    """
    course = module.course
    with transaction.atomic():
        touch_outline(course)
        siblings = course.modules.filter(archived_at=None)
        order = _with_moved(list(siblings.order_by("position")), module, before)
        _renumber(siblings, {row.pk: place for place, row in enumerate(order, 1)})
    module.refresh_from_db(fields=["position"])
    return module


def move_lesson(*, lesson: Lesson, module: Module, before: Lesson | None = None) -> Lesson:
    """Put a lesson in front of another one of the module, or last; a second call changes nothing.

    The module may be another one of the same course. Whoever moves something at the same time
    waits, and both moves hold.

    Raises `OutlineChanged` when one of them is no longer in the outline.
    """
    course = lesson.course
    with transaction.atomic():
        touch_outline(course)
        active = Lesson.objects.active().filter(course=course)
        here = active.filter(pk=lesson.pk).first()
        if here is None or not course.modules.filter(pk=module.pk, archived_at=None).exists():
            raise OutlineChanged
        siblings = list(active.filter(module=module).order_by("position"))
        order = _with_moved([*siblings, here], here, before)
        left = active.filter(module=here.module_id).exclude(pk=here.pk).order_by("position")
        others = [] if here.module_id == module.pk else list(left)
        places = {row.pk: place for place, row in enumerate(order, 1)}
        places |= {row.pk: place for place, row in enumerate(others, 1)}
        homes = {row.pk: module.pk for row in order} | {row.pk: here.module_id for row in others}
        _renumber(Lesson.objects.filter(pk__in=places), places, module_id=homes)
    lesson.refresh_from_db(fields=["position", "module"])
    return lesson


def _with_moved(rows: Sequence[Any], moved: Any, before: Any) -> list[Any]:
    """Return the rows with one of them in front of another, or last."""
    order = [row for row in rows if row != moved]
    if moved not in rows or (before is not None and before not in order):
        raise OutlineChanged
    order.insert(order.index(before) if before is not None else len(order), moved)
    return order


def _renumber(
    rows: models.QuerySet[Any], places: dict[int, int], **columns: dict[int, int]
) -> None:
    """Write positions in two steps: the unique constraint is checked row by row."""
    if not places:
        return
    rows.update(position=-F("pk"))
    rows.update(
        position=_by_row(places), **{name: _by_row(values) for name, values in columns.items()}
    )


def _by_row(values: dict[int, int]) -> Case:
    whens = [When(pk=pk, then=Value(value)) for pk, value in values.items()]
    return Case(*whens, output_field=IntegerField())
