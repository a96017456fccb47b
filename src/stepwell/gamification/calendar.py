"""A year of learning, day by day, as weeks that begin on Monday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stepwell.gamification.streaks import DAY, week_of

WEEKS = 53
SHADES = (1, 2, 4, 7)  # lessons a day from which a day is drawn darker


@dataclass(frozen=True)
class Day:
    """A day with the lessons that were completed on it for the first time; `shade` is 0 to 4."""

    date: date
    lessons: int

    @property
    def shade(self) -> int:
        return sum(self.lessons >= least for least in SHADES)


@dataclass(frozen=True)
class Year:
    """The weeks up to today's, the last one up to today."""

    weeks: tuple[tuple[Day, ...], ...]

    @property
    def days(self) -> list[Day]:
        """Days with lessons, latest first."""
        return [day for week in reversed(self.weeks) for day in reversed(week) if day.lessons]

    @property
    def lesson_count(self) -> int:
        return sum(day.lessons for day in self.days)


def year_until(today: date, lessons_by_day: Mapping[date, int]) -> Year:
    """Return the year that ends with today's week."""
    first = week_of(today) - 7 * (WEEKS - 1) * DAY
    days = [first + number * DAY for number in range((today - first).days + 1)]
    drawn = [Day(day, lessons_by_day.get(day, 0)) for day in days]
    return Year(tuple(tuple(drawn[at : at + 7]) for at in range(0, len(drawn), 7)))
