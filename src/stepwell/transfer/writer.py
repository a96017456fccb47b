"""Writes a course as a folder in Stepwell's own layout: the same course, the same bytes."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from stepwell.core.markdown.links import Body
from stepwell.transfer.documents import CourseDocument, FileDocument
from stepwell.transfer.errors import FolderTaken, FolderUnwritable, UnreadableSource
from stepwell.transfer.folder import SourceFolder, parts_of
from stepwell.transfer.front_matter import join_front_matter, split_front_matter
from stepwell.transfer.layout import ASSETS, COURSE, MODULE, Places, places_of
from stepwell.transfer.links import SCHEME, LocalLink, read_source_link, relative_link, rewrite

OpenFile = Callable[[FileDocument], AbstractContextManager[IO[bytes]]]
Progress = Callable[[int, int], None]


def write_course(
    course: CourseDocument,
    folder: Path,
    *,
    open_file: OpenFile,
    progress: Progress | None = None,
) -> None:
    """Write the course into `folder`, which is new, empty, or an earlier export of this course.

    Files of the earlier export go; what else lies in the folder stays. Nothing of the old is
    touched before everything new is written.

    Raises `FolderTaken` for a folder that holds something else and `FolderUnwritable` for one that
    can't be made or written.
    """
    _refuse_other_content(course, folder)
    with _staging(folder) as staging:
        new = staging / "new"
        new.mkdir()
        _write_all(course, new, open_file, progress or (lambda _done, _total: None))
        if folder.exists():
            _swap(new, folder, staging / "old")
        else:
            new.rename(folder)


def _refuse_other_content(course: CourseDocument, folder: Path) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise FolderTaken(folder=folder)
    with _writable(folder):
        if not any(folder.iterdir()):
            return
    try:
        text = SourceFolder(folder).text(COURSE)
        key = split_front_matter(text, COURSE).word("key")
    except UnreadableSource as error:
        raise FolderTaken(folder=folder) from error
    if not key or key != course.key:
        raise FolderTaken(folder=folder)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderUnwritable(folder=folder, reason=error.strerror or error) from error


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield a hidden place on the same disk, which is gone afterwards."""
    with _writable(folder):
        place = folder if folder.exists() else folder.parent
        place.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".stepwell-", dir=place))
    try:
        yield staging
    finally:
        shutil.rmtree(staging)


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Put new entries in the place of old ones, or leave all as it was."""
    old.mkdir()
    moves = [(entry, old / entry.name) for entry in sorted(folder.iterdir()) if _is_ours(entry)]
    moves += [(entry, folder / entry.name) for entry in sorted(new.iterdir())]
    done: list[tuple[Path, Path]] = []
    try:
        for origin, target in moves:
            origin.rename(target)
            done.append((origin, target))
    except OSError:
        for origin, target in reversed(done):
            target.rename(origin)
        raise


def _is_ours(entry: Path) -> bool:
    return entry.name in {COURSE, ASSETS} or os.path.lexists(entry / MODULE)


def _write_all(
    course: CourseDocument, folder: Path, open_file: OpenFile, progress: Progress
) -> None:
    places = places_of(course)
    texts = dict(_texts(course, places))
    total = len(texts) + len(course.files)
    for done, (path, text) in enumerate(texts.items(), 1):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        progress(done, total)
    for done, file in enumerate(course.files, len(texts) + 1):
        target = folder.joinpath(*parts_of(places.files[file.path]))
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_file(file) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        progress(done, total)


def _texts(course: CourseDocument, places: Places) -> Iterator[tuple[str, str]]:
    yield (
        COURSE,
        _markdown(
            {
                "key": course.key,
                "title": course.title,
                "slug": course.slug,
                "summary": course.summary,
                "language": course.language,
                "outcomes": list(course.outcomes),
                "minutes": course.minutes,
            },
            relative(course.description, COURSE, places),
        ),
    )
    for module in course.modules:
        fields = {"key": module.key, "title": module.title, "summary": module.summary}
        yield places.modules[module.path], _markdown(fields)
        for lesson in module.lessons:
            path = places.texts[lesson.path]
            lesson_fields = {
                "key": lesson.key,
                "title": lesson.title,
                "slug": lesson.slug,
                "minutes": lesson.minutes,
                "video": lesson.video,
                "captions": lesson.captions,
                "poster": lesson.poster,
                "status": lesson.status,
            }
            yield path, _markdown(lesson_fields, relative(lesson.body, path, places))
            for page in lesson.pages:
                path = places.texts[page.path]
                fields = {"key": page.key, "title": page.title, "slug": page.slug}
                yield path, _markdown(fields, relative(page.body, path, places))


def _markdown(fields: Mapping[str, object], body: str = "") -> str:
    return join_front_matter({name: value for name, value in fields.items() if value}, body)


def relative(body: str, base: str, places: Places) -> str:
    """Return a body with its canonical links as paths that are relative to its own file."""

    def written(destination: str) -> str | None:
        link = read_source_link(destination)
        place = places.of(link.path) if link else None
        if link is None or place is None:
            return None
        return relative_link(LocalLink(place, link.suffix), base=base)

    if SCHEME not in body:
        return body
    return rewrite(Body(body, is_limited=False), written)[0].source
