"""What can go wrong with learning; each error carries the `course` concerned."""

from django.utils.translation import gettext_lazy as _

from stepwell.core.errors import DomainError


class CourseNotOpen(DomainError):
    code = "course_not_open"
    sentence = _("“%(course)s” is being edited and is closed for now. Your progress is kept.")


class NotEnrolled(DomainError):
    code = "not_enrolled"
    sentence = _("You are not enrolled in “%(course)s”. Enroll first.")


class LessonNotVisible(DomainError):
    code = "lesson_not_visible"
    sentence = _("This lesson of “%(course)s” is not open at the moment. Your progress is kept.")
