"""Days learned in a row, and the freeze that saves one missed day a week.

Weeks begin on Monday, and each brings a freeze: one missed day of it does not break a streak. Saved
days keep a streak alive but are not counted. So a Sunday and the Monday after it can both be saved,
two days of one week can't.

A change of the time zone may leave dates out. They count as if they had never been.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
NONE: Mapping[date, int] = {}
MOST_SAVED = 2  # missed days in a row: more of them lie in two weeks only


@dataclass(frozen=True)
class Streak:
    """Days learned in a row; `length` is 0 once it is broken, `saved` are days that a freeze saved.

    `is_safe` tells whether today counts already.
    """

    length: int = 0
    is_safe: bool = False
    saved: tuple[date, ...] = ()
    longest: int = 0


@dataclass
class _Run:
    """The days of one streak in order, and those among them that were saved."""

    days: list[date]
    used: set[date]  # the weeks whose freeze is gone, by their Mondays; shared by all runs
    saved: list[date] = field(default_factory=list)

    def reaches(self, day: date, skipped: int = 0) -> bool:
        """Tell whether learning on a later day goes on with this streak; if so, save the gap.

        `skipped` dates before that day are not missed.
        """
        gap = (day - self.days[-1]).days - 1 - skipped
        if gap > MOST_SAVED:
            return False
        missed = [self.days[-1] + number * DAY for number in range(1, gap + 1)]
        weeks = set(map(week_of, missed))
        if len(weeks) < gap or weeks & self.used:
            return False
        self.used |= weeks
        self.saved += missed
        return True


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - day.weekday() * DAY


def places_in_streaks(days: Iterable[date], skipped: Mapping[date, int] = NONE) -> dict[date, int]:
    """Tell for each day learned how many days in a row it made, itself included.

    `skipped` tells how many dates were left out before a day.
    """
    return {day: place for run in _runs(days, skipped) for place, day in enumerate(run.days, 1)}


def streak_on(today: date, days: Iterable[date], skipped: Mapping[date, int] = NONE) -> Streak:
    """Return the streak as of today, a day that is not over yet."""
    runs = _runs((day for day in days if day <= today), skipped)
    if not runs:
        return Streak()
    last, longest = runs[-1], max(len(run.days) for run in runs)
    is_safe = last.days[-1] == today
    # It lives as long as learning today would go on with it.
    if not is_safe and not last.reaches(today, skipped.get(today, 0)):
        return Streak(longest=longest)
    return Streak(len(last.days), is_safe, tuple(last.saved), longest)


def _runs(days: Iterable[date], skipped: Mapping[date, int]) -> list[_Run]:
    runs: list[_Run] = []
    used: set[date] = set()
    for day in sorted(set(days)):
        if runs and runs[-1].reaches(day, skipped.get(day, 0)):
            runs[-1].days.append(day)
        else:
            runs.append(_Run([day], used))
    return runs
