"""Public keys: names of things that survive renaming, moving, export and import."""

import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 12  # 60 random bits: no collision to expect below a billion keys

validate_key = RegexValidator(
    rf"\A[a-z2-7]{{{LENGTH}}}\Z", _("A key is 12 characters of a-z and 2-7."), code="bad_key"
)


def new_key() -> str:
    """Return a fresh random key."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


class KeyField(models.CharField):  # type: ignore[type-arg]  # no subscript at run time
    """A unique public key, made when the row is, and never changed."""

    def __init__(self, **options: object) -> None:
        options |= {
            "max_length": LENGTH,
            "unique": True,
            "editable": False,
            "default": new_key,
            "validators": [validate_key],
        }
        super().__init__(**options)  # type: ignore[arg-type]  # options are checked by CharField
