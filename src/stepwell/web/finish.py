"""What a page says to a learner who has just finished a course."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.accounts.models import User
from stepwell.courses.models import Course
from stepwell.gamification.queries import get_points_of_course
from stepwell.gamification.rules import is_on
from stepwell.learning.queries import get_course_to_join


@dataclass(frozen=True)
class Finish:
    """A finished course, the points that it gave, and the course that may come next."""

    course: Course
    points: int
    next_course: Course | None


def get_finish(user: User, course: Course) -> Finish:
    """Return what to say to a learner who has just finished the course. Two queries."""
    points = get_points_of_course(user, course) if is_on() else 0
    return Finish(course, points, get_course_to_join(user))


def finish_sentences(finish: Finish | None) -> list[str]:
    """Say that a course is finished, and which points it gave."""
    if finish is None:
        return []
    points = ngettext("It gave you %(n)s point.", "It gave you %(n)s points.", finish.points) % {
        "n": finish.points
    }
    title = _("You finished “%(title)s”.") % {"title": finish.course.title}
    return [title, points] if finish.points else [title]
