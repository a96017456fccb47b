"""Short ways to the things that tests need, made through the actions that people use."""

from collections.abc import Sequence
from itertools import count

from stepwell.accounts.actions import create_user
from stepwell.accounts.models import Role, User
from stepwell.courses.actions import (
    create_course,
    create_lesson,
    create_module,
    publish_course,
    publish_lesson,
)
from stepwell.courses.models import Course, Lesson
from stepwell.learning.actions import enroll_in_course
from stepwell.learning.models import Enrollment, Origin

_numbers = count(1)


def make_user(name: str = "Ada Learner", *, role: Role = Role.LEARNER) -> User:
    """Create a person without a password; addresses are numbered."""
    return create_user(
        email=f"person{next(_numbers)}@example.org", name=name, password=None, role=role
    )


def make_instructor(name: str = "Ines Instructor") -> User:
    """Create a person who may teach."""
    return make_user(name, role=Role.INSTRUCTOR)


def make_course(
    modules: Sequence[int] = (2, 1), *, title: str = "Course", is_published: bool = True
) -> Course:
    """Create a course with that many published lessons in each module."""
    course = create_course(title=title)
    for number, size in enumerate(modules, 1):
        module = create_module(course=course, title=f"Module {number}")
        for place in range(1, size + 1):
            title = f"Lesson {number}.{place}"
            publish_lesson(lesson=create_lesson(module=module, title=title, body="Text."))
    return publish_course(course=course) if is_published else course


def lessons_of(course: Course) -> list[Lesson]:
    """Return the course's lessons in outline order, archived and draft ones too."""
    return list(course.lessons.select_related("course", "module").in_outline_order())  # type: ignore[attr-defined]  # LessonQuerySet's own


def enroll(course: Course, user: User | None = None) -> Enrollment:
    """Enroll a (new) learner."""
    return enroll_in_course(user=user or make_user(), course=course, origin=Origin.WEB)
