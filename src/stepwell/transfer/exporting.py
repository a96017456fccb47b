"""Writes a course of the site as a folder of Markdown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stepwell.courses.models import Attachment, Course, Lesson, Module, Page
from stepwell.transfer.documents import (
    CourseDocument,
    FileDocument,
    LessonDocument,
    ModuleDocument,
    PageDocument,
)
from stepwell.transfer.layout import ASSETS, COURSE
from stepwell.transfer.report import Counts, ExportReport
from stepwell.transfer.stored_links import StoredLinks
from stepwell.transfer.writer import write_course

Progress = Callable[[int, int], None]


def export_course(
    course: Course, folder: Path, *, progress: Progress | None = None
) -> ExportReport:
    """Write the course into `folder`, replacing an earlier export of it.

    Importing the folder into an empty site and exporting again gives the same files.

    Raises `FolderTaken` where the folder holds something else and `FolderUnwritable` where it can't
    be made or written.
    """
    attachments = {attachment.name: attachment for attachment in course.attachments.all()}
    document = describe_course(course, list(attachments.values()))

    @contextmanager
    def open_file(file: FileDocument) -> Iterator[IO[bytes]]:
        with attachments[file.name].file.open("rb") as stream:
            yield stream

    write_course(document, folder, open_file=open_file, progress=progress)
    counts = Counts(
        modules=len(document.modules),
        lessons=len(document.lessons),
        pages=sum(len(lesson.pages) for lesson in document.lessons),
        attachments=len(document.files),
    )
    return ExportReport(course, folder, counts)


def describe_course(course: Course, attachments: list[Attachment]) -> CourseDocument:
    """Return the course as a document; archived modules and lessons are no part of it."""
    lessons: dict[int, list[Lesson]] = {}
    active = Lesson.objects.active().filter(course=course).in_outline_order()
    for lesson in active.prefetch_related("pages"):
        lessons.setdefault(lesson.module_id, []).append(lesson)
    every = [lesson for group in lessons.values() for lesson in group]
    links = StoredLinks(
        {f"lesson/{lesson.key}": lesson.key for lesson in every},
        {f"page/{page.key}": page.key for lesson in every for page in lesson.pages.all()},
        {f"{ASSETS}/{file.name}": file.name for file in attachments},
    )
    modules = course.modules.filter(archived_at=None).order_by("position")
    return CourseDocument(
        path=COURSE,
        title=course.title,
        modules=tuple(_module(module, lessons.get(module.pk, []), links) for module in modules),
        files=tuple(
            FileDocument(f"{ASSETS}/{file.name}", file.name, file.size, file.sha256)
            for file in attachments
        ),
        key=course.key,
        slug=course.slug,
        summary=course.summary,
        description=links.unstore(course.description),
        language=course.language,
        outcomes=tuple(course.outcomes),
        minutes=course.minutes,
    )


def _module(module: Module, lessons: list[Lesson], links: StoredLinks) -> ModuleDocument:
    return ModuleDocument(
        path=f"module/{module.key}",
        title=module.title,
        lessons=tuple(_lesson(lesson, links) for lesson in lessons),
        key=module.key,
        summary=module.summary,
    )


def _lesson(lesson: Lesson, links: StoredLinks) -> LessonDocument:
    return LessonDocument(
        path=f"lesson/{lesson.key}",
        title=lesson.title,
        body=links.unstore(lesson.body),
        key=lesson.key,
        slug=lesson.slug,
        minutes=lesson.minutes,
        video=lesson.video,
        captions=lesson.captions,
        poster=lesson.poster,
        status=lesson.status,
        pages=tuple(_page(page, links) for page in lesson.pages.all()),
    )


def _page(page: Page, links: StoredLinks) -> PageDocument:
    return PageDocument(
        path=f"page/{page.key}",
        title=page.title,
        body=links.unstore(page.body),
        key=page.key,
        slug=page.slug,
    )
