"""Applies a course document to the database, through the actions that people use."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from stepwell.core.slugs import free_slug
from stepwell.courses.actions import (
    NewLesson,
    archive_lesson,
    archive_module,
    arrange_outline,
    create_course,
    create_lessons,
    create_module,
    is_course_address_taken,
    publish_lesson,
    restore_course,
    restore_lesson,
    restore_module,
    unpublish_lesson,
    update_course,
    update_lesson,
    update_module,
)
from stepwell.courses.models import Course, Lesson, Module, Status
from stepwell.transfer.changes import Changes
from stepwell.transfer.documents import CourseDocument, LessonDocument, ModuleDocument
from stepwell.transfer.identity import Identity
from stepwell.transfer.layout import COURSE
from stepwell.transfer.preparing import Preparation, links_of
from stepwell.transfer.report import ChangeKind, Noun
from stepwell.transfer.slugs import claim_slugs
from stepwell.transfer.update_parts import update_attachments, update_pages

# What only our own layout says of a lesson, so that its absence there means that it is gone.
OWN_FIELDS = ("minutes", "video", "captions", "poster")


class Update:
    """One import's way through a course: course, modules, lessons, pages, files, then the order."""

    def __init__(
        self,
        document: CourseDocument,
        identity: Identity,
        ahead: Preparation,
        *,
        source: str,
        publish: bool,
        saves_files: bool,
    ) -> None:
        self.document = document
        self.identity = identity
        self.ahead = ahead
        self.store = ahead.storing(links_of(document, identity))
        self.source = source
        self.publish = publish
        self.saves_files = saves_files
        self.changes = Changes()
        self.is_own_layout = document.path == COURSE

    def run(self) -> Course:
        """Make the course what the document says; return it."""
        self.course = self._course()
        self.modules = {each.path: self._module(each) for each in self.document.modules}
        self.lessons: dict[str, Lesson] = {}
        for each in self.document.modules:
            self._lessons(each.lessons, self.modules[each.path])
        self._claim_lesson_slugs()
        update_pages(self)
        kept = self._archive_lessons()
        update_attachments(self, kept)
        self._arrange(kept)
        self._archive_modules(kept)
        self.course.refresh_from_db()
        return self.course

    def _course(self) -> Course:
        document, course = self.document, self.identity.course
        values: dict[str, Any] = {
            "title": document.title,
            "summary": document.summary,
            "description": self.store(document.description),
            "language": document.language,
        }
        if self.is_own_layout:
            values |= {"outcomes": list(document.outcomes), "minutes": document.minutes}
        else:
            values = {name: value for name, value in values.items() if value}
        if course is None:
            course = create_course(
                **values,
                slug=document.slug,
                key=self.identity.course_key,
                source=self.source[:200],
                render=self.ahead.html,
            )
            self.changes.add(ChangeKind.CREATED, Noun.COURSE, document)
        else:
            was_archived = course.archived_at is not None
            restore_course(course=course)
            values["source"] = course.source or self.source[:200]
            is_changed = differs(course, values)
            update_course(course=course, render=self.ahead.html, **values)
            self.changes.note(Noun.COURSE, document, is_changed, was_archived)
        slug = self._course_address(course) if document.slug else course.slug
        if slug != course.slug:
            update_course(course=course, slug=slug)
            self.changes.mark_updated(document)
        return course

    def _course_address(self, course: Course) -> str:
        """Return the address that the document asks for, or the next free one."""
        is_taken = partial(is_course_address_taken, by_others_than=course)
        wish = self.document.slug
        if not is_taken(wish):
            return wish
        return free_slug(wish, is_taken=is_taken, fallback=course.key)

    def _module(self, document: ModuleDocument) -> Module:
        module = self.identity.modules.rows.get(document.path)
        values = {"title": document.title}
        if document.summary or self.is_own_layout:
            values["summary"] = document.summary
        if module is None:
            self.changes.add(ChangeKind.CREATED, Noun.MODULE, document)
            key = self.identity.modules.keys[document.path]
            return create_module(course=self.course, key=key, source_path=document.path, **values)
        was_archived = module.archived_at is not None
        restore_module(module=module)
        values["source_path"] = self.source_path(module.source_path, document.path)
        is_changed = differs(module, values)
        update_module(module=module, **values)
        self.changes.note(Noun.MODULE, document, is_changed, was_archived)
        return module

    def _lessons(self, documents: Iterable[LessonDocument], module: Module) -> None:
        """Create and change a module's lessons; new ones are written at once, as it is quicker."""
        new: list[NewLesson] = []
        for document in documents:
            values: dict[str, Any] = {"title": document.title, "body": self.store(document.body)}
            if self.is_own_layout:
                values |= {name: getattr(document, name) for name in OWN_FIELDS}
            elif document.minutes:
                values["minutes"] = document.minutes
            row = self.identity.lessons.rows.get(document.path)
            if row is None:
                new.append(self._new_lesson(document, values))
            else:
                self.lessons[document.path] = row
                self._lesson(row, document, module, values)
        if new:
            for row in create_lessons(module=module, lessons=new, render=self.ahead.html):
                self.lessons[row.source_path] = row

    def _new_lesson(self, document: LessonDocument, values: dict[str, Any]) -> NewLesson:
        self.changes.add(ChangeKind.CREATED, Noun.LESSON, document)
        return NewLesson(
            key=self.identity.lessons.keys[document.path],
            slug=document.slug,
            source_path=document.path,
            status=self._wanted_status(document) or Status.DRAFT,
            **values,
        )

    def _lesson(
        self, lesson: Lesson, document: LessonDocument, module: Module, values: dict[str, Any]
    ) -> None:
        was_archived = self._restore(lesson, module)
        values["source_path"] = self.source_path(lesson.source_path, document.path)
        is_changed = differs(lesson, values)
        update_lesson(lesson=lesson, render=self.ahead.html, **values)
        is_changed |= self._set_status(lesson, document)
        self.changes.note(Noun.LESSON, document, is_changed, was_archived)

    def _restore(self, lesson: Lesson, module: Module) -> bool:
        """Make an archived lesson, or one in an archived module, active; say whether it was."""
        in_archive = lesson.module_id not in {row.pk for row in self.modules.values()} and (
            lesson.module.archived_at is not None
        )
        if lesson.archived_at is None and not in_archive:
            return False
        archive_lesson(lesson=lesson)
        restore_lesson(lesson=lesson, module=module)
        return True

    def _set_status(self, lesson: Lesson, document: LessonDocument) -> bool:
        """Publish or hide the lesson where the document or the import says so."""
        before, wanted = lesson.status, self._wanted_status(document)
        if wanted == Status.DRAFT:
            unpublish_lesson(lesson=lesson)
        elif wanted == Status.PUBLISHED:
            publish_lesson(lesson=lesson)
        return lesson.status != before

    def _wanted_status(self, document: LessonDocument) -> Status | None:
        if document.status == Status.DRAFT:
            return Status.DRAFT
        if document.status == Status.PUBLISHED or self.publish:
            return Status.PUBLISHED
        return None

    def _claim_lesson_slugs(self) -> None:
        paths = {lesson.pk: path for path, lesson in self.lessons.items()}
        # An archived lesson gives its address to a new one, also while both are imported.
        slugs = dict(self.course.lessons.values_list("pk", "slug"))
        for lesson in self.lessons.values():
            lesson.slug = slugs[lesson.pk]
        wishes = [(self.lessons[each.path], each.slug) for each in self.document.lessons]
        changed = claim_slugs(
            wishes,
            {slugs[lesson.pk] for lesson in self.identity.lessons.others if lesson.is_active},
            lambda row, slug: update_lesson(lesson=row, slug=slug),
        )
        documents = {each.path: each for each in self.document.lessons}
        for lesson in changed:
            self.changes.mark_updated(documents[paths[lesson.pk]])

    def _archive_lessons(self) -> list[Lesson]:
        """Archive the lessons that left the source; return those that were made on the site."""
        kept: list[Lesson] = []
        modules = {module.pk for module in self.modules.values()}  # archived ones are back
        for lesson in self.identity.lessons.others:
            is_away = lesson.module.archived_at is not None and lesson.module_id not in modules
            if lesson.archived_at is not None or is_away:
                continue
            if lesson.source_path:
                archive_lesson(lesson=lesson)
                self.changes.add_row(ChangeKind.ARCHIVED, Noun.LESSON, lesson)
            else:
                kept.append(lesson)
        return kept

    def _archive_modules(self, kept: Iterable[Lesson]) -> None:
        """Archive the modules that left the source, unless a lesson made on the site needs them."""
        needed = {lesson.module_id for lesson in kept}
        for module in self.identity.modules.others:
            if module.archived_at is None and module.source_path and module.pk not in needed:
                archive_module(module=module)
                self.changes.add_row(ChangeKind.ARCHIVED, Noun.MODULE, module)

    def _arrange(self, kept: Iterable[Lesson]) -> None:
        """Put all in the document's order; what was made on the site follows at the ends."""
        order: dict[int, tuple[Module, list[Lesson]]] = {
            row.pk: (row, []) for row in self.modules.values()
        }
        for module in self.identity.modules.others:
            if module.archived_at is None:
                order[module.pk] = (module, [])
        for each in self.document.modules:
            lessons = [self.lessons[lesson.path] for lesson in each.lessons]
            order[self.modules[each.path].pk][1].extend(lessons)
        for lesson in kept:
            order[lesson.module_id][1].append(lesson)
        wanted = {pk: [lesson.pk for lesson in lessons] for pk, (_row, lessons) in order.items()}
        now = self._order_now()
        if list(wanted.items()) == list(now.items()):
            return
        self.changes.mark_moved(self.document, self.modules, self.lessons, now, wanted)
        arrange_outline(course=self.course, arrangement=list(order.values()))

    def _order_now(self) -> dict[int, list[int]]:
        modules = self.course.modules.filter(archived_at=None).order_by("position")
        order: dict[int, list[int]] = {pk: [] for pk in modules.values_list("pk", flat=True)}
        lessons = Lesson.objects.active().filter(course=self.course).in_outline_order()
        for module, lesson in lessons.values_list("module_id", "pk"):
            order[module].append(lesson)
        return order

    def source_path(self, known: str, path: str) -> str:
        """Return the path to remember: an export read back doesn't hide where a course is from."""
        return known if known and self.document.key else path


def differs(row: object, values: dict[str, Any]) -> bool:
    """Say whether any of the values is new to the row."""
    return any(getattr(row, name) != value for name, value in values.items())
