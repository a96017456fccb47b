"""Which day a moment belongs to, for a learner who may have changed the time zone.

A learner's day begins in one zone and ends there. A change of the zone begins no new day, and dates
that it leaves out are not missed. See docs/decisions/0027.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True)
class LearnerDay:
    """A learner's day, the zone in which it began, and the dates left out just before it."""

    date: date
    zone: str
    skipped: int = 0


def is_zone(name: str) -> bool:
    """Tell whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def date_in(zone: str, moment: datetime) -> date:
    """Return the date that a moment has in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_after(
    last: LearnerDay | None, moment: datetime, zone: str, reached: date | None = None
) -> LearnerDay:
    """Return the day that a moment in this zone belongs to, after the last day with a lesson.

    `reached` is the latest date that the learner was at when they changed the zone.
    """
    today = date_in(zone, moment)
    if last is None or last.zone in {"", zone}:
        return LearnerDay(today, zone)
    here = (today - last.date).days
    there = (date_in(last.zone, moment) - last.date).days
    if here < 0 and there < 0:  # a moment before that day, which comes late
        return LearnerDay(today, zone)
    # The last day goes on until a later one has begun both there and here.
    passed = min(here, there)
    # A day that had begun before the zone was changed stays begun.
    begun = min((reached - last.date).days, there) if reached else 0
    if begun > max(here, 0):
        return LearnerDay(last.date + timedelta(days=begun), last.zone)
    return last if passed <= 0 else LearnerDay(today, zone, here - passed)
