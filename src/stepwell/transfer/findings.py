"""What an import could not take as it was, and says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    """Whether something is missing now, or only has another form."""

    WARNING = "warning"
    NOTE = "note"


class FindingKind(StrEnum):
    LINK_BROKEN = "link-broken"
    LINK_OUTSIDE = "link-outside"
    LINK_STUCK = "link-stuck"
    LINK_DEAD = "link-dead"
    ANCHOR_MISSING = "anchor-missing"
    IMAGE_MISSING = "image-missing"
    PAGE_LEFT_OUT = "page-left-out"
    BODY_LEFT_OUT = "body-left-out"
    FILE_LEFT_OUT = "file-left-out"
    TEXT_LEFT_OUT = "text-left-out"
    COMPONENT_UNKNOWN = "component-unknown"
    COMPONENT_REPLACED = "component-replaced"
    COMPONENT_LEFT_OUT = "component-left-out"
    DARK_IMAGE_LEFT_OUT = "dark-image-left-out"
    IMAGE_ELSEWHERE = "image-elsewhere"
    BLOCK_UNKNOWN = "block-unknown"
    BLOCK_UNBALANCED = "block-unbalanced"
    EMBED_REPLACED = "embed-replaced"
    VIDEO_REPLACED = "video-replaced"
    MARKUP_REMOVED = "markup-removed"
    QUIZ_UNMATCHED = "quiz-unmatched"
    FIELD_UNKNOWN = "field-unknown"
    VALUE_SHORTENED = "value-shortened"


NOTES = {
    FindingKind.COMPONENT_REPLACED,
    FindingKind.COMPONENT_LEFT_OUT,
    FindingKind.DARK_IMAGE_LEFT_OUT,
    FindingKind.IMAGE_ELSEWHERE,
    FindingKind.EMBED_REPLACED,
    FindingKind.VIDEO_REPLACED,
    FindingKind.ANCHOR_MISSING,
    FindingKind.VALUE_SHORTENED,
}

SENTENCES: dict[FindingKind, str | Promise] = {
    FindingKind.LINK_BROKEN: _("The link to %s leads nowhere; its text was kept."),
    FindingKind.LINK_OUTSIDE: _("The link to %s leads to a page that is no part of any lesson."),
    FindingKind.LINK_STUCK: _("The link to %s is written in a way that could not be changed."),
    FindingKind.LINK_DEAD: _("Nothing is at %s; it was kept as it is written."),
    FindingKind.ANCHOR_MISSING: _("The link to %s names a heading that is not there."),
    FindingKind.IMAGE_MISSING: _("The image %s is missing; its description was kept."),
    FindingKind.PAGE_LEFT_OUT: _("No lesson links to this page, so it was left out."),
    FindingKind.FILE_LEFT_OUT: _("Nothing links to these files, so they were left out: %s"),
    FindingKind.TEXT_LEFT_OUT: _("Only the introduction is taken as description; lines %s not."),
    FindingKind.BODY_LEFT_OUT: _("A module has no text of its own; put it into a lesson."),
    FindingKind.COMPONENT_UNKNOWN: _("The component %s is not known; a note stands in its place."),
    FindingKind.COMPONENT_REPLACED: _("The component %s was put in another form."),
    FindingKind.COMPONENT_LEFT_OUT: _("The component %s holds nothing to read and was left out."),
    FindingKind.DARK_IMAGE_LEFT_OUT: _("The image for dark pages was left out: %s"),
    FindingKind.IMAGE_ELSEWHERE: _("The image lies on another site and was not copied: %s"),
    FindingKind.BLOCK_UNKNOWN: _("The block “%s” is not known; it became a note."),
    FindingKind.BLOCK_UNBALANCED: _("The block “%s” is not closed, or closed without being open."),
    FindingKind.EMBED_REPLACED: _("Embedded content became a link: %s"),
    FindingKind.VIDEO_REPLACED: _("The picture that links to a video became a player: %s"),
    FindingKind.MARKUP_REMOVED: _("Markup that lessons can't hold was removed: %s"),
    FindingKind.QUIZ_UNMATCHED: _("The quiz “%s” is linked by no lesson and was left out."),
    FindingKind.FIELD_UNKNOWN: _("The field “%s” means nothing here and was left out."),
    FindingKind.VALUE_SHORTENED: _("The text is too long for its place and was shortened: %s"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was left out or changed: where it stood, and why."""

    kind: FindingKind
    path: str
    line: int | None = None
    detail: str = ""

    @property
    def severity(self) -> Severity:
        return Severity.NOTE if self.kind in NOTES else Severity.WARNING

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.kind]).replace("%s", self.detail)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings without repetitions, by file and line."""
    return tuple(sorted(set(findings), key=lambda f: (f.path, f.line or 0, f.kind, f.detail)))
