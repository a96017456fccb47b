"""Brings a folder into the site: a new course, or an earlier one updated in place."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from stepwell.accounts.models import User
from stepwell.courses.access import Actor
from stepwell.courses.actions import publish_course, set_instructors
from stepwell.transfer.choices import NO_CHOICE, Choice
from stepwell.transfer.consequences import consequences_of, questions_about
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.errors import CourseChanged, ImportStopped, NoSuchLesson
from stepwell.transfer.folder import MIB, Limits, SourceFolder
from stepwell.transfer.identity import Identity, NewKeys, identify
from stepwell.transfer.origins import origin_of, remember_origin
from stepwell.transfer.preparing import Preparation, Progress
from stepwell.transfer.questions import Question
from stepwell.transfer.readers import read_course
from stepwell.transfer.remarks import remarks_on, remarks_on_empty
from stepwell.transfer.report import Change, ChangeKind, Counts, ImportReport, Noun
from stepwell.transfer.target import Source, find_target
from stepwell.transfer.update import Update

MARKDOWN = (".md", ".mdx", ".Rmd")
IMPORT_LOCK = 7_203_114_955_021_830_113  # any number that nothing else locks


def import_course(
    folder: Path,
    *,
    actor: Actor,
    publish: bool = False,
    dry_run: bool = False,
    instructor: User | None = None,
    zip_name: str = "",
    progress: Progress | None = None,
    choice: Choice = NO_CHOICE,
    planned: str | None = None,
) -> ImportReport:
    """Create the course in `folder` as a draft, or update the one that came from it before.

    What is gone from the folder is archived, what comes back is restored, and all progress stays.
    Importing the same again changes nothing. `publish` publishes the course and all lessons that
    are not marked as drafts. `dry_run` reports the same and changes nothing. `instructor` joins
    those who teach the course. A `zip_name` says that the folder was unpacked from that file.
    The `actor` updates only courses that they teach, and teaches a new one; `OPERATOR` updates any.
    `choice` has the actor's answers; `planned` is the fingerprint of the plan that they confirmed.

    Raises `ImportStopped` where a person has to say first what is meant, `CourseChanged` where the
    course is not as planned, `NoSuchLesson`, `UnknownLayout`, `UnreadableSource`, `KeyElsewhere`
    and `NotYourCourse`, leaving everything as it was.
    """
    limits = Limits(
        attachment_bytes=settings.SITE.max_attachment_mb * MIB,
        video_bytes=settings.SITE.max_video_mb * MIB,
    )
    told = _Halves(progress or (lambda _done, _total: None))
    source = SourceFolder(folder, limits, told.read_one)
    told.texts = sum(path.endswith(MARKDOWN) for path in source.files)
    # Words such as "Exercise" become part of the text, so they don't depend on the importer.
    with translation.override(settings.LANGUAGE_CODE):
        document = read_course(source)
    _require_lessons(document, choice)
    origin = "" if zip_name else origin_of(folder)
    came_from, keys = Source(zip_name or source.root.name, origin), NewKeys()

    def find() -> Identity:
        return identify(document, find_target(document, came_from, choice, actor), keys, choice)

    with Preparation(document, source, copies_files=not dry_run) as ahead:
        identity = find()
        if not dry_run:
            _require_answers(questions_about(document, identity, choice))
        ahead.prepare(identity, told.prepared)
        with transaction.atomic():
            _wait_for_other_imports()
            identity = find()  # again, as somebody may have changed it since
            fingerprint = identity.fingerprint()
            if planned is not None and planned != fingerprint:
                raise CourseChanged(title=document.title)
            questions = questions_about(document, identity, choice)
            if not dry_run:
                _require_answers(questions)
            effect = consequences_of(document, identity)  # before there are any
            update = Update(
                document,
                identity,
                ahead,
                source=came_from.name,
                publish=publish,
                saves_files=not dry_run,
            )
            course = update.run()
            changes = list(update.changes)
            remarks = [
                *remarks_on(update, effect, choice, is_plan=dry_run),
                *_add_instructor(update, instructor, actor),
            ]
            if came_from.origin and not document.key:
                remember_origin(course=course, origin=came_from.origin)
            if publish and not course.is_published:
                publish_course(course=course)
                change = Change(ChangeKind.PUBLISHED, Noun.COURSE, course.title, document.path)
                changes.append(change)
            if publish or dry_run:  # a plan may still be published
                remarks += remarks_on_empty(course, with_drafts=not publish)
            if dry_run:
                transaction.set_rollback(True)
    return ImportReport(
        course=course,
        changes=tuple(changes),
        findings=document.findings,
        counts=count(document),
        is_dry_run=dry_run,
        remarks=tuple(remarks),
        questions=questions,
        fingerprint=fingerprint,
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


def _require_lessons(document: CourseDocument, choice: Choice) -> None:
    """Raise `NoSuchLesson` for an answer about a file that is no lesson, such as a typing error."""
    lessons = {lesson.path for lesson in document.lessons}
    for path, _key in sorted(choice.same | choice.other):
        if path not in lessons:
            raise NoSuchLesson(path=path)


def _require_answers(questions: tuple[Question, ...]) -> None:
    if questions:
        raise ImportStopped(questions)


def _add_instructor(update: Update, instructor: User | None, actor: Actor) -> Iterator[str]:
    """Let the instructor teach the course, and the actor a new one; say who joins others."""
    course, is_new = update.course, update.identity.course is None
    author = actor if is_new and isinstance(actor, User) else None
    wanted = instructor or author
    known = list(course.instructors.all())
    if wanted is None or wanted in known:
        return
    set_instructors(course=course, instructors=[*known, wanted])
    if not is_new:
        yield _("%(email)s joins those who teach this course.") % {"email": wanted.email}


def _wait_for_other_imports() -> None:
    """Let only one import look for its course at a time, so that two never both create it.

    On SQLite the transaction itself is that lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
