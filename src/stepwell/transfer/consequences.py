"""What an import would do to the course that it found, and whether that needs a person's word."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.courses.models import Course
from stepwell.learning.queries import count_completers
from stepwell.transfer.choices import Choice
from stepwell.transfer.documents import CourseDocument
from stepwell.transfer.identity import Identity, NewKeys, identify
from stepwell.transfer.matching import Pair
from stepwell.transfer.questions import CourseOption, CourseQuestion, Question
from stepwell.transfer.target import Target
from stepwell.transfer.titles import simplified


@dataclass(frozen=True)
class Consequences:
    """A changed title, and how many of the course's lessons leave it or get another title."""

    before: str
    after: str
    lessons: int
    archived: int
    retitled: int
    completers: int

    @property
    def renames(self) -> bool:
        return simplified(self.before) != simplified(self.after)

    @property
    def archives_much(self) -> bool:
        """Tell whether a third of the lessons or more would leave."""
        return self.archived > 0 and 3 * self.archived >= self.lessons

    @property
    def is_harmful(self) -> bool:
        """Tell whether a person has to want it."""
        return self.renames or self.archives_much

    @property
    def replaces_much(self) -> bool:
        """Tell whether less than half of the lessons keep their title."""
        return self.retitled > 0 and 2 * (self.archived + self.retitled) > self.lessons

    def sentence(self) -> str:
        """Return what would happen, with its numbers."""
        words: dict[str, str | int] = {"before": self.before, "after": self.after}
        words |= {"archived": self.archived, "lessons": self.lessons, "people": self.completers}
        if not self.archived:
            said = [_("This would rename “%(before)s” to “%(after)s”.")] if self.renames else []
        elif self.renames and self.completers:
            said = [
                ngettext(
                    "This would rename “%(before)s” to “%(after)s” and archive %(archived)d of its "
                    "%(lessons)d lessons, which %(people)d learner has completed.",
                    "This would rename “%(before)s” to “%(after)s” and archive %(archived)d of its "
                    "%(lessons)d lessons, which %(people)d learners have completed.",
                    self.completers,
                )
            ]
        elif self.renames:
            said = [
                _(
                    "This would rename “%(before)s” to “%(after)s” and archive %(archived)d of its "
                    "%(lessons)d lessons."
                )
            ]
        elif self.completers:
            said = [
                ngettext(
                    "This would archive %(archived)d of the %(lessons)d lessons of “%(before)s”, "
                    "which %(people)d learner has completed.",
                    "This would archive %(archived)d of the %(lessons)d lessons of “%(before)s”, "
                    "which %(people)d learners have completed.",
                    self.completers,
                )
            ]
        else:
            said = [
                _("This would archive %(archived)d of the %(lessons)d lessons of “%(before)s”.")
            ]
        if self.replaces_much:
            words |= {"retitled": self.retitled}
            said.append(
                _("Lessons in the same places have other titles: %(retitled)d of %(lessons)d.")
            )
        return " ".join(said) % words


def consequences_of(document: CourseDocument, identity: Identity) -> Consequences | None:
    """Return what would happen to the course; none for a new one."""
    course = identity.course
    if course is None:
        return None
    leaving = identity.leaving
    rows = [*identity.lessons.rows.values(), *identity.lessons.others]
    return Consequences(
        before=course.title,
        after=document.title or course.title,
        lessons=sum(row.archived_at is None and row.module.archived_at is None for row in rows),
        archived=len(leaving),
        retitled=sum(map(_is_retitled, identity.lessons.guesses)),
        completers=count_completers(leaving),
    )


def _is_retitled(pair: Pair) -> bool:
    """Tell whether the lesson gets another title, and its text does not prove it the same."""
    return pair.part.simple_title != pair.row.simple_title and not pair.has_same_text


def questions_about(
    document: CourseDocument, identity: Identity, choice: Choice
) -> tuple[Question, ...]:
    """Return all that a person has to say before this import changes anything."""
    course = None if choice.is_made else _course_question(document, identity)
    return (course, *identity.questions) if course else identity.questions


def _course_question(document: CourseDocument, identity: Identity) -> CourseQuestion | None:
    target, course = identity.target, identity.course
    if target.must_ask:
        options = tuple(_option(document, each) for each in target.similar)
        reason = _("A course like this one exists already.")
        if course is not None:
            reason = _("The keys in this folder are those of “%(title)s”.") % {"title": course}
        return CourseQuestion(reason, options)
    effect = consequences_of(document, identity)
    if course is None or effect is None:
        return None
    replaces = target.is_by_origin and effect.replaces_much
    if effect.is_harmful or replaces:
        return CourseQuestion(effect.sentence(), (CourseOption(course),))
    return None


def _option(document: CourseDocument, course: Course) -> CourseOption:
    """Offer a course, and say what updating it would do to it."""
    target, choice = Target(course, is_foreign=document.key != course.key), Choice(into=course)
    effect = consequences_of(document, identify(document, target, NewKeys(), choice))
    return CourseOption(course, effect.sentence() if effect else "")
