"""What fits into the columns of courses, checked before a database refuses it."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from stepwell.core.characters import CONTROL
from stepwell.courses.errors import BadValue, BadVideo

ASSETS = "assets/"
WEB = ("https://", "http://")


def require_fitting(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Refuse texts that a column can't hold, empty titles, and addresses that are none.

    Raises `BadValue`, which names the field.
    """
    for name, value in values.items():
        field = model._meta.get_field(name)
        texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        if any(map(CONTROL.search, texts)):
            reason: str | None = _("leave out the character that can’t be shown.")
        else:
            reason = _misfit(field, value) if isinstance(value, str) else None  # type: ignore[arg-type]  # a column
        if reason:
            raise BadValue(field=capfirst(str(field.verbose_name)), reason=reason)  # type: ignore[union-attr]  # a column


def _misfit(field: models.Field[Any, Any], value: str) -> str | None:
    if field.max_length and len(value) > field.max_length:
        return _("write at most %(limit)s characters.") % {"limit": field.max_length}
    if isinstance(field, models.SlugField) and value != slugify(value, allow_unicode=True):
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
