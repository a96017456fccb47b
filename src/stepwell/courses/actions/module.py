"""Verbs on modules."""

from typing import Any

from django.db import transaction

from stepwell.core.keys import new_key
from stepwell.courses.actions.outline import (
    announce_counted_lessons,
    has_counted_lessons,
    next_position,
    refresh_place,
    take_out,
    touch_outline,
)
from stepwell.courses.actions.values import require_fitting
from stepwell.courses.models import Course, Module


def create_module(
    *, course: Course, title: str, summary: str = "", key: str = "", source_path: str = ""
) -> Module:
    """Add a module at the end of the course. Raises `BadValue`."""
    require_fitting(Module, {"title": title, "summary": summary})
    with transaction.atomic():
        touch_outline(course)
        return Module.objects.create(
            key=key or new_key(),
            course=course,
            title=title,
            summary=summary,
            source_path=source_path,
            position=next_position(course.modules.all()),
        )


def update_module(*, module: Module, **changes: Any) -> Module:
    """Set fields of a module (title, summary, source_path); unchanged values write nothing.

    Raises `BadValue`.
    """
    changed = {name: value for name, value in changes.items() if getattr(module, name) != value}
    require_fitting(Module, changed)
    if changed:
        for name, value in changed.items():
            setattr(module, name, value)
        with transaction.atomic():
            touch_outline(module.course)
            module.save(update_fields=list(changed))
    return module


def archive_module(*, module: Module) -> Module:
    """Take a module and its lessons out of the outline, keeping every completion.

    The lessons keep their order within it. A second call changes nothing.
    """
    if module.archived_at is None:
        with transaction.atomic():
            touch_outline(module.course)
            refresh_place(module)
            if module.archived_at is None:
                take_out(module, module.course.modules.all())
                announce_counted_lessons(module.course)
    return module


def restore_module(*, module: Module) -> Module:
    """Bring an archived module and its lessons back at the end; a second call changes nothing."""
    if module.archived_at is not None:
        with transaction.atomic():
            touch_outline(module.course)
            refresh_place(module)
            if module.archived_at is not None:
                was_empty = not has_counted_lessons(module.course)
                module.position = next_position(module.course.modules.all())
                module.archived_at = None
                module.save(update_fields=["archived_at", "position"])
                if was_empty:
                    announce_counted_lessons(module.course)
    return module
