"""Gates to courses: an address becomes the object, or the same 404 for absent and forbidden."""

from django.http import Http404

from stepwell.accounts.models import User
from stepwell.courses.addresses import find_course
from stepwell.courses.errors import UnknownCourse
from stepwell.courses.models import Course, Lesson, Module


def get_published_course(slug: str) -> Course:
    """Return an open course. Raises `Http404`."""
    course = Course.objects.published().filter(slug=slug).first()
    if course is None:
        raise Http404
    return course


def get_any_course(name: str) -> Course:
    """Return a course that is not archived, by slug, key or former slug, for the command line.

    Raises `UnknownCourse`.
    """
    courses = Course.objects.active()
    course = courses.filter(slug=name).first() or courses.filter(key=name).first()
    course = course or find_course(name)
    if course is None or course.archived_at is not None:
        raise UnknownCourse(name=name)
    return course


def get_taught_course(user: User, slug: str) -> Course:
    """Return a course that the person teaches, drafts and closed ones too. Raises `Http404`."""
    course = Course.objects.active().taught_by(user).filter(slug=slug).first()
    if course is None:
        raise Http404
    return course


def get_taught_module(user: User, slug: str, key: str) -> Module:
    """Return a module of a course that the person teaches, archived ones too. Raises `Http404`."""
    course = get_taught_course(user, slug)
    module = course.modules.filter(key=key).first()
    if module is None:
        raise Http404
    module.course = course
    return module


def get_taught_lesson(user: User, slug: str, key: str) -> Lesson:
    """Return a lesson of a course that the person teaches, archived ones too. Raises `Http404`."""
    course = get_taught_course(user, slug)
    lesson = Lesson.objects.select_related("module").filter(course=course, key=key).first()
    if lesson is None:
        raise Http404
    lesson.course = lesson.module.course = course
    return lesson


class Operator:
    """Someone who runs commands on the site's machine, and may do what owners may."""


OPERATOR = Operator()
Actor = User | Operator


def can_teach(user: Actor, course: Course) -> bool:
    """Tell whether a person may see and change all of the course: its instructors and owners."""
    if isinstance(user, Operator) or user.is_owner:
        return True
    return user.is_instructor and course.instructors.filter(pk=user.pk).exists()
