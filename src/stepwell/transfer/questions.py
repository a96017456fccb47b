"""What an import asks before it changes anything."""

import shlex
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.courses.models import Course


@dataclass(frozen=True)
class LessonQuestion:
    """Whether a file is still a lesson that people have completed."""

    path: str
    key: str
    before: str
    after: str
    people: int
    has_same_text: bool = False

    def sentence(self) -> str:
        """Return what would happen, in one sentence."""
        words = {"path": self.path, "before": self.before, "after": self.after}
        if self.before == self.after:
            text = ngettext(
                "%(path)s: “%(after)s” may be another lesson of this title than the one that "
                "%(people)d person completed.",
                "%(path)s: “%(after)s” may be another lesson of this title than the one that "
                "%(people)d people completed.",
                self.people,
            )
        else:
            text = ngettext(
                "%(path)s: “%(before)s” becomes “%(after)s”; %(people)d person completed it.",
                "%(path)s: “%(before)s” becomes “%(after)s”; %(people)d people completed it.",
                self.people,
            )
        return text % (words | {"people": self.people})

    def command(self) -> str:
        """Return how the command line answers."""
        path = shlex.quote(self.path)
        return _(
            "Add --same %(path)s if it is the same lesson, --not-same %(path)s if it is "
            "another one."
        ) % {"path": path}


@dataclass(frozen=True)
class CourseOption:
    """A course that may be updated, and what would happen to it."""

    course: Course
    effect: str = ""

    def sentence(self) -> str:
        """Return the course's name and address, and what would happen to it."""
        words = {"title": self.course.title, "address": self.course.get_absolute_url()}
        said = _("“%(title)s” at %(address)s may be the one.") % words
        return f"{said} {self.effect}".strip()


@dataclass(frozen=True)
class CourseQuestion:
    """Whether a course is to be updated, and which one; `reason` says why a person must say so."""

    reason: str
    options: tuple[CourseOption, ...]

    def sentence(self) -> str:
        """Return why it is asked."""
        if len(self.options) == 1 and not self.options[0].effect:
            return self.reason
        return " ".join([self.reason, *(option.sentence() for option in self.options)])

    def command(self) -> str:
        """Return how the command line answers."""
        into = " / ".join(f"--into {option.course.slug}" for option in self.options)
        return _("To update it, add %(into)s. To make a new course, add --new.") % {"into": into}


Question = CourseQuestion | LessonQuestion
