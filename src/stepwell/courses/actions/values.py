"""What fits into the columns of courses, checked before a database refuses it."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from stepwell.courses.errors import BadValue


def require_fitting(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Refuse texts that a column can't hold, empty titles, and addresses that are none.

    Raises `BadValue`, which names the field.
    """
    for name, value in values.items():
        field = model._meta.get_field(name)
        reason = _misfit(field, value) if isinstance(value, str) else None  # type: ignore[arg-type]  # a column
        if reason:
            raise BadValue(field=capfirst(str(field.verbose_name)), reason=reason)  # type: ignore[union-attr]  # a column


def _misfit(field: models.Field[Any, Any], value: str) -> str | None:
    if "\0" in value:
        return _("leave out the character that can’t be shown.")
    if field.max_length and len(value) > field.max_length:
        return _("write at most %(limit)s characters.") % {"limit": field.max_length}
    if isinstance(field, models.SlugField) and value != slugify(value, allow_unicode=True):
        return _("write small letters, digits and hyphens only.")
    if not field.blank and not value.strip():
        return _("write something; it can’t stay empty.")
    return None
