"""The table of a course's learners: what is asked of it, its addresses, and it all as CSV."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, Self
from unicodedata import category
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from stepwell.courses.models import Course
from stepwell.learning.queries import NEWEST_FIRST, SORTS, Learner, Learners

# Each column with the order that its heading gives first.
COLUMNS = (
    ("name", _("Name")),
    ("-progress", _("Progress")),
    ("next_lesson", _("Next lesson")),
    ("-last_activity", _("Last activity")),
    ("-enrolled", _("Enrolled")),
    ("-finished", _("Finished")),
)
STUCK_FOR = (7, 14, 30)  # days, that the table offers
BYTE_ORDER_MARK = "\ufeff"  # without it, a common spreadsheet program reads UTF-8 as Latin letters
PIECE = 50_000  # characters of the file that are sent at once
# A cell that begins so may be a formula: OWASP's page on CSV injection, with the fullwidth forms,
# and the pipe, by which spreadsheets named another program.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\uff5c")


@dataclass(frozen=True)
class Heading:
    """A column's heading: where it leads, and how the table is sorted by it now, if it is."""

    column: str
    title: str
    link: str
    sorted: str  # "ascending", "descending" or nothing


@dataclass(frozen=True)
class Wish:
    """Which learners are wanted, in which order; unknown values are ignored."""

    search: str = ""
    sort: str = NEWEST_FIRST
    stuck_for: int | None = None
    at: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        """Read an address's parameters."""
        sort, days = asked.get("sort", ""), asked.get("stuck", "")
        return cls(
            search=asked.get("q", "").strip(),
            sort=sort if sort in SORTS else NEWEST_FIRST,
            stuck_for=next((each for each in STUCK_FOR if str(each) == days), None),
            at=asked.get("at", ""),
        )

    def learners(self, course: Course) -> Learners:
        """Return the course's learners as wished for."""
        return Learners(
            course, search=self.search, sort=self.sort, stuck_for=self.stuck_for, at=self.at
        )

    @property
    def is_all(self) -> bool:
        return not (self.search or self.stuck_for or self.at)

    @property
    def parameters(self) -> dict[str, Any]:
        """What an address must hold, apart from what is so anyway."""
        named = {"q": self.search, "sort": self.sort, "stuck": self.stuck_for, "at": self.at}
        return {
            name: value
            for name, value in named.items()
            if value and (name, value) != ("sort", NEWEST_FIRST)
        }

    def link(self, **changes: Any) -> str:
        """Return the address of the same table but for the changes, on its first page."""
        return f"?{urlencode(replace(self, **changes).parameters)}"

    def headings(self) -> list[Heading]:
        return [self._heading(order, str(title)) for order, title in COLUMNS]

    def _heading(self, order: str, title: str) -> Heading:
        column = order.removeprefix("-")
        is_sorted = self.sort.removeprefix("-") == column
        if is_sorted and self.sort == order:
            order = column if order.startswith("-") else f"-{column}"
        direction = "descending" if self.sort.startswith("-") else "ascending"
        return Heading(column, title, self.link(sort=order), direction if is_sorted else "")


CSV_COLUMNS = (
    *("name", "email", "handle", "completed", "total", "percent", "next_lesson_number"),
    *("next_lesson", "last_activity_at", "idle_days", "enrolled_at", "finished_at"),
)


def csv_pieces(learners: Iterable[Learner]) -> Iterator[str]:
    """Yield the learners as CSV, some hundred at a time, headed by the names that the API uses."""
    piece = StringIO()
    writer = csv.writer(piece)
    writer.writerow(CSV_COLUMNS)
    yield BYTE_ORDER_MARK + _take(piece)
    for learner in learners:
        writer.writerow(_cells(learner))
        if piece.tell() > PIECE:
            yield _take(piece)
    yield _take(piece)


def _take(piece: StringIO) -> str:
    text = piece.getvalue()
    piece.seek(0)
    piece.truncate()
    return text


def _cells(learner: Learner) -> list[str | int]:
    following = learner.next_lesson
    return [
        _harmless(learner.name),
        _harmless(learner.email),
        _harmless(learner.handle),
        learner.progress.completed,
        learner.progress.total,
        learner.progress.percent,
        following.number if following else "",
        _harmless(following.title) if following else "",
        learner.last_activity_at.isoformat(timespec="seconds"),
        learner.idle_days,
        learner.enrolled_at.isoformat(timespec="seconds"),
        learner.finished_at.isoformat(timespec="seconds") if learner.finished_at else "",
    ]


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running somebody's name as a formula."""
    # Some programs drop blanks and invisible characters before they look at a cell.
    seen = next((at for at, each in enumerate(text) if category(each)[0] not in "ZC"), 0)
    is_formula = text.startswith(FORMULA_STARTS, seen) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_formula else text
