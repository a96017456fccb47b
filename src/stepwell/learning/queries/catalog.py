"""What of the catalog a learner can still join."""

from django.db.models import Exists, OuterRef

from stepwell.accounts.models import User
from stepwell.courses.models import Course, Lesson
from stepwell.learning.models import Enrollment


def get_course_to_join(user: User) -> Course | None:
    """Return the first course of the catalog, with lessons, that the learner never joined."""
    joined = Enrollment.objects.filter(user=user, course=OuterRef("pk"))
    lessons = Lesson.objects.counted().filter(course=OuterRef("pk"))
    courses = Course.objects.published().filter(Exists(lessons)).exclude(Exists(joined))
    return courses.first()
