"""A school in the database and in the plain model, changed and looked at side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, product
from typing import Any

import pytest

from stepwell.accounts.models import User
from stepwell.core import clock
from stepwell.courses import actions as courses
from stepwell.courses.errors import ModuleArchived
from stepwell.courses.models import Course, Lesson, Module
from stepwell.courses.outlines import Outline
from stepwell.courses.queries import Catalog
from stepwell.learning import actions as learning
from stepwell.learning import queries
from stepwell.learning.errors import CourseNotOpen, LessonNotVisible, NotEnrolled
from stepwell.learning.models import Enrollment, LessonProgress
from tests.learning.model import Membership, ModelCourse, ModelLesson, ModelModule

Act = tuple[str, dict[str, Any]]
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)

COURSE_VERBS: dict[str, Callable[..., object]] = {
    "enroll": learning.enroll_in_course,
    "unenroll": learning.unenroll_from_course,
    "start_over": learning.start_course_over,
}
LESSON_VERBS: dict[str, Callable[..., object]] = {
    "complete": learning.complete_lesson,
    "reopen": learning.reopen_lesson,
    "toggle": learning.toggle_lesson_complete,
}


@dataclass(frozen=True)
class School:
    """What is there before anything happens: two learners, and two courses that they joined."""

    learners: tuple[User, User]
    outlines: dict[int, dict[int, list[int]]]

    def modeled_courses(self) -> list[ModelCourse]:
        return [
            ModelCourse(
                course,
                [
                    ModelModule(module, [ModelLesson(lesson, is_published=True) for lesson in ids])
                    for module, ids in modules.items()
                ],
                is_published=True,
            )
            for course, modules in self.outlines.items()
        ]


class Classroom:
    """The school in the database and in the model, while a story is told to both."""

    def __init__(self, school: School) -> None:
        self.moment = BEGIN
        self.learners = school.learners
        self.courses = school.modeled_courses()
        self.outlines: dict[Any, Outline] = {}
        self.members = {
            (learner.pk, course.id): Membership(course, BEGIN, BEGIN)
            for learner, course in product(self.learners, self.courses)
        }

    @contextmanager
    def _later(self) -> Iterator[datetime]:
        self.moment += timedelta(minutes=1)
        with clock.at(self.moment):
            yield self.moment

    def _modules(self) -> list[tuple[ModelCourse, ModelModule]]:
        return [(course, module) for course in self.courses for module in course.modules]

    def _lessons(self) -> list[tuple[ModelCourse, ModelModule, ModelLesson]]:
        return [
            (course, module, lesson)
            for course, module in self._modules()
            for lesson in module.lessons
        ]

    # What learners do

    def learn(self, who: int, where: int, session: list[tuple[str, int]]) -> None:
        """One learner sits down with one course."""
        user, course = self.learners[who], self.courses[where]
        for verb, place in session:
            if verb in COURSE_VERBS:
                self._change_membership(verb, user, course)
            elif verb == "complete_all":
                for lesson in course.counted():
                    self._change_completion("complete", user, course, lesson)
            elif lessons := [lesson for module in course.modules for lesson in module.lessons]:
                self._change_completion(verb, user, course, lessons[place % len(lessons)])

    def _change_membership(self, verb: str, user: User, course: ModelCourse) -> None:
        membership = self.members[user.pk, course.id]
        row = Course.objects.get(pk=course.id)
        with self._later() as now:
            if verb != "unenroll" and not course.is_open:
                expected: type[Exception] | None = CourseNotOpen
            else:
                is_member = membership.left is None
                expected = NotEnrolled if verb == "start_over" and not is_member else None
            if self._does(expected, COURSE_VERBS[verb], user=user, course=row):
                getattr(membership, verb)(now)

    def _change_completion(
        self, verb: str, user: User, course: ModelCourse, lesson: ModelLesson
    ) -> None:
        membership = self.members[user.pk, course.id]
        row = Lesson.objects.get(pk=lesson.id)
        is_visible = course.is_open and lesson in course.counted()
        with self._later() as now:
            if membership.left is not None:
                expected: type[Exception] | None = NotEnrolled
            else:
                expected = None if is_visible else LessonNotVisible
            if self._does(expected, LESSON_VERBS[verb], user=user, lesson=row):
                getattr(membership, verb)(lesson.id, now)

    def _does(
        self, expected: type[Exception] | None, action: Callable[..., object], **things: object
    ) -> bool:
        """Act, and tell whether the action did its work rather than refuse as it should."""
        if expected is None:
            action(**things)
            return True
        with pytest.raises(expected):
            action(**things)
        return False

    def _membership(self, user: User, course: ModelCourse) -> Membership | None:
        membership = self.members[user.pk, course.id]
        return membership if membership.left is None else None

    # What instructors do

    def publish_course(self, where: int, wish: bool) -> None:
        course = self.courses[where]
        action = courses.publish_course if wish else courses.unpublish_course
        action(course=Course.objects.get(pk=course.id))
        course.is_published = wish

    def restore_course(self, where: int, wish: bool) -> None:
        course = self.courses[where]
        action = courses.restore_course if wish else courses.archive_course
        action(course=Course.objects.get(pk=course.id))
        course.is_archived = not wish

    def publish_lesson(self, which: int, wish: bool) -> None:
        lessons = self._lessons()
        _course, _module, lesson = lessons[which % len(lessons)]
        action = courses.publish_lesson if wish else courses.unpublish_lesson
        action(lesson=Lesson.objects.get(pk=lesson.id))
        lesson.is_published = wish

    def restore_lesson(self, which: int, wish: bool) -> None:
        lessons = self._lessons()
        _course, module, lesson = lessons[which % len(lessons)]
        action = courses.restore_lesson if wish else courses.archive_lesson
        row = Lesson.objects.get(pk=lesson.id)
        if wish and lesson.is_archived and module.is_archived:
            with pytest.raises(ModuleArchived):
                action(lesson=row)
            return
        action(lesson=row)
        if wish and lesson.is_archived:
            module.lessons.remove(lesson)
            module.lessons.append(lesson)
        lesson.is_archived = not wish

    def restore_module(self, which: int, wish: bool) -> None:
        modules = self._modules()
        course, module = modules[which % len(modules)]
        action = courses.restore_module if wish else courses.archive_module
        action(module=Module.objects.get(pk=module.id))
        if wish and module.is_archived:
            course.modules.remove(module)
            course.modules.append(module)
        module.is_archived = not wish

    def add_module(self, where: int) -> None:
        course = self.courses[where]
        row = courses.create_module(course=Course.objects.get(pk=course.id), title="Module")
        course.modules.append(ModelModule(row.pk))

    def add_lesson(self, which: int, is_published: bool) -> None:
        modules = self._modules()
        _course, module = modules[which % len(modules)]
        home = Module.objects.get(pk=module.id)
        if module.is_archived:
            with pytest.raises(ModuleArchived):
                courses.create_lesson(module=home, title="Lesson")
            return
        row = courses.create_lesson(module=home, title="Lesson")
        if is_published:
            courses.publish_lesson(lesson=row)
        module.lessons.append(ModelLesson(row.pk, is_published=is_published))

    def arrange(self, where: int, order: list[int]) -> None:
        """Shuffle the modules, and the lessons across them."""
        course = self.courses[where]
        modules = [module for module in course.modules if not module.is_archived]
        if not modules:
            return
        lessons = [
            module.lessons.pop(place)
            for module in modules
            for place, lesson in reversed(list(enumerate(module.lessons)))
            if not lesson.is_archived
        ]
        keys = cycle(order)
        for lesson in sorted(lessons, key=lambda _lesson: next(keys)):
            modules[next(keys) % len(modules)].lessons.append(lesson)
        modules.sort(key=lambda _module: next(keys))
        course.modules = modules + [each for each in course.modules if each.is_archived]
        self._arrange_as_modeled(course)

    def _arrange_as_modeled(self, course: ModelCourse) -> None:
        rows = Module.objects.in_bulk([module.id for module in course.modules])
        lessons = Lesson.objects.filter(course=course.id).in_bulk()
        courses.arrange_outline(
            course=Course.objects.get(pk=course.id),
            arrangement=[
                (
                    rows[module.id],
                    [lessons[each.id] for each in module.lessons if not each.is_archived],
                )
                for module in course.modules
                if not module.is_archived
            ],
        )

    # What must be so at any time

    def look(self, who: int, where: int) -> None:
        user, course = self.learners[who], self.courses[where]
        row = Course.objects.get(pk=course.id)
        self._outline_agrees(row, course)
        self._course_agrees(user, row, course)
        self._lists_agree(user)
        self._learners_agree(row)
        catalog = {each.course.id: len(each.lessons) for each in Catalog()}
        assert catalog == {each.id: len(each.counted()) for each in self.courses if each.is_open}

    def _outline_agrees(self, row: Course, course: ModelCourse) -> None:
        outline = queries.get_course_state(None, row).outline
        # What processes keep in memory under a version must stay true as long as the version does.
        assert self.outlines.setdefault(outline.version, outline) == outline
        assert (outline.course.title, outline.course.is_published) == (row.title, row.is_published)
        assert [[lesson.id for lesson in module.lessons] for module in outline.modules] == [
            [lesson.id for lesson in module.counted()]
            for module in course.modules
            if module.counted()
        ]

    def _learners_agree(self, row: Course) -> None:
        """What those who teach see is what each learner sees."""
        learning.count_progress(course=row)
        shown = {each.email: each for each in queries.Learners(row)[0:9]}
        for learner in self.learners:
            mine, seen = queries.get_enrolled_course(learner, row), shown.get(learner.email)
            assert (seen is None) == (mine is None)
            if mine and seen:
                open_ids = [x.id for x in mine.outline.lessons if x.id not in mine.completed_ids]
                assert seen.progress == mine.progress
                assert (seen.next_lesson and seen.next_lesson.id) == next(iter(open_ids), None)

    def _course_agrees(self, user: User, row: Course, course: ModelCourse) -> None:
        ever = self.members[user.pk, course.id]
        membership = self._membership(user, course)
        completed = ever.completed_ids
        assert queries.get_completed_lesson_ids(user, row) == completed
        assert [each.lesson_id for each in queries.get_completed_lessons(user, row)] == [
            lesson.id for lesson in course.counted() if lesson.id in completed
        ]
        next_lesson = queries.get_next_incomplete_lesson(user, row)
        open_ids = [each.id for each in course.counted() if each.id not in completed]
        expected = open_ids[0] if open_ids and course.is_open else None
        assert (next_lesson.pk if next_lesson else None) == expected
        found = queries.get_enrolled_course(user, row)
        assert not found or [(each.completed, each.total) for each in found.module_progress] == [
            (sum(lesson.id in completed for lesson in module.counted()), len(module.counted()))
            for module in course.modules
            if module.counted()
        ]
        attempts = queries.get_earlier_attempts(user, row)
        assert [
            {lesson.pk: at for lesson, at in each.completed} for each in attempts
        ] == ever.attempts
        enrollment = queries.get_enrollment(user, row)
        assert (enrollment is None) == (membership is None)
        assert (_seen(found) if found else None) == (membership.as_seen() if membership else None)
        for figures in Enrollment.objects.active().filter(user=user, course=row).with_progress():
            assert found
            assert (figures.completed, figures.total) == (
                found.progress.completed,
                found.progress.total,
            )
            assert figures.first_open_id == (open_ids[0] if open_ids else None)
        learning.count_progress(course=row)
        for kept in Enrollment.objects.active().filter(user=user, course=row):
            assert found
            assert kept.completed_count == found.progress.completed
            assert kept.next_lesson_id == (open_ids[0] if open_ids else None)
        state = queries.get_course_state(user, row)
        assert state.completed_ids == (completed if membership else set())
        assert (_seen(state.enrolled) if state.enrolled else None) == (
            membership.as_seen() if membership else None
        )
        if membership:
            shown = queries.get_lesson_state(user, row)
            assert shown.completed_ids == completed
            assert shown.enrolled
            assert shown.enrolled.progress.completed == len(completed)
        dates = LessonProgress.objects.filter(user=user, lesson__course=row)
        assert {each.lesson_id: (each.first_completed_at, each.completed_at) for each in dates} == {
            lesson: (each.first, each.now) for lesson, each in ever.completions.items()
        }

    def _lists_agree(self, user: User) -> None:
        memberships = [
            membership
            for (learner, _course), membership in self.members.items()
            if learner == user.pk and membership.left is None
        ]
        memberships.sort(key=lambda each: each.active_since)
        memberships.reverse()
        found = queries.get_enrolled_courses_with_progress(user)
        assert [_seen(each) for each in found] == [each.as_seen() for each in memberships]
        states = queries.get_catalog_states(user, [each.id for each in self.courses])
        assert {course: _seen(each) for course, each in states.items()} == {
            each.course.id: each.as_seen() for each in memberships
        }

    def arranged_positions_are_dense(self) -> None:
        for course in self.courses:
            self._arrange_as_modeled(course)
            modules = Module.objects.filter(course=course.id, archived_at=None)
            assert [each.position for each in modules] == list(range(1, len(modules) + 1))
            for module in modules:
                lessons = module.lessons.filter(archived_at=None)
                assert [each.position for each in lessons] == list(range(1, len(lessons) + 1))


def _seen(found: queries.EnrolledCourse) -> dict[str, object]:
    progress = found.progress
    assert 0 <= progress.completed <= progress.total
    assert (progress.percent == 100) == progress.is_complete
    return {
        "course": found.course.id,
        "progress": (progress.completed, progress.total, progress.percent),
        "next": found.next_lesson.id if found.next_lesson else None,
        "new": found.new_lesson_count,
        "finished": found.is_finished,
        "available": found.is_available,
        "dates": (found.enrolled_at, found.finished_at, found.last_activity_at),
    }
