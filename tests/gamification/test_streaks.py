"""Days in a row: where a day ends, what a freeze saves, and what no calendar can break."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.gamification.streaks import (
    DAY,
    Streak,
    places_in_streaks,
    streak_on,
    week_of,
)

# 2024 began on a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2024, 1, day) for day in range(1, 8))
NEXT_MON, NEXT_TUE, NEXT_WED = (date(2024, 1, day) for day in (8, 9, 10))


@pytest.mark.parametrize(
    ("learned", "today", "length"),
    [
        ([], MON, 0),
        ([MON], MON, 1),
        ([MON], TUE, 1),  # today is not over
        ([MON, TUE, WED], WED, 3),
        ([MON, TUE, WED], THU, 3),
        ([MON, TUE, WED], FRI, 3),  # Thursday is saved
        ([MON, TUE, WED], SAT, 0),  # Thursday and Friday are of one week
        ([MON, WED], WED, 2),  # Tuesday is saved, and not counted
        ([MON, WED, FRI], FRI, 1),  # the week's freeze went with Tuesday
        ([MON, WED, THU], SAT, 0),
        ([SAT, NEXT_TUE], NEXT_TUE, 2),  # Sunday and Monday are of different weeks
        ([SAT], NEXT_TUE, 1),
        ([SAT], NEXT_WED, 0),
        ([FRI, NEXT_MON], NEXT_MON, 1),  # Saturday and Sunday are of one week
        ([FRI, SUN, NEXT_TUE], NEXT_TUE, 3),  # a freeze each week
        ([MON, WED, THU, SUN], SUN, 1),  # broken on Friday and Saturday
        ([MON, WED, SUN, NEXT_TUE], NEXT_TUE, 2),  # a new week, a new freeze
        ([date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)], date(2024, 3, 1), 3),
        ([date(2023, 2, 28), date(2023, 3, 1)], date(2023, 3, 1), 2),
        ([date(2023, 12, 31), date(2024, 1, 1)], MON, 2),
    ],
)
def test_days_in_a_row(learned: list[date], today: date, length: int) -> None:
    assert streak_on(today, learned).length == length


def test_saved_days_are_named() -> None:
    assert streak_on(THU, [MON, WED]) == Streak(length=2, is_safe=False, saved=(TUE,), longest=2)


def test_today_is_safe_once_something_was_learned() -> None:
    assert not streak_on(TUE, [MON]).is_safe
    assert streak_on(TUE, [MON, TUE]).is_safe


def test_the_longest_streak_outlives_its_end() -> None:
    learned = [MON, TUE, WED, date(2024, 2, 5)]

    assert streak_on(date(2024, 2, 5), learned).longest == 3


def test_days_that_come_are_not_counted() -> None:
    assert streak_on(MON, [MON, TUE]).length == 1


def test_a_broken_streak_used_its_weeks_freeze() -> None:
    # Tuesday was saved; then Thursday and Friday broke it, and Sunday can't be saved any more.
    assert streak_on(NEXT_MON, [MON, WED, SAT, NEXT_MON]).length == 1


@pytest.mark.parametrize(
    ("zone", "moments", "length"),
    [
        # An hour that does not exist, and one that comes twice, leave each day a day.
        ("Europe/Berlin", ["2024-03-30 23:30", "2024-03-31 03:30", "2024-04-01 00:10"], 3),
        ("Europe/Berlin", ["2024-10-26 23:59", "2024-10-27 02:30", "2024-10-28 00:00"], 3),
        ("America/New_York", ["2024-03-09 23:59", "2024-03-10 23:59", "2024-03-11 00:00"], 3),
        # Midnight itself, in a zone where one day in the year began at one o'clock.
        ("America/Havana", ["2024-03-09 12:00", "2024-03-10 01:00", "2024-03-11 00:00"], 3),
        # Half-hours, and a day that a country skipped: Samoa had no 30 December 2011.
        ("Asia/Kathmandu", ["2024-01-01 23:59", "2024-01-02 00:00"], 2),
        ("Pacific/Apia", ["2011-12-29 12:00", "2011-12-31 12:00"], 2),
        ("Pacific/Kiritimati", ["2024-02-28 00:00", "2024-02-29 23:59", "2024-03-01 00:00"], 3),
    ],
)
def test_days_are_those_of_the_learners_zone(zone: str, moments: list[str], length: int) -> None:
    where = zoneinfo.ZoneInfo(zone)
    in_utc = [
        datetime.fromisoformat(each).replace(tzinfo=where).astimezone(UTC) for each in moments
    ]
    days = [each.astimezone(where).date() for each in in_utc]

    assert streak_on(days[-1], days).length == length


def test_the_same_moments_are_other_days_elsewhere() -> None:
    moments = [datetime(2024, 1, 1, 23, tzinfo=UTC), datetime(2024, 1, 2, 1, tzinfo=UTC)]

    def length(zone: str) -> int:
        days = [each.astimezone(zoneinfo.ZoneInfo(zone)).date() for each in moments]
        return streak_on(days[-1], days).length

    assert (length("UTC"), length("Europe/Berlin"), length("America/New_York")) == (2, 1, 1)


DAYS = st.sets(st.integers(0, 60).map(lambda number: MON + timedelta(days=number)), max_size=40)


@given(DAYS)
def test_streaks_hold_what_the_rules_say(learned: set[date]) -> None:
    places = places_in_streaks(learned)

    assert places.keys() == learned
    days = sorted(learned)
    saved = []
    for before, day in pairwise(days):
        missed = [before + number * DAY for number in range(1, (day - before).days)]
        weeks = [week_of(each) for each in missed]
        is_saved = len(set(weeks)) == len(weeks) and not set(weeks) & set(map(week_of, saved))
        saved += missed if is_saved else []
        assert places[day] == (places[before] + 1 if is_saved else 1)
    assert len(set(map(week_of, saved))) == len(saved)


@given(DAYS, st.integers(0, 70))
def test_the_streak_of_a_day_is_the_place_of_its_last_day_or_nothing(
    learned: set[date], after: int
) -> None:
    today = MON + timedelta(days=after)
    known = [day for day in learned if day <= today]
    streak = streak_on(today, learned)

    assert streak.length in {0, places_in_streaks(known)[max(known)] if known else 0}
    assert streak.length <= streak.longest <= len(known)
    # Learning today always continues an unbroken streak.
    assert places_in_streaks([*known, today])[today] == streak.length + (not streak.is_safe)
