"""Brings a folder into the site: a new course, or an earlier one updated in place."""

from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from stepwell.accounts.models import User
from stepwell.courses.actions import publish_course, set_instructors
from stepwell.courses.models import Course
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.folder import MIB, Limits, SourceFolder
from stepwell.transfer.identity import NewKeys, identify
from stepwell.transfer.preparing import Preparation, Progress
from stepwell.transfer.readers import read_course
from stepwell.transfer.remarks import remarks_on
from stepwell.transfer.report import Change, ChangeKind, Counts, ImportReport, Noun
from stepwell.transfer.update import Update

MARKDOWN = (".md", ".mdx", ".Rmd")
IMPORT_LOCK = 7_203_114_955_021_830_113  # any number that nothing else locks


def import_course(
    folder: Path,
    *,
    publish: bool = False,
    dry_run: bool = False,
    instructor: User | None = None,
    origin: str = "",
    progress: Progress | None = None,
    person: User | None = None,
) -> ImportReport:
    """Create the course in `folder` as a draft, or update the one that came from it before.

    What is gone from the folder is archived, what comes back is restored, and all progress stays.
    Importing the same again changes nothing. `publish` publishes the course and all lessons that
    are not marked as drafts; `dry_run` reports the same and changes nothing; `origin` names where
    the folder comes from, if not its own name. A `person` updates courses that they teach only: a
    folder that merely resembles one of somebody else becomes a course of its own.

    Raises `UnknownLayout`, `UnreadableSource`, `KeyElsewhere` and `NotYourCourse`, leaving
    everything as it was.
    """
    limits = Limits(
        attachment_bytes=settings.SITE.max_attachment_mb * MIB,
        video_bytes=settings.SITE.max_video_mb * MIB,
    )
    told = _Halves(progress or (lambda _done, _total: None))
    source = SourceFolder(folder, limits, told.read_one)
    told.texts = sum(path.endswith(MARKDOWN) for path in source.files)
    # Words such as "Exercise" become part of the text: whoever imports, they are the same.
    with translation.override(settings.LANGUAGE_CODE):
        document = read_course(source)
    origin, keys = origin or source.root.name, NewKeys()
    with Preparation(document, source, copies_files=not dry_run) as ahead:
        ahead.prepare(identify(document, origin, keys, person), told.prepared)
        with transaction.atomic():
            _wait_for_other_imports()
            update = Update(
                document,
                identify(
                    document, origin, keys, person
                ),  # anew, as somebody may have changed it since
                ahead,
                origin=origin,
                publish=publish,
                saves_files=not dry_run,
            )
            course = update.run()
            changes = list(update.changes)
            if instructor is not None:
                _add_instructor(course, instructor)
            if publish and not course.is_published:
                publish_course(course=course)
                change = Change(ChangeKind.PUBLISHED, Noun.COURSE, course.title, document.path)
                changes.append(change)
            remarks = tuple(remarks_on(update, person))
            if dry_run:
                transaction.set_rollback(True)
    return ImportReport(
        course=course,
        changes=tuple(changes),
        findings=document.findings,
        counts=count(document),
        is_dry_run=dry_run,
        remarks=remarks,
    )


class _Halves:
    """Tells of an import's progress: reading is the first half of it, preparing the second."""

    WHOLE = 1000

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.texts = 0
        self.read = 0

    def read_one(self) -> None:
        self.read += 1
        done = self.WHOLE * min(self.read, self.texts) // (2 * self.texts or 1)
        self.progress(done, self.WHOLE)

    def prepared(self, done: int, total: int) -> None:
        self.progress(self.WHOLE * (total + done) // (2 * total or 1), self.WHOLE)


def count(document: CourseDocument) -> Counts:
    """Return how much a document holds."""
    return Counts(
        modules=len(document.modules),
        lessons=len(document.lessons),
        pages=sum(len(lesson.pages) for lesson in document.lessons),
        attachments=len(document.files),
    )


def _add_instructor(course: Course, instructor: User) -> None:
    known = list(course.instructors.all())
    if instructor not in known:
        set_instructors(course=course, instructors=[*known, instructor])


def _wait_for_other_imports() -> None:
    """Let only one import look for its course at a time, so that two never both create it.

    On SQLite the transaction itself is that lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
