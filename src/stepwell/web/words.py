"""Words around figures, in the language of the person who reads: durations, counts, ages."""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext as look_up  # of templates' literals, found there

from stepwell.accounts.models import Mailed
from stepwell.courses.outlines import Instructor
from stepwell.learning.actions import Result
from stepwell.learning.queries import Progress
from stepwell.school.models import OutgoingMail


def translate(message: str) -> str:
    """Return a sentence in the reader's language. Kept once found: a page asks for dozens."""
    return _translated(message, get_language())


@lru_cache(maxsize=5_000)
def _translated(message: str, _language: str | None) -> str:
    return look_up(message)


def duration(minutes: int) -> str:
    """Return minutes as "45 min" or "2 h 10 min"; nothing for 0, which means unknown."""
    return _duration(minutes, get_language()) if minutes else ""


@lru_cache(maxsize=1_000)
def _duration(minutes: int, _language: str | None) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)d h") % {"n": hours}] if hours else []
    parts += [_("%(n)d min") % {"n": rest}] if rest else []
    return " ".join(parts)


def lesson_count(count: int) -> str:
    """Return "1 lesson" or "12 lessons"."""
    return ngettext("%(n)d lesson", "%(n)d lessons", count) % {"n": count}


def learner_count(count: int) -> str:
    """Return "1 learner" or "12 learners"."""
    return ngettext("%(n)d learner", "%(n)d learners", count) % {"n": count}


def callout_names() -> list[tuple[str, str]]:
    """Return how callouts are written, and what they are called."""
    # Only authors need it, and it loads the Markdown parser.
    from stepwell.core.markdown.callouts import callout_names as names  # noqa: PLC0415

    return names()


def outcome_words(result: Result) -> str:
    """Say what became of an address that was to be enrolled."""
    return str(OUTCOMES[result])


OUTCOMES = {
    Result.ENROLLED: gettext_lazy("enrolled"),
    Result.AGAIN: gettext_lazy("enrolled again, with the progress of before"),
    Result.ALREADY: gettext_lazy("was enrolled already"),
    Result.INVITED: gettext_lazy("invited by mail, enrolled on joining"),
    Result.INVITED_BEFORE: gettext_lazy("was invited before; send the mail again below"),
    Result.WAITING: gettext_lazy("enrolled as soon as the course opens"),
    Result.REPEATED: gettext_lazy("is in the list twice"),
    Result.SUSPENDED: gettext_lazy("suspended, so not enrolled"),
    Result.BAD: gettext_lazy("no email address; write it like name@example.org"),
}


def mail_words(row: Mailed) -> str:
    """Say what became of the mail that a row is for."""
    if row.has_failed:
        return _("the mail could not be sent")
    if row.sent_at is None or row.sent_at < row.queued_at:
        return _("no mail has left yet")
    return _("mailed")


def unsent_words(mail: OutgoingMail) -> str:
    """Say why a mail has not left, and whether it is tried again."""
    if not mail.attempts and not mail.error:
        return _("on its way")
    sentence = _("given up: %(error)s") if mail.has_failed else _("tried again later: %(error)s")
    return sentence % {"error": mail.error}


def failed_mails(count: int) -> str:
    """Say how many mails were given up."""
    sentence = ngettext("%(n)s mail could not be sent.", "%(n)s mails could not be sent.", count)
    return sentence % {"n": count}


def unchanged_lines(count: int) -> str:
    """Say how much of a text is left out between two changes."""
    return ngettext("… %(n)s line as before …", "… %(n)s lines as before …", count) % {"n": count}


def impact_learners(count: int) -> str:
    """Say how many are in the course."""
    return ngettext(
        "%(n)s learner is enrolled in the course.",
        "%(n)s learners are enrolled in the course.",
        count,
    ) % {"n": count}


def impact_completed(count: int, noun: str) -> str:
    """Say how many completed the lesson, or something of the module, and that it is kept."""
    sentence = (
        ngettext(
            "%(n)s learner completed this lesson; their completion is kept.",
            "%(n)s learners completed this lesson; their completions are kept.",
            count,
        )
        if noun == "lesson"
        else ngettext(
            "%(n)s learner completed lessons of this module; their completions are kept.",
            "%(n)s learners completed lessons of this module; their completions are kept.",
            count,
        )
    )
    return sentence % {"n": count}


def impact_finishing(count: int) -> str:
    """Say how many would have nothing open any more, which finishes the course for good."""
    return ngettext(
        "%(n)s learner has nothing else open and finishes the course by it, for good.",
        "%(n)s learners have nothing else open and finish the course by it, for good.",
        count,
    ) % {"n": count}


def impact_suspended(count: int) -> str:
    """Say how many of those who finish are suspended."""
    return ngettext("%(n)s of them is suspended.", "%(n)s of them are suspended.", count) % {
        "n": count
    }


def new_lessons(count: int) -> str:
    """Return "1 new lesson" or "12 new lessons"."""
    return ngettext("%(n)s new lesson", "%(n)s new lessons", count) % {"n": count}


def taught_by(instructors: Iterable[Instructor]) -> str:
    """Return "with Noor Rahmani, Elias Moreau"."""
    return _("with %(names)s") % {"names": ", ".join(person.name for person in instructors)}


def earlier_attempts(count: int) -> str:
    """Return "1 earlier attempt" or "2 earlier attempts"."""
    return ngettext("%(n)s earlier attempt", "%(n)s earlier attempts", count) % {"n": count}


def empty_lessons(count: int) -> str:
    """Return "1 lesson is empty", as a heading."""
    return ngettext("%(n)s lesson is empty", "%(n)s lessons are empty", count) % {"n": count}


def kept_words(progress: Progress) -> str:
    """Return what is completed already, and what to do, for one who is not enrolled."""
    return ngettext(
        "You completed %(completed)s of %(total)s lesson before. Enroll to go on from there.",
        "You completed %(completed)s of %(total)s lessons before. Enroll to go on from there.",
        progress.total,
    ) % {"completed": progress.completed, "total": progress.total}


def progress_words(progress: Progress) -> str:
    """Return "1 of 1 lesson completed" or "7 of 12 lessons completed"."""
    return _progress_words(progress.completed, progress.total, get_language())


@lru_cache(maxsize=5_000)
def _progress_words(completed: int, total: int, _language: str | None) -> str:
    return ngettext(
        "%(completed)s of %(total)s lesson completed",
        "%(completed)s of %(total)s lessons completed",
        total,
    ) % {"completed": completed, "total": total}


def ago(age: timedelta) -> str:
    """Say it as a whole phrase: a language may bend the word for days after its "ago"."""
    minutes, hours = int(age.total_seconds()) // 60, int(age.total_seconds()) // 3600
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if age.days < 1:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", age.days) % {"n": age.days}
