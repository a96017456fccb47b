"""Addresses made of titles."""

from collections.abc import Callable

from django.utils.text import slugify

MAX_LENGTH = 80


def free_slug(title: str, *, is_taken: Callable[[str], bool], fallback: str) -> str:
    """Return a slug of `title` that is not taken, with "-2", "-3", … behind it where needed.

    Letters of every script are kept; `fallback` serves a title without any. The database's unique
    constraint still decides when two ask at once.
    """
    stem = slugify(title, allow_unicode=True)[:MAX_LENGTH].strip("-_") or fallback
    slug, number = stem, 1
    while is_taken(slug):
        number += 1
        slug = f"{stem}-{number}"
    return slug
