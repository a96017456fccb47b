"""Long answers, a window at a time."""

from typing import Any

from django.db.models import QuerySet
from ninja import Field, Schema

from stepwell.courses.queries import Catalog

WITHOUT_NUL = r"^[^\x00]*$"  # PostgreSQL refuses to look for such a text


class Window(Schema):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=200, description="How many items at most.")
    offset: int = Field(0, ge=0, le=2**31 - 1, description="How many items to skip.")

    def cut(self, rows: "QuerySet[Any] | Catalog | list[Any]") -> tuple[list[Any], int]:
        """Return the rows in the window and how many there are in all; two queries at most."""
        part = list(rows[self.offset : self.offset + self.limit])
        return part, rows.count() if isinstance(rows, QuerySet) else len(rows)


class CatalogWindow(Window):
    """Which part of the catalog is wanted, and of which courses."""

    q: str = Field("", max_length=200, pattern=WITHOUT_NUL, description="Words to look for.")
