"""Which rows a document's parts are: by key, else by what parts and rows show."""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from django.db.models import Model

from stepwell.core.keys import new_key
from stepwell.courses.models import Course, Lesson, Module, Page
from stepwell.learning.queries import count_completers_of_each
from stepwell.transfer.choices import NO_CHOICE, Choice
from stepwell.transfer.documents import CourseDocument, LessonDocument, ModuleDocument, PageDocument
from stepwell.transfer.errors import KeyElsewhere
from stepwell.transfer.matching import Matching, Pair, Test, Trait, always, never
from stepwell.transfer.questions import LessonQuestion
from stepwell.transfer.sure_modules import find_sure_modules
from stepwell.transfer.target import Target
from stepwell.transfer.titles import simplified, words_of


class _Part(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def key(self) -> str: ...


P = TypeVar("P", bound=_Part)
R = TypeVar("R", Module, Lesson, Page)


class NewKeys(defaultdict[tuple[str, str], str]):
    """Keys for parts that have none, by kind and path: the same each time that one is asked for."""

    def __init__(self) -> None:
        super().__init__(new_key)


@dataclass(frozen=True)
class Match(Generic[R]):
    """The rows that belong to paths of the source, those that none belongs to, and all keys.

    `guesses` are the pairs that more than a title speaks against.
    """

    rows: dict[str, R]
    others: tuple[R, ...]
    keys: dict[str, str]
    guesses: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Everything that an import knows again in the database, and what it has to ask of lessons."""

    course: Course | None
    course_key: str
    modules: Match[Module]
    lessons: Match[Lesson]
    pages: Match[Page]
    target: Target
    questions: tuple[LessonQuestion, ...]

    @property
    def leaving(self) -> list[Lesson]:
        """Lessons of the outline that came from the source and are not in it any more."""
        return [row for row in self.lessons.others if row.source_path and not _is_archived(row)]

    def fingerprint(self) -> str:
        """Return what differs after any change of the course that an import could overwrite."""
        if self.course is None:
            return ""
        lessons = [*self.lessons.rows.values(), *self.lessons.others]
        pages = [*self.pages.rows.values(), *self.pages.others]
        facts = [
            (self.course.key, self.course.outline_version),
            sorted((row.key, row.revision, row.video, row.source_path) for row in lessons),
            sorted((row.key, row.title, row.body, row.source_path) for row in pages),
            sorted(self.course.attachments.values_list("name", "sha256")),
        ]
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def identify(
    document: CourseDocument, target: Target, keys: NewKeys, choice: Choice = NO_CHOICE
) -> Identity:
    """Find what the document is about; what has no row yet gets its key out of `keys`.

    Raises `KeyElsewhere` for a key of another course, unless the course was chosen.
    """
    course = target.course
    modules, lessons, pages = _rows_of(course) if course else ([], [], [])
    known = _Keys(keys, choice, is_foreign=target.is_foreign)
    found_modules = _match_modules(document, modules, lessons, known)
    found_lessons = _match_lessons(document, lessons, found_modules, known)
    return Identity(
        course,
        course.key if course else known.of("course", document),
        found_modules,
        found_lessons,
        _match_pages(document, pages, found_lessons, known),
        target,
        tuple(_questions(found_lessons, choice)),
    )


def _rows_of(course: Course) -> tuple[list[Module], list[Lesson], list[Page]]:
    """Return the course's rows, all with this same `course`, without the HTML that no one reads."""
    lessons = list(course.lessons.select_related("module").defer("html"))
    homes = {lesson.pk: lesson for lesson in lessons}
    pages = list(Page.objects.filter(lesson__course=course).defer("html"))
    for page in pages:
        page.lesson = homes[page.lesson_id]
    return list(course.modules.all()), lessons, pages


class _Keys:
    """Which key in the source counts, and which key each part gets."""

    def __init__(self, new: NewKeys, choice: Choice, *, is_foreign: bool) -> None:
        self.new = new
        self.choice = choice
        self.is_foreign = is_foreign

    def of(self, kind: str, part: _Part, elsewhere: Container[str] = ()) -> str:
        """Return the key of a part without a row: its own, or a new one."""
        is_own = part.key and part.key not in elsewhere and not self.choice.is_new
        return part.key if is_own else self.new[kind, part.path]

    def elsewhere(
        self, parts: Iterable[_Part], known: Container[str], model: type[Model]
    ) -> set[str]:
        """Return the keys of other courses. Raises `KeyElsewhere` unless the course was chosen."""
        unknown = {part.key: part.path for part in parts if part.key and part.key not in known}
        taken = model._default_manager.only("key").in_bulk(list(unknown), field_name="key")
        if taken and not self.choice.is_made:
            key = min(taken, key=list(unknown).index)
            raise KeyElsewhere(key=key, path=unknown[key])
        return set(taken)


def _match_modules(
    document: CourseDocument, rows: Sequence[Module], lessons: Sequence[Lesson], keys: _Keys
) -> Match[Module]:
    """Match modules; one of another title must have a lesson of the same title."""
    titles: dict[int, list[str]] = defaultdict(list)
    for lesson in lessons:
        if lesson.archived_at is None:
            titles[lesson.module_id].append(simplified(lesson.title))

    def part_trait(part: ModuleDocument) -> Trait:
        own = tuple(simplified(lesson.title) for lesson in part.lessons)
        return Trait(part.path, part.path, part.title, read=lambda: own)

    def row_trait(row: Module) -> Trait:
        own = tuple(titles[row.pk])
        is_archived = row.archived_at is not None
        return Trait(row.key, row.source_path, row.title, read=lambda: own, is_archived=is_archived)

    def shares_a_lesson(part: Trait, row: Trait) -> bool:
        return not set(part.words).isdisjoint(row.words)

    parts = [(part, part_trait(part)) for part in document.modules]
    known = [(row, row_trait(row)) for row in rows]
    return _match(Module, parts, known, keys, shares_a_lesson)


def _match_lessons(
    document: CourseDocument, rows: Sequence[Lesson], modules: Match[Module], keys: _Keys
) -> Match[Lesson]:
    """Match lessons; a pair that somebody denied is no guess any more."""
    # An archived module that is in the source again counts with its lessons.
    found = list(modules.rows.values())
    others = [row for row in modules.others if row.archived_at is None]
    homes = {row.pk for row in (*found, *others)}
    lessons = [row for row in rows if row.archived_at is None and row.module_id in homes]
    sure = find_sure_modules(document, modules.rows, [*found, *others], lessons)
    parts = [
        (part, _part_trait(part, home, is_home_sure=home in sure))
        for module in document.modules
        for home in [modules.keys[module.path]]
        for part in module.lessons
    ]

    def row_trait(row: Lesson) -> Trait:
        home = row.module.key
        return _row_trait(row, home, is_home_sure=home in sure, is_archived=_is_archived(row))

    known = [(row, row_trait(row)) for row in rows]
    leaving = list(_find_leaving(parts, known, keys.choice))
    people = count_completers_of_each(rows)
    completed = {row.key for row in rows if people.get(row.pk)}

    def may_guess(part: Trait, row: Trait) -> bool:
        if keys.choice.is_other(part.name, row.name):
            return False
        twin = None if part.words == row.words else _find_twin(part, row, leaving, keys.choice)
        if twin is None or (part.name, row.name) in keys.choice.same:
            return True
        # Perhaps a completed lesson came here with its text, and the row is gone. Then a person is
        # asked about that one, but about the row first if somebody completed it.
        return row.name in completed or twin.name not in completed

    def is_denied(part: Trait, row: Trait) -> bool:
        # By a path alone, a person denies the lesson that was there, and not one that came from
        # elsewhere with its title and text.
        has_its_place = part.path == row.path and not row.is_archived
        return (part.name, row.name) in keys.choice.other or (
            has_its_place and keys.choice.is_other(part.name, row.name)
        )

    return _match(Lesson, parts, known, keys, may_guess, is_denied=is_denied, completed=completed)


def _find_leaving(
    parts: Sequence[tuple[LessonDocument, Trait]],
    rows: Sequence[tuple[Lesson, Trait]],
    choice: Choice,
) -> Iterator[Trait]:
    """Yield the lessons that no part has the key of, or the path and title."""
    own_keys = {part.key for part, _trait in parts}
    places = {(trait.path, trait.simple_title): trait.name for _part, trait in parts}
    for row, trait in rows:
        successor = places.get((trait.path, trait.simple_title))
        is_free = successor is None or choice.is_other(successor, row.key)
        if is_free and row.key not in own_keys and not trait.is_archived:
            yield trait


def _find_twin(part: Trait, row: Trait, leaving: Sequence[Trait], choice: Choice) -> Trait | None:
    """Return the only other lesson that leaves its place and has the part's title and text."""
    twins = [
        each
        for each in leaving
        if each.name != row.name
        and (each.group, each.words) == (part.group, part.words)
        and not choice.is_other(part.name, each.name)
    ]
    return twins[0] if part.words and len(twins) == 1 else None


def _match_pages(
    document: CourseDocument, rows: Sequence[Page], lessons: Match[Lesson], keys: _Keys
) -> Match[Page]:
    parts = [
        (part, _part_trait(part, lessons.keys[lesson.path]))
        for lesson in document.lessons
        for part in lesson.pages
    ]
    known = [(row, _row_trait(row, row.lesson.key)) for row in rows]
    return _match(Page, parts, known, keys, always)


def _part_trait(
    part: LessonDocument | PageDocument, home: str, *, is_home_sure: bool = True
) -> Trait:
    read = partial(words_of, part.body)
    return Trait(part.path, part.path, part.title, home, read, is_home_sure=is_home_sure)


def _row_trait(
    row: Lesson | Page, home: str, *, is_home_sure: bool = True, is_archived: bool = False
) -> Trait:
    read = partial(words_of, row.body)
    return Trait(row.key, row.source_path, row.title, home, read, is_archived, is_home_sure)


def _match(
    model: type[R],
    parts: Sequence[tuple[P, Trait]],
    rows: Sequence[tuple[R, Trait]],
    keys: _Keys,
    may_guess: Test,
    *,
    is_denied: Test = never,
    completed: Container[str] = (),
) -> Match[R]:
    """Match by key, then what has no key, or one that says nothing here, by its traits."""
    by_key = {row.key: row for row, _trait in rows}
    elsewhere = keys.elsewhere([part for part, _trait in parts], by_key, model)

    def may_differ_in_key(part: P) -> bool:
        return not part.key or part.key in elsewhere or keys.is_foreign

    found = {part.path: by_key[part.key] for part, _trait in parts if part.key in by_key}
    taken = {row.key for row in found.values()}
    pairs = Matching(
        [trait for part, trait in parts if part.path not in found and may_differ_in_key(part)],
        [trait for row, trait in rows if row.key not in taken],
        others=[trait for part, trait in parts if part.path in found],
        may_guess=may_guess,
        is_denied=is_denied,
        completed=completed,
    ).run()
    found |= {pair.part.name: by_key[pair.row.name] for pair in pairs}
    taken |= {pair.row.name for pair in pairs}
    old_keys = {path: row.key for path, row in found.items()}
    new_keys = {
        part.path: keys.of(model.__name__, part, elsewhere)
        for part, _trait in parts
        if part.path not in found
    }
    return Match(
        found,
        tuple(row for row, _trait in rows if row.key not in taken),
        old_keys | new_keys,
        tuple(pair for pair in pairs if pair.is_guess),
    )


def _questions(lessons: Match[Lesson], choice: Choice) -> Iterator[LessonQuestion]:
    """Ask about guesses for lessons that people have completed."""
    people = count_completers_of_each([lessons.rows[pair.part.name] for pair in lessons.guesses])
    for pair in lessons.guesses:
        row = lessons.rows[pair.part.name]
        if people.get(row.pk) and not choice.is_same(pair.part.name, row.key):
            yield LessonQuestion(
                path=pair.part.name,
                key=row.key,
                before=row.title,
                after=pair.part.title,
                people=people[row.pk],
                has_same_text=pair.has_same_text,
            )


def _is_archived(row: Lesson) -> bool:
    return row.archived_at is not None or row.module.archived_at is not None
