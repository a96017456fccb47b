"""A school in the database and in the plain model, changed and looked at side by side."""

from collections.abc import Callable
from itertools import product
from typing import Any

from django.test import Client

from stepwell.accounts.models import User
from stepwell.accounts.people import readmit_person, suspend_person
from stepwell.courses.models import Course, Lesson, Module
from stepwell.courses.outlines import Outline
from stepwell.courses.queries import Catalog
from stepwell.learning import actions as learning
from stepwell.learning import queries
from stepwell.learning.errors import CourseNotOpen, LessonNotVisible, NotEnrolled
from stepwell.learning.models import Enrollment, LessonProgress, Origin
from tests.learning.authors import BEGIN, Authors, School
from tests.learning.model import Membership, ModelCourse, ModelLesson

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


class Classroom(Authors):
    """The school in the database and in the model, while a story is told to both."""

    def __init__(self, school: School) -> None:
        super().__init__(school)
        self.learners = school.learners
        self.suspended: set[int] = set()
        self.outlines: dict[Any, Outline] = {}
        self.members = {
            (learner.pk, course.id): Membership(course, BEGIN, BEGIN)
            for learner, course in product(self.learners, self.courses)
        }

    def settle(self) -> None:
        for membership in self.members.values():
            membership.settle(self.moment)

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
        with self.later() as now:
            if verb != "unenroll" and not course.is_open:
                expected: type[Exception] | None = CourseNotOpen
            else:
                is_member = membership.left is None
                expected = NotEnrolled if verb == "start_over" and not is_member else None
            if self.does(expected, COURSE_VERBS[verb], user=user, course=row, origin=Origin.WEB):
                getattr(membership, verb)(now)

    def _change_completion(
        self, verb: str, user: User, course: ModelCourse, lesson: ModelLesson
    ) -> None:
        membership = self.members[user.pk, course.id]
        row = Lesson.objects.get(pk=lesson.id)
        is_visible = course.is_open and lesson in course.counted()
        with self.later() as now:
            if membership.left is not None:
                expected: type[Exception] | None = NotEnrolled
            else:
                expected = None if is_visible else LessonNotVisible
            if self.does(expected, LESSON_VERBS[verb], user=user, lesson=row, origin=Origin.WEB):
                getattr(membership, verb)(lesson.id, now)

    def post(self, who: int, where: int, place: int, wish: bool) -> None:
        """One learner sends a form of a lesson's page, which may have been opened long ago."""
        user, course = self.learners[who], self.courses[where]
        addresses = list(course.lesson_at)
        slug = addresses[place % len(addresses)]
        lesson = course.lesson_at[slug]
        if lesson not in course.active():
            return  # another lesson may have had this address before
        own = [each for each, holder in self.course_at.items() if holder is course]
        client = Client()
        client.force_login(user)
        membership = self.members[user.pk, course.id]
        verb = "complete" if wish else "reopen"
        with self.later() as now:
            client.post(
                f"/courses/{own[place % len(own)]}/lessons/{slug}/completion/",
                {"state": "completed" if wish else "open"},
            )
            is_visible = course.is_open and lesson in course.counted()
            if is_visible and membership.left is None and user.pk not in self.suspended:
                getattr(membership, verb)(lesson.id, now)

    def suspend(self, who: int, wish: bool) -> None:
        user = User.objects.get(pk=self.learners[who].pk)
        with self.later():
            (suspend_person if wish else readmit_person)(user=user)
        (self.suspended.add if wish else self.suspended.discard)(user.pk)

    def _membership(self, user: User, course: ModelCourse) -> Membership | None:
        membership = self.members[user.pk, course.id]
        return membership if membership.left is None else None

    # What must be so at any time

    def look(self, who: int, where: int) -> None:
        user, course = self.learners[who], self.courses[where]
        row = Course.objects.get(pk=course.id)
        self._addresses_agree(row, course)
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

    def _addresses_agree(self, row: Course, course: ModelCourse) -> None:
        assert row.slug == course.slug
        slugs = {lesson.id: lesson.slug for lesson in course.active()}
        assert dict(Lesson.objects.active().filter(course=row).values_list("pk", "slug")) == slugs

    def _learners_agree(self, row: Course) -> None:
        """What those who teach see is what each learner sees."""
        learning.count_progress(course=row)
        shown = {each.email: each for each in queries.Learners(row)[0:9]}
        for learner in self.learners:
            mine, seen = queries.get_enrolled_course(learner, row), shown.get(learner.email)
            assert (seen is None) == (mine is None or learner.pk in self.suspended)
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
        open_ids = [each.id for each in course.counted() if each.id not in completed]
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

    def positions_are_dense(self) -> None:
        for course in self.courses:
            modules = Module.objects.filter(course=course.id)
            for rows in (modules, *(module.lessons.all() for module in modules)):
                places = list(rows.filter(archived_at=None).values_list("position", flat=True))
                assert places == list(range(1, len(places) + 1))


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
