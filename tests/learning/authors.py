"""What those who teach do to the courses of a school, in the database and in the plain model."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from django.test import TestCase

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses import actions as courses
from stepwell.courses.access import OPERATOR
from stepwell.courses.errors import AddressTaken, ModuleArchived
from stepwell.courses.models import Course, Lesson, Module
from stepwell.transfer.importing import import_course
from tests.learning.model import ModelCourse, ModelLesson, ModelModule

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu")
Parts = list[tuple[ModelModule, list[ModelLesson]]]


def word(number: int) -> str:
    """Return a title of its own for each number, without a digit that an import could ignore."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:04}").capitalize()


@dataclass(frozen=True)
class School:
    """What is there before anything happens: two learners, and two courses that they joined.

    The courses came from `folder`, where each is imported from again.
    """

    learners: tuple[User, User]
    folder: Path

    def modeled_courses(self) -> list[ModelCourse]:
        return [_modeled(course) for course in Course.objects.order_by("pk")]


def _modeled(course: Course) -> ModelCourse:
    modules = [
        ModelModule(
            module.pk,
            module.title,
            [
                ModelLesson(each.pk, each.title, each.slug, is_published=True, is_sourced=True)
                for each in module.lessons.all()
            ],
            is_sourced=True,
        )
        for module in course.modules.all()
    ]
    modeled = ModelCourse(course.pk, course.title, course.slug, modules, is_published=True)
    modeled.lesson_at = {lesson.slug: lesson for lesson in modeled.active()}
    return modeled


class Authors:
    """Authors at work: each verb changes the database and the model alike."""

    def __init__(self, school: School) -> None:
        self.moment = BEGIN
        self.folder = school.folder
        self.courses = school.modeled_courses()
        self.course_at = {course.slug: course for course in self.courses}
        self.numbers = count(1)

    def settle(self) -> None:
        """Let the model follow what an act brings about for learners."""

    @contextmanager
    def later(self) -> Iterator[datetime]:
        """Let a minute pass, and after the act let happen what follows its commit."""
        self.moment += timedelta(minutes=1)
        with clock.at(self.moment):
            with TestCase.captureOnCommitCallbacks(execute=True):
                yield self.moment
            self.settle()

    def does(
        self, expected: type[Exception] | None, action: Callable[..., object], **things: object
    ) -> bool:
        """Act, and tell whether the action did its work rather than refuse as it should."""
        if expected is None:
            action(**things)
            return True
        with pytest.raises(expected):
            action(**things)
        return False

    def _modules(self) -> list[tuple[ModelCourse, ModelModule]]:
        return [(course, module) for course in self.courses for module in course.modules]

    def _lessons(self) -> list[tuple[ModelCourse, ModelModule, ModelLesson]]:
        return [
            (course, module, lesson)
            for course, module in self._modules()
            for lesson in module.lessons
        ]

    # Courses

    def publish_course(self, where: int, wish: bool) -> None:
        course = self.courses[where]
        action = courses.publish_course if wish else courses.unpublish_course
        with self.later():
            action(course=Course.objects.get(pk=course.id))
            course.is_published = wish

    def restore_course(self, where: int, wish: bool) -> None:
        course = self.courses[where]
        action = courses.restore_course if wish else courses.archive_course
        with self.later():
            action(course=Course.objects.get(pk=course.id))
            course.is_archived = not wish

    def rename_course(self, where: int, which: int) -> None:
        """Give a course another address: a new one, or one that a course has or had."""
        course = self.courses[where]
        known = [*self.course_at, word(next(self.numbers)).lower()]
        slug = known[which % len(known)]
        holder = self.course_at.get(slug, course)
        is_taken = holder is not course and not holder.is_archived
        row = Course.objects.get(pk=course.id)
        with self.later():
            expected = AddressTaken if is_taken else None
            if self.does(expected, courses.update_course, course=row, slug=slug):
                course.slug, self.course_at[slug] = slug, course
                if holder is not course:
                    holder.slug = Course.objects.get(pk=holder.id).slug
                    self.course_at[holder.slug] = holder

    def duplicate(self, where: int) -> None:
        course = self.courses[where]
        with self.later():
            copy = courses.duplicate_course(course=Course.objects.get(pk=course.id))
        lessons = Lesson.objects.active().filter(course=copy).in_outline_order()
        assert [each.title for each in lessons] == [each.title for each in course.active()]
        assert not copy.is_published

    # Lessons

    def publish_lesson(self, which: int, wish: bool) -> None:
        lessons = self._lessons()
        _course, _module, lesson = lessons[which % len(lessons)]
        action = courses.publish_lesson if wish else courses.unpublish_lesson
        with self.later():
            action(lesson=Lesson.objects.get(pk=lesson.id))
            lesson.is_published = wish

    def publish_lessons(self, which: int) -> None:
        modules = self._modules()
        _course, module = modules[which % len(modules)]
        with self.later():
            courses.publish_lessons(module=Module.objects.get(pk=module.id))
            for lesson in module.lessons:
                lesson.is_published |= not lesson.is_archived

    def restore_lesson(self, which: int, wish: bool) -> None:
        lessons = self._lessons()
        _course, module, lesson = lessons[which % len(lessons)]
        action = courses.restore_lesson if wish else courses.archive_lesson
        row = Lesson.objects.get(pk=lesson.id)
        is_refused = wish and lesson.is_archived and module.is_archived
        with self.later():
            if self.does(ModuleArchived if is_refused else None, action, lesson=row):
                if wish and lesson.is_archived:
                    module.lessons.remove(lesson)
                    module.lessons.append(lesson)
                lesson.is_archived = not wish

    def rename_lesson(self, which: int, address: int) -> None:
        """Give a lesson another address: a new one, or one that a lesson has or had."""
        lessons = self._lessons()
        course, _module, lesson = lessons[which % len(lessons)]
        known = [*course.lesson_at, word(next(self.numbers)).lower()]
        slug = known[address % len(known)]
        active = course.active()
        is_taken = any(each.slug == slug and each is not lesson for each in active)
        row = Lesson.objects.get(pk=lesson.id)
        with self.later():
            expected = AddressTaken if is_taken else None
            if self.does(expected, courses.update_lesson, lesson=row, slug=slug):
                course.lesson_at[slug] = lesson
                slugs = dict(Lesson.objects.filter(course=course.id).values_list("pk", "slug"))
                assert slugs[lesson.id] == slug
                # An archived one may have moved out of the way.
                for each in [each for module in course.modules for each in module.lessons]:
                    if each.slug != slugs[each.id]:
                        assert each is lesson or each not in active
                        each.slug = slugs[each.id]
                        course.lesson_at[each.slug] = each

    def move_lesson(self, which: int, into: int, before: int) -> None:
        """Move a lesson of the outline into a module of it, in front of a lesson there or last."""
        course = self._lessons()[which % len(self._lessons())][0]
        active, modules = course.active(), [each for each in course.modules if not each.is_archived]
        if not active:
            return
        lesson, module = active[which % len(active)], modules[into % len(modules)]
        others = [each for each in module.active() if each is not lesson]
        neighbor = [*others, None][before % (len(others) + 1)]
        with self.later():
            courses.move_lesson(
                lesson=Lesson.objects.get(pk=lesson.id),
                module=Module.objects.get(pk=module.id),
                before=Lesson.objects.get(pk=neighbor.id) if neighbor else None,
            )
            home = next(each for each in course.modules if lesson in each.lessons)
            home.lessons.remove(lesson)
            place = module.lessons.index(neighbor) if neighbor else len(module.lessons)
            module.lessons.insert(place, lesson)

    def add_lesson(self, which: int, is_published: bool) -> None:
        modules = self._modules()
        course, module = modules[which % len(modules)]
        home = Module.objects.get(pk=module.id)
        title = word(next(self.numbers))
        with self.later():
            if module.is_archived:
                with pytest.raises(ModuleArchived):
                    courses.create_lesson(module=home, title=title)
                return
            row = courses.create_lesson(module=home, title=title)
            if is_published:
                courses.publish_lesson(lesson=row)
            lesson = ModelLesson(row.pk, title, row.slug, is_published=is_published)
            module.lessons.append(lesson)
            course.lesson_at[row.slug] = lesson

    # Modules

    def restore_module(self, which: int, wish: bool) -> None:
        modules = self._modules()
        course, module = modules[which % len(modules)]
        action = courses.restore_module if wish else courses.archive_module
        with self.later():
            action(module=Module.objects.get(pk=module.id))
            if wish and module.is_archived:
                course.modules.remove(module)
                course.modules.append(module)
            module.is_archived = not wish

    def move_module(self, where: int, which: int, before: int) -> None:
        """Move a module of the outline in front of another one or last."""
        course = self.courses[where]
        active = [each for each in course.modules if not each.is_archived]
        if not active:
            return
        module = active[which % len(active)]
        others = [each for each in active if each is not module]
        neighbor = [*others, None][before % (len(others) + 1)]
        with self.later():
            courses.move_module(
                module=Module.objects.get(pk=module.id),
                before=Module.objects.get(pk=neighbor.id) if neighbor else None,
            )
            course.modules.remove(module)
            place = course.modules.index(neighbor) if neighbor else len(course.modules)
            course.modules.insert(place, module)

    def add_module(self, where: int) -> None:
        course, title = self.courses[where], word(next(self.numbers))
        with self.later():
            row = courses.create_module(course=Course.objects.get(pk=course.id), title=title)
            course.modules.append(ModelModule(row.pk, title))

    # Whole outlines

    def arrange(self, where: int, order: list[int]) -> None:
        """Shuffle the modules, and the lessons across them."""
        course = self.courses[where]
        arrangement = self._shuffled(course, order)
        modules = Module.objects.in_bulk([module.id for module, _lessons in arrangement])
        lessons = Lesson.objects.filter(course=course.id).in_bulk()
        with self.later():
            courses.arrange_outline(
                course=Course.objects.get(pk=course.id),
                arrangement=[
                    (modules[module.id], [lessons[each.id] for each in own])
                    for module, own in arrangement
                ],
            )
            self._set_order(course, arrangement)

    def import_again(self, where: int, order: list[int]) -> None:
        """Import the course from its folder, without keys and with other numbers on everything.

        The folder has the outline in another order. A lesson more may be in it, one that was
        archived may be back, with its module or without, and one may be missing. Modules without
        lessons are not in it.
        """
        course = self.courses[where]
        parts = [(module, own) for module, own in self._shuffled(course, order) if own]
        if not parts:
            return
        active = course.active()
        added, restored, dropped = order[-1] % 2, order[-2] % 3, order[-3] % 3
        archived = [
            (module, each)
            for module in course.modules
            for each in module.lessons
            if each not in active
        ]
        if archived and not restored:
            home, back = archived[order[0] % len(archived)]
            if home.is_archived and order[1] % 2:
                parts.append((home, [back]))
            else:
                parts[0][1].append(back)
        # A third of the lessons or more would have to be confirmed.
        largest = max(parts, key=lambda part: len(part[1]))[1]
        if not dropped and len(active) > 3 and len(largest) > 1:
            largest.pop()
        new = ModelLesson(0, word(next(self.numbers)), is_sourced=True)
        if added:
            parts[-1][1].insert(0, new)
        with self.later():
            import_course(write_folder(self.folder, course.title, parts), actor=OPERATOR)
            if added:
                new.id, new.slug = Lesson.objects.values_list("pk", "slug").get(title=new.title)
                course.lesson_at[new.slug] = new
            self._follow_import(course, parts)

    def _follow_import(self, course: ModelCourse, parts: Parts) -> None:
        course.is_archived = False
        wanted = [lesson for _module, own in parts for lesson in own]
        others = [module for module in course.modules if module not in [each for each, _ in parts]]
        kept: Parts = []
        for module, _own in parts:
            module.is_archived, module.is_sourced = False, True
        for module in course.modules:
            module.lessons = [each for each in module.lessons if each not in wanted]
            for lesson in module.active():
                lesson.is_archived = lesson.is_sourced
            kept.append((module, module.active()))
        kept_in = {module.id: lessons for module, lessons in kept}
        for module, own in parts:
            module.lessons = [*own, *module.lessons]
            for lesson in own:
                lesson.is_sourced, lesson.is_archived = True, False
        for module in others:
            module.is_archived |= module.is_sourced and not kept_in[module.id]
        course.modules = [*[module for module, _own in parts], *others]

    def _shuffled(self, course: ModelCourse, order: Sequence[int]) -> Parts:
        modules = [module for module in course.modules if not module.is_archived]
        keys = cycle(order)
        parts: Parts = [(module, []) for module in sorted(modules, key=lambda _each: next(keys))]
        for lesson in sorted(course.active(), key=lambda _lesson: next(keys)):
            parts[next(keys) % len(parts)][1].append(lesson)
        return parts

    def _set_order(self, course: ModelCourse, parts: Parts) -> None:
        for module, own in parts:
            archived = [lesson for lesson in module.lessons if lesson.is_archived]
            module.lessons = [*own, *archived]
        archived_modules = [module for module in course.modules if module.is_archived]
        course.modules = [*[module for module, _own in parts], *archived_modules]


def write_folder(folder: Path, title: str, parts: Parts) -> Path:
    """Write numbered folders without keys below `folder`, in place of what was there."""
    root = folder / title
    if root.exists():
        rmtree(root)
    root.mkdir(parents=True)
    (root / "README.md").write_text(f"# {title}\n\nAbout it.\n")
    for place, (module, lessons) in enumerate(parts, 1):
        home = root / f"{place}-{module.title.lower()}"
        home.mkdir()
        (home / "README.md").write_text(f"# {module.title}\n")
        for number, lesson in enumerate(lessons, 1):
            path = home / f"{number}-{lesson.title.lower()}"
            path.mkdir()
            (path / "README.md").write_text(f"# {lesson.title}\n\nText of {lesson.title}.\n")
    return root


def make_school(learners: tuple[User, User]) -> School:
    """Import two courses, of three and of two lessons."""
    folder = Path(mkdtemp(prefix="stepwell-school-"))
    for title, sizes in [("Astronomy", [2, 1]), ("Botany", [2])]:
        parts = [
            (
                ModelModule(0, f"{title} {word(size)}"),
                [ModelLesson(0, f"{title} {word(10 * size + place)}") for place in range(size)],
            )
            for size in sizes
        ]
        import_course(write_folder(folder, title, parts), publish=True, actor=OPERATOR)
    return School(learners, folder)
