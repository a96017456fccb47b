"""Addresses made of titles."""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from stepwell.core.characters import is_invisible, words_in

MAX_LENGTH = 80
# The last one is between the syllables of Tibetan.
BETWEEN_WORDS = "-_\u0f0b"
# Vowels of Thai and Lao that NFKC takes apart, and that keyboards write as one character.
VOWELS = {"\u0e4d\u0e32": "\u0e33", "\u0ecd\u0eb2": "\u0eb3"}


def slugify(title: str) -> str:
    """Return the title in small letters of its script, with hyphens for spaces.

    Django's function of this name leaves out combining marks, which this one keeps.
    """
    visible = "".join(each for each in title if not is_invisible(each))
    # Small letters may be put together otherwise than capital ones.
    text = normalize("NFKC", normalize("NFKC", visible).lower())
    for parts, vowel in VOWELS.items():
        text = text.replace(parts, vowel)
    words = words_in(re.sub(r"\s", "-", text), also=BETWEEN_WORDS)
    return re.sub("-+", "-", words).strip(BETWEEN_WORDS)


def require_slug(value: str) -> None:
    """Raise `ValidationError` for a text that `slugify` would change."""
    if value != slugify(value):
        raise ValidationError(_("Write small letters, digits and hyphens only."), code="invalid")


class SlugField(models.SlugField[str, str]):
    """Django's, which also takes combining marks. To migrations it is Django's."""

    default_validators = [require_slug]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"allow_unicode": True})
        # Django puts a validator of its own in their place.
        self.default_validators = [require_slug]

    def deconstruct(self) -> Any:
        """Describe the field as Django's."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.SlugField", args, options


def free_slug(title: str, *, is_taken: Callable[[str], bool], fallback: str) -> str:
    """Return a slug of `title` that is not taken, with "-2", "-3", … behind it where needed.

    Letters of every script are kept; `fallback` serves a title without any. The database's unique
    constraint still decides when two ask at once.
    """
    stem = slugify(title)[:MAX_LENGTH].strip(BETWEEN_WORDS) or fallback
    slug, number = stem, 1
    while is_taken(slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug
