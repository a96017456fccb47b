"""What the editor sends: a title, the revision it began with, and a text in one of two forms."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field, ValidationError

from stepwell.core.errors import DomainError


class BadDraft(DomainError):
    code = "bad_draft"
    sentence = _("The editor sent something that can’t be read. Copy your text, and load the page.")


class _Sent(BaseModel):
    base: int = Field(0, ge=0)
    sitting: str = Field("", max_length=40)
    title: str = Field("", max_length=1_000)
    markdown: str | None = None  # rendering limits it, with a better sentence
    blocks: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Draft:
    """A lesson as somebody writes it; `base` is the revision that they began with.

    `sitting` names the window that they write in.
    """

    base: int
    sitting: str
    title: str
    markdown: str


def read_draft(request: HttpRequest) -> Draft:
    """Read what the editor sent. Raises `BadDraft`."""
    if request.content_type != "application/json":  # the body of a form has been read already
        raise BadDraft
    # Who only reads the studio's pages needs none of it.
    from stepwell.core.markdown.visual import BadDocument, source_of  # noqa: PLC0415

    try:
        sent = _Sent.model_validate_json(request.body)
        markdown = source_of(sent.blocks) if sent.blocks is not None else sent.markdown or ""
    except (BadDocument, ValidationError):
        raise BadDraft from None
    if "\0" in markdown or "\0" in sent.title:
        raise BadDraft
    return Draft(sent.base, sent.sitting, sent.title, markdown)
