"""What an import may do otherwise than its author expects, in sentences for its report."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.accounts.models import User
from stepwell.courses.models import Course, Status
from stepwell.learning.queries import count_completers
from stepwell.transfer.report import ChangeKind, Noun
from stepwell.transfer.update import Update


def remarks_on(update: Update, person: User | None = None) -> Iterator[str]:
    """Name the course that was perhaps meant, whom it concerns, and lessons that nobody sees yet.

    A `person` hears of courses that they teach only.
    """
    twin = _twin(update, person) if update.identity.course is None else None
    if twin is not None:
        yield _twin_sentence(twin, update.is_own_layout)
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
    completers = count_completers(update.archived)
    if completers:
        yield (
            ngettext(
                "%d learner completed lessons that are archived by this; what they did is kept.",
                "%d learners completed lessons that are archived by this; what they did is kept.",
                completers,
            )
            % completers
        )
    if hidden and update.course.is_published:
        yield ngettext(
            "%d new lesson is a draft and not visible yet; "
            "publish it in the studio, or import again and publish.",
            "%d new lessons are drafts and not visible yet; "
            "publish them in the studio, or import again and publish.",
            len(hidden),
        ) % len(hidden)


def _twin(update: Update, person: User | None) -> Course | None:
    others = Course.objects.active().exclude(pk=update.course.pk)
    if person is not None:
        others = others.taught_by(person)
    return others.filter(title=update.course.title).order_by("pk").first()


def _twin_sentence(twin: Course, is_own_layout: bool) -> str:
    words = {"address": twin.get_absolute_url(), "key": twin.key, "folder": twin.source}
    if is_own_layout:
        return (
            _(
                "A course of this title exists already at %(address)s; to update that one instead, "
                "put “key: %(key)s” into course.md."
            )
            % words
        )
    if not twin.source:
        return _("A course of this title exists already at %(address)s.") % words
    return (
        _(
            "A course of this title exists already at %(address)s; to update that one instead, "
            "name the folder “%(folder)s”, as it was called then."
        )
        % words
    )
