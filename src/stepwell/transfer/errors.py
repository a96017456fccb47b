"""Why a folder could not be read or written."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.core.errors import DomainError

if TYPE_CHECKING:
    from stepwell.transfer.questions import Question


class UnreadableSource(DomainError):
    """A file of the source is broken, hostile or out of bounds; nothing was imported."""

    code = "unreadable_source"
    sentence = gettext_lazy("%(place)s: %(reason)s")

    def __init__(self, path: str, reason: str | Promise, line: int | None = None) -> None:
        place = (
            path if line is None else _("%(path)s, line %(line)d") % {"path": path, "line": line}
        )
        super().__init__(path=path, line=line, place=place, reason=reason)


class UnknownLayout(DomainError):
    """The folder is none of the kinds that can be imported."""

    code = "unknown_layout"
    sentence = gettext_lazy(
        "No course was found in %(folder)s. It should hold one of: course.md (Stepwell's own "
        "layout), config.yaml with an episodes folder (Carpentries), _toctree.yml here or in a "
        "folder such as en, or numbered folders with a README.md in each."
    )


class BadZip(DomainError):
    """A zip file is none, or holds what is not taken."""

    code = "bad_zip"
    sentence = gettext_lazy("This is no zip file of a course folder that can be taken. %(reason)s")


class NotYourCourse(DomainError):
    """Somebody wants to update or take along a course that they don't teach."""

    code = "not_your_course"
    sentence = gettext_lazy(
        "“%(title)s” is taught by others. Ask them, or take the keys out of its files first."
    )


class KeyElsewhere(DomainError):
    """A key in the source is that of something in another course."""

    code = "key_elsewhere"
    sentence = gettext_lazy(
        "%(path)s: the key %(key)s belongs to another course. Remove the key to get a new one."
    )


class ImportStopped(DomainError):
    """An import would do what only a person can decide; nothing was changed."""

    code = "import_stopped"
    sentence = gettext_lazy("%(asked)s\nNothing was changed.")

    def __init__(self, questions: "tuple[Question, ...]") -> None:
        asked = "\n".join(f"{each.sentence()} {each.command()}" for each in questions)
        super().__init__(asked=asked)


class CourseChanged(DomainError):
    """Somebody changed the course after the plan of an import was made."""

    code = "course_changed"
    sentence = gettext_lazy("“%(title)s” has changed since this plan was made. Look at it again.")


class AnswerMissing(DomainError):
    """A question of a plan has no answer yet."""

    code = "answer_missing"
    sentence = gettext_lazy("Choose an answer to each question first.")


class NoSuchLesson(DomainError):
    """An answer names a file that is no lesson of the source."""

    code = "no_such_lesson"
    sentence = gettext_lazy(
        "%(path)s is no lesson of this folder. Write its path below the folder."
    )


class FolderUnwritable(DomainError):
    """The folder to export into can't be made, looked into or written."""

    code = "folder_unwritable"
    sentence = gettext_lazy(
        "%(folder)s can't be written: %(reason)s. Choose another folder or mend its permissions."
    )


class FolderTaken(DomainError):
    """The folder to export into holds something that the export must not overwrite."""

    code = "folder_taken"
    sentence = gettext_lazy(
        "%(folder)s is not empty and holds no earlier export of this course. "
        "Choose another folder or empty it first."
    )
