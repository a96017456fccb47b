"""What fits into the columns of courses, checked before a database refuses it."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stepwell.core.characters import CONTROL
from stepwell.core.slugs import slugify
from stepwell.courses.errors import BadValue, BadVideo

MOST_OUTCOMES, LONGEST_OUTCOME = 100, 1_000
ASSETS = "assets/"
WEB = ("https://", "http://")


def require_fitting(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Refuse texts that a column can't hold, empty titles, and addresses that are none.

    Raises `BadValue`, which names the field.
    """
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        if any(map(CONTROL.search, texts)):
            reason: str | None = _("leave out the character that can’t be shown.")
        elif isinstance(value, list):
            reason = _misfit_of_list(value)
        else:
            reason = _misfit(field, value) if isinstance(value, str) else None
        if reason:
            raise BadValue(field=capfirst(str(field.verbose_name)), reason=reason)


def _misfit_of_list(texts: list[str]) -> str | None:
    if len(texts) > MOST_OUTCOMES:
        return _("write at most %(limit)s lines.") % {"limit": MOST_OUTCOMES}
    if any(len(text) > LONGEST_OUTCOME for text in texts):
        return _("write at most %(limit)s characters a line.") % {"limit": LONGEST_OUTCOME}
    return None


def _misfit(field: models.Field[Any, Any], value: str) -> str | None:
    if field.max_length and len(value) > field.max_length:
        return _("write at most %(limit)s characters.") % {"limit": field.max_length}
    if isinstance(field, models.SlugField) and value != slugify(value):
        return _("write small letters, digits and hyphens only.")
    if not field.blank and not value.strip():
        return _("write something; it can’t stay empty.")
    return None


def require_video(video: str) -> None:
    """Refuse a video that is neither a file of the course nor a page of the web.

    Raises `BadVideo`.
    """
    if video and not video.startswith((*WEB, ASSETS)):
        raise BadVideo
