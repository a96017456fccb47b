"""What an import does before its transaction, so that nobody waits for it: texts and files."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from stepwell.core.markdown.cost import TextTooLarge
from stepwell.core.markdown.links import Body
from stepwell.courses.actions import StoredFile, remove_stray_files, store_file
from stepwell.courses.models import Attachment, Course
from stepwell.courses.rendering import render_for_course, size_in, size_of
from stepwell.transfer.documents import CourseDocument, FileDocument
from stepwell.transfer.errors import UnreadableSource
from stepwell.transfer.folder import ASSETS, MIB, SourceFolder
from stepwell.transfer.identity import Identity
from stepwell.transfer.links import SCHEME
from stepwell.transfer.spool import Spool
from stepwell.transfer.stored_links import StoredLinks, attachments_in

if TYPE_CHECKING:
    from stepwell.core.pictures import Size

Progress = Callable[[int, int], None]


class Preparation:
    """Rendered texts and copied files, for the course as it was found a moment ago.

    Nothing is right because of it: what the database turns out to need besides is made when it is
    asked for. As a context it ends with the removal of the files that no attachment names, because
    the import failed or another one was quicker.
    """

    def __init__(
        self, document: CourseDocument, source: SourceFolder, *, copies_files: bool
    ) -> None:
        self._document = document
        self._source = source
        self._copies_files = copies_files
        self._links = StoredLinks({}, {}, {})
        self._stored: dict[str, str] = {}
        self._html = Spool()
        self._files: dict[str, StoredFile] = {}
        self._pictures: dict[str, Attachment] = {}
        self._sizes: dict[str, Size | None] = {}
        self._leaving: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._html.close()
        remove_stray_files(self._files.values())

    def prepare(self, identity: Identity, progress: Progress) -> None:
        """Copy and render what differs from the rows that were found; tell `progress` of each."""
        self._links = links_of(self._document, identity)
        known = identity.course
        language = self._document.language or (known.language if known else "")
        course = Course(key=identity.course_key, language=language)
        files, lessons = self._document.files, self._document.lessons
        total = len(files) + len(lessons)
        for done in self._copies(course, known):  # before the texts, which tell pictures' sizes
            progress(done, total)
        about = known.description if known else None
        self._text(course, self._document.path, self._document.description, about)
        for done, lesson in enumerate(lessons, len(files) + 1):
            row = identity.lessons.rows.get(lesson.path)
            self._text(course, lesson.path, lesson.body, row.body if row else None)
            for page in lesson.pages:
                row_of_page = identity.pages.rows.get(page.path)
                self._text(course, page.path, page.body, row_of_page.body if row_of_page else None)
            progress(done, total)
        # Texts made on the site stay, but may show a picture that changes.
        bodies = [row.body for row in identity.lessons.others]
        bodies += [row.body for row in identity.pages.others]
        for body in bodies if self._files else ():
            self._text(course, "", body, body)

    def storing(self, links: StoredLinks) -> Callable[[str], str]:
        """Return what turns a document's body into the one that is stored with these links."""

        def store(body: str) -> str:
            stored = self._stored.get(body) if links == self._links else None
            return links.store(Body(body)).source if stored is None else stored

        return store

    def html(self, course: Course, source: str) -> str:
        """Return the HTML of a text of the course."""
        html = self._html.get((course.key, course.language, source))
        return self._render(course, source) if html is None else html

    def file(self, course: Course, file: FileDocument) -> StoredFile:
        """Return a file of the document as one of the course's."""
        stored = self._files.get(file.name)
        if stored is None or stored.course_key != course.key:
            stored = self._files[file.name] = self._copy(course, file)
        return stored

    def _copies(self, course: Course, known: Course | None) -> Iterator[int]:
        """Copy new and changed files, counting all; note where each picture can be measured."""
        rows = {row.name: row for row in known.attachments.all()} if known else {}
        for done, file in enumerate(self._document.files, 1):
            row = rows.pop(file.name, None)
            if row is not None and row.sha256 == file.sha256:
                self._pictures[file.name] = row
            elif self._copies_files:
                stored = self._files[file.name] = self._copy(course, file)
                self._pictures[file.name] = Attachment(name=file.name, file=stored.place)
            yield done
        self._leaving = set(rows)

    def _text(self, course: Course, path: str, source: str, known: str | None) -> None:
        try:
            self._make(course, path, source, known)
        except TextTooLarge as error:
            if path:  # what is stored already stays as it is
                raise UnreadableSource(path, str(error)) from error

    def _make(self, course: Course, path: str, source: str, known: str | None) -> None:
        body: Body | None = None
        may_show_new = bool(self._files) and f"{ASSETS}/" in source
        if SCHEME in source or source != known or may_show_new:
            parsed = self._document.parsed.get(path)
            # A README may be the front page's introduction and a whole page besides.
            fits = parsed is not None and parsed.source == source
            body = self._links.store(parsed if parsed and fits else Body(source))
        self._stored[source] = body.source if body else source
        if body is not None and self._needs_rendering(body, known):
            self._html.keep((course.key, course.language, body.source), self._render(course, body))

    def _needs_rendering(self, body: Body, known: str | None) -> bool:
        shown = attachments_in(body)
        if not shown.isdisjoint(self._leaving):
            return False  # these files may change until then, or go
        return body.source != known or not shown.isdisjoint(self._files)

    def _render(self, course: Course, source: str | Body) -> str:
        return render_for_course(course, source, measure=partial(self._size, course)).html

    def _size(self, course: Course, name: str) -> "Size | None":
        """Return a picture's size, read from a copy whose hash is the document's."""
        if name not in self._pictures:
            return size_in(course, name)
        if name not in self._sizes:
            self._sizes[name] = size_of(self._pictures[name])
        return self._sizes[name]

    def _copy(self, course: Course, file: FileDocument) -> StoredFile:
        with self._source.open(file.path) as stream:
            content = _Hashed(stream)
            stored = store_file(
                course=course,
                name=file.name,
                content=content,
                sha256=file.sha256,
                limit_mb=settings.SITE.max_video_mb,  # its size was looked at when it was opened
            )
        if content.digest.hexdigest() != file.sha256:
            remove_stray_files([stored])
            raise UnreadableSource(file.path, _("The file changed while it was read."))
        return stored


class _Hashed(File):  # type: ignore[type-arg]  # generic for type checkers only
    """A file that is hashed while it is copied."""

    DEFAULT_CHUNK_SIZE = MIB

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            yield chunk


def links_of(document: CourseDocument, identity: Identity) -> StoredLinks:
    """Return where the links of a document lead to in its course."""
    return StoredLinks(
        identity.lessons.keys,
        identity.pages.keys,
        {file.path: file.name for file in document.files},
    )
