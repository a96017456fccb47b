"""Verbs on the sub-pages of lessons."""

from typing import Any

from django.db import transaction

from stepwell.core.keys import new_key
from stepwell.core.slugs import free_slug
from stepwell.courses.actions.outline import touch_outline
from stepwell.courses.models import Lesson, Page
from stepwell.courses.rendering import Render, html_for_course


def create_page(
    *,
    lesson: Lesson,
    title: str,
    slug: str = "",
    body: str = "",
    position: int = 0,
    key: str = "",
    source_path: str = "",
    render: Render = html_for_course,
) -> Page:
    """Add a sub-page to a lesson; a taken or empty slug is replaced by a free one."""
    page = Page(
        key=key or new_key(),
        lesson=lesson,
        title=title,
        body=body,
        html=render(lesson.course, body),
        position=position,
        source_path=source_path,
    )
    with transaction.atomic():
        touch_outline(lesson.course)
        page.slug = free_slug(
            slug or title,
            is_taken=lambda slug: lesson.pages.filter(slug=slug).exists(),
            fallback="page",
        )
        page.save(force_insert=True)
    return page


def update_page(*, page: Page, render: Render = html_for_course, **changes: Any) -> Page:
    """Set fields of a sub-page (lesson, title, slug, body, position, source_path).

    Unchanged values write nothing.
    """
    changed = {name: value for name, value in changes.items() if getattr(page, name) != value}
    if not changed:
        return page
    for name, value in changed.items():
        setattr(page, name, value)
    if "body" in changed:
        changed["html"] = page.html = render(page.lesson.course, page.body)
    with transaction.atomic():
        touch_outline(page.lesson.course)
        page.save(update_fields=list(changed))
    return page


def remove_page(*, page: Page) -> None:
    """Remove a sub-page; no fact about a learner hangs on it. A second call changes nothing."""
    rows = Page.objects.filter(pk=page.pk)
    if rows.exists():
        with transaction.atomic():
            touch_outline(page.lesson.course)
            rows.delete()
