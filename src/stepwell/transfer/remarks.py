"""What an import may do otherwise than its author expects, in sentences for its report."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.courses.models import Course, Status
from stepwell.courses.queries import get_empty_lessons
from stepwell.transfer.choices import Choice
from stepwell.transfer.consequences import Consequences
from stepwell.transfer.report import ChangeKind, Noun
from stepwell.transfer.update import Update


def remarks_on(
    update: Update, effect: Consequences | None, choice: Choice, *, is_plan: bool
) -> Iterator[str]:
    """Name courses that were perhaps meant, whom it concerns, and lessons that nobody sees yet."""
    if update.identity.course is None and not update.identity.target.must_ask:
        for twin in update.identity.target.similar:
            yield _twin_sentence(twin)
    is_told = bool(is_plan and choice.into and effect and effect.is_harmful)
    if effect and is_told:
        yield effect.sentence()
    created = {
        change.path
        for change in update.changes
        if change.noun == Noun.LESSON and change.kind == ChangeKind.CREATED
    }
    hidden = [
        document
        for document in update.document.lessons
        if document.path in created
        and document.status != Status.DRAFT
        and update.lessons[document.path].status == Status.DRAFT
    ]
    if effect and effect.completers and not is_told:
        yield (
            ngettext(
                "%d learner completed lessons that are archived by this; what they did is kept.",
                "%d learners completed lessons that are archived by this; what they did is kept.",
                effect.completers,
            )
            % effect.completers
        )
    if hidden and update.course.is_published:
        yield ngettext(
            "%d new lesson is a draft and not visible yet; "
            "publish it in the studio, or import again and publish.",
            "%d new lessons are drafts and not visible yet; "
            "publish them in the studio, or import again and publish.",
            len(hidden),
        ) % len(hidden)


def remarks_on_empty(course: Course, *, with_drafts: bool) -> Iterator[str]:
    """Name the lessons that have nothing to show, or would not once they are published."""
    for lesson in get_empty_lessons(course, with_drafts=with_drafts):
        if lesson.status == Status.PUBLISHED:
            sentence = _(
                "The lesson “%(title)s” is empty. Learners see its title and nothing else."
            )
        else:
            sentence = _("The lesson “%(title)s” is empty. Write it before you publish it.")
        yield sentence % {"title": lesson.title}


def _twin_sentence(twin: Course) -> str:
    words = {"title": twin.title, "address": twin.get_absolute_url(), "slug": twin.slug}
    return (
        _(
            "A course like this one exists already: “%(title)s” at %(address)s. To update that one "
            "instead, import with --into %(slug)s."
        )
        % words
    )
