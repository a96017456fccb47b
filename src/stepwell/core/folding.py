"""Text folded for searching and sorting: small letters without accents, the same on all databases.

See docs/decisions/0026-search-and-sorting.md.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import models

# Letters that Unicode does not take apart, as people write them on other keyboards.
LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
)
ACCENTS = range(0x0300, 0x0370)  # Combining Diacritical Marks; vowel signs of other scripts stay
WHOLE = "й"  # a letter of its own, though Unicode takes it for и with an accent


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """Return text as it is compared: "Über" as "uber", "Физика" as "физика", "Straße" as "strasse".

    A second call changes nothing.
    """
    composed = unicodedata.normalize("NFC", text).casefold()
    parts = (each if each == WHOLE else unicodedata.normalize("NFKD", each) for each in composed)
    bare = "".join(sign for sign in "".join(parts) if ord(sign) not in ACCENTS)
    return unicodedata.normalize("NFC", bare.casefold().translate(LETTERS))


def words_to_find(search: str) -> list[str]:
    """Return the folded words of a search."""
    return fold(search).split()


class FoldedField(models.TextField):  # type: ignore[type-arg]  # no subscript at run time
    """The folded text of other fields, a line each: lists search in it and are sorted by it.

    It is set whenever a row is saved, by `Folding`.
    """

    def __init__(self, *of: str, most: int | None = None, **options: Any) -> None:
        self.of, self.most = of, most
        usual: dict[str, Any] = {"default": "", "editable": False, "blank": True}
        super().__init__(**usual | options)

    def deconstruct(self) -> Any:
        """Return what migrations write, with the names of the other fields."""
        name, path, _of, options = super().deconstruct()
        return name, path, self.of, options | ({"most": self.most} if self.most else {})

    def db_parameters(self, connection: Any) -> Any:
        """Sort by code points, which PostgreSQL would otherwise do by its own language."""
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | collation

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002  Django's
        """Fold the other fields' texts of now."""
        text = "\n".join(fold(str(getattr(model_instance, name))) for name in self.of)
        folded = text.replace("\0", "")[: self.most]
        setattr(model_instance, self.attname, folded)
        return folded


class Folding(models.Model):
    """A model with folded fields, which are saved together with those that they are made of."""

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        if update_fields is not None:
            named = set(update_fields)
            update_fields = named | {
                field.name
                for field in self._meta.concrete_fields
                if isinstance(field, FoldedField) and named.intersection(field.of)
            }
        super().save(update_fields=update_fields, **options)
