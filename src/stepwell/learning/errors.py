"""What can go wrong with learning; each error carries the `course` concerned."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError
from stepwell.courses.models import Course


class CourseNotOpen(DomainError):
    code = "course_not_open"
    sentence = _("“%(course)s” is being edited and is closed for now. Your progress is kept.")


class CourseWithdrawn(CourseNotOpen):
    code = "course_withdrawn"
    sentence = _("“%(course)s” was withdrawn. Your progress is kept.")


def closed(course: Course) -> CourseNotOpen:
    """Return the error for a course that is closed or archived, for those who may know of it."""
    kind = CourseNotOpen if course.archived_at is None else CourseWithdrawn
    return kind(course=course)


class NotEnrolled(DomainError):
    code = "not_enrolled"
    sentence = _("You are not enrolled in “%(course)s”. Enroll first.")


class LessonNotVisible(DomainError):
    """Carries the `lesson` too."""

    code = "lesson_not_visible"
    sentence = _("This lesson is no longer part of “%(course)s”. Your progress is kept.")
