"""Long answers, a window at a time."""

from typing import Any, Literal

from django.db.models import QuerySet
from ninja import Field, Schema

from stepwell.courses.models import Course
from stepwell.courses.queries import Catalog
from stepwell.learning.queries import NEWEST_FIRST, SORTS, Learners


class Window(Schema):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=200, description="How many items at most.")
    offset: int = Field(0, ge=0, le=2**31 - 1, description="How many items to skip.")

    def cut(self, rows: "QuerySet[Any] | Catalog | Learners | list[Any]") -> tuple[list[Any], int]:
        """Return the rows in the window and how many there are in all; two queries at most."""
        part = list(rows[self.offset : self.offset + self.limit])
        return part, rows.count() if isinstance(rows, QuerySet) else len(rows)


class CatalogWindow(Window):
    """Which part of the catalog is wanted, and of which courses."""

    q: str = Field("", max_length=200, description="Words to look for.")


class LearnersWindow(Window):
    """Which part of a course's learners is wanted, of which ones, and in which order."""

    q: str = Field("", max_length=200, description="Words of name or email.")
    sort: Literal[SORTS] = Field(  # type: ignore[valid-type]  # the names of columns, written once
        NEWEST_FIRST, description="A column; with a hyphen before it, the other way round."
    )
    stuck: int | None = Field(
        None, ge=0, le=36_500, description="Only those without activity for so many days."
    )
    at: str = Field("", max_length=20, description="Key of the next lesson.")

    def of(self, course: Course) -> Learners:
        """Return the course's learners as wished for."""
        return Learners(course, search=self.q, sort=self.sort, stuck_for=self.stuck, at=self.at)


class BoardWish(Schema):
    """Which leaderboard is wanted."""

    period: Literal["day", "week", "month", "all"] = Field(
        "week", description="Since when points count."
    )
    course: str = Field("", max_length=90, description="Slug of a course; empty: the site.")
