"""The part of an import that concerns what hangs on lessons and course: pages and attachments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stepwell.core.markdown.links import Body
from stepwell.courses.actions import (
    attach_file,
    create_page,
    remove_attachment,
    remove_page,
    show_anew,
    update_page,
)
from stepwell.courses.models import Lesson, Page
from stepwell.transfer.documents import LessonDocument, PageDocument
from stepwell.transfer.report import ChangeKind, Noun
from stepwell.transfer.slugs import claim_slugs
from stepwell.transfer.stored_links import attachments_in

if TYPE_CHECKING:
    from stepwell.transfer.update import Update


def update_pages(update: Update) -> None:
    """Create, change, move and remove the sub-pages; archived lessons keep theirs."""
    present = {lesson.pk for lesson in update.lessons.values()}
    for row in update.identity.pages.others:
        if row.source_path and row.lesson_id in present:
            remove_page(page=row)
            update.changes.add_row(ChangeKind.REMOVED, Noun.PAGE, row)
    for document in update.document.lessons:
        if not document.pages:
            continue
        lesson = update.lessons[document.path]
        _make_room(update, document, lesson)
        wishes = [
            (_page(update, page, lesson, position), page.slug)
            for position, page in enumerate(document.pages, 1)
        ]
        documents = {row.pk: page for (row, _), page in zip(wishes, document.pages, strict=True)}
        own = [row.pk for row, _slug in wishes]
        taken = lesson.pages.exclude(pk__in=own).values_list("slug", flat=True)
        for row in claim_slugs(
            wishes, set(taken), lambda row, slug: update_page(page=row, slug=slug)
        ):
            update.changes.mark_updated(documents[row.pk])


def _make_room(update: Update, document: LessonDocument, lesson: Lesson) -> None:
    """Let pages that come from other lessons in without meeting a page of the same address."""
    for page in document.pages:
        row = update.identity.pages.rows.get(page.path)
        is_new_here = row is not None and row.lesson_id != lesson.pk
        if row is not None and is_new_here and lesson.pages.filter(slug=row.slug).exists():
            update_page(page=row, slug=row.key)


def _page(update: Update, document: PageDocument, lesson: Lesson, position: int) -> Page:
    row = update.identity.pages.rows.get(document.path)
    body = update.store(document.body)
    if row is None:
        update.changes.add(ChangeKind.CREATED, Noun.PAGE, document)
        return create_page(
            lesson=lesson,
            title=document.title,
            slug=document.slug,
            body=body,
            position=position,
            key=update.identity.pages.keys[document.path],
            source_path=document.path,
            render=update.ahead.html,
        )
    path = update.source_path(row.source_path, document.path)
    is_changed = (row.title, row.body, row.source_path) != (document.title, body, path)
    is_moved = (row.lesson_id, row.position) != (lesson.pk, position)
    update_page(
        page=row,
        lesson=lesson,
        title=document.title,
        body=body,
        position=position,
        source_path=path,
        render=update.ahead.html,
    )
    update.changes.note(Noun.PAGE, document, is_changed, was_archived=False, is_moved=is_moved)
    return row


def update_attachments(update: Update, kept: Iterable[Lesson]) -> None:
    """Add, replace and remove files; those that texts made on the site show are not removed."""
    known = {row.name: row for row in update.course.attachments.all()}
    changed: set[str] = set()
    for file in update.document.files:
        row = known.pop(file.name, None)
        if row is not None and row.sha256 == file.sha256:
            update.changes.add(ChangeKind.UNCHANGED, Noun.ATTACHMENT, file)
            continue
        kind = ChangeKind.UPDATED if row else ChangeKind.CREATED
        update.changes.add(kind, Noun.ATTACHMENT, file)
        if update.saves_files:
            stored = update.ahead.file(update.course, file)
            attach_file(course=update.course, name=file.name, file=stored)
            changed.add(file.name)
    if changed and update.identity.course:  # all texts of a new course are as new
        show_anew(course=update.course, names=changed, render=update.ahead.html)
    needed = _names_in(kept) if known else set()
    for name, row in known.items():
        if name not in needed:
            remove_attachment(attachment=row)
            update.changes.add_row(ChangeKind.REMOVED, Noun.ATTACHMENT, row)


def _names_in(lessons: Iterable[Lesson]) -> set[str]:
    pages = Page.objects.filter(lesson__in=[lesson.pk for lesson in lessons])
    bodies = [lesson.body for lesson in lessons] + list(pages.values_list("body", flat=True))
    return {name for body in bodies for name in attachments_in(Body(body, is_limited=False))}
