"""Days of a learner who travels: one moment belongs to one day, and no zone makes another one."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stepwell.gamification.days import LearnerDay, date_in, day_after
from stepwell.gamification.streaks import Streak, streak_on

ZONES = [
    *("Pacific/Kiritimati", "Pacific/Auckland", "Asia/Kathmandu", "Europe/Berlin", "UTC"),
    *("America/New_York", "America/Los_Angeles", "Pacific/Pago_Pago"),
]
BEGIN = datetime(2024, 3, 20, 12, tzinfo=UTC)  # with changes of the clock in the days that follow

steps = st.lists(
    st.tuples(st.integers(0, 30 * 60), st.sampled_from(ZONES)), min_size=1, max_size=40
)


def days_of(steps: list[tuple[int, str]]) -> list[tuple[datetime, LearnerDay]]:
    """Return moments and days of somebody who learns after so many minutes, in these zones."""
    moment, last, found = BEGIN, None, []
    for minutes, zone in steps:
        moment += timedelta(minutes=minutes)
        last = day_after(last, moment, zone)
        found.append((moment, last))
    return found


@given(steps=steps)
def test_days_never_go_back_and_no_zone_makes_more_of_them(steps: list[tuple[int, str]]) -> None:
    found = days_of(steps)
    days = [day.date for _moment, day in found]
    assert days == sorted(days)
    # A day that counts begins after a midnight where the one before began.
    begun = [found[0]]
    for moment, day in found[1:]:
        if day.date > begun[-1][1].date:
            assert date_in(begun[-1][1].zone, moment) > begun[-1][1].date
            begun.append((moment, day))
    passed = found[-1][0] - BEGIN
    assert len(begun) <= passed / timedelta(hours=23) + 2


@given(steps=steps, minutes=st.integers(24 * 60, 25 * 60), zone=st.sampled_from(ZONES))
def test_learning_each_day_misses_none_wherever(
    steps: list[tuple[int, str]], minutes: int, zone: str
) -> None:
    moment, last = days_of(steps)[-1]
    before = (date_in(last.zone, moment) - last.date).days
    following = day_after(last, moment + timedelta(minutes=minutes), zone)
    missed = (following.date - last.date).days - following.skipped - 1
    assert missed <= before + 1


def test_one_zone_has_its_calendar_days() -> None:
    late = datetime(2024, 1, 1, 22, 50, tzinfo=UTC)
    first = day_after(None, late, "Europe/Berlin")
    second = day_after(first, late + timedelta(minutes=20), "Europe/Berlin")
    assert (second.date - first.date).days == 1


def test_moment_before_the_last_day_keeps_its_own() -> None:
    last = LearnerDay(BEGIN.date(), "UTC")
    earlier = BEGIN - timedelta(days=9)
    assert day_after(last, earlier, "Asia/Kathmandu").date == date_in("Asia/Kathmandu", earlier)


@given(steps=steps, zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), data=st.data())
def test_change_of_the_zone_brings_no_streak_back(
    steps: list[tuple[int, str]], zones: list[str], data: st.DataObject
) -> None:
    moment, last, reached = BEGIN, None, None
    days: dict[date, int] = {}
    zone = steps[0][1]
    for minutes, _zone in steps:
        moment += timedelta(minutes=minutes)
        if data.draw(st.booleans(), "learns"):
            last = day_after(last, moment, zone, reached)
            days.setdefault(last.date, last.skipped)
        before = streak(day_after(last, moment, zone, reached), days)
        for new in zones:
            today = date_in(zone, moment)
            zone, reached = new, max(reached or today, today)
            after = streak(day_after(last, moment, zone, reached), days)
            assert after.length <= before.length
            before = after


def streak(today: LearnerDay, days: dict[date, int]) -> Streak:
    return streak_on(today.date, days, {today.date: today.skipped} | days)


def test_day_that_was_missed_stays_missed_in_another_zone() -> None:
    learned = datetime(2024, 3, 4, 8, tzinfo=UTC)
    monday = day_after(None, learned, "Pacific/Auckland")
    thursday = datetime(2024, 3, 6, 12, tzinfo=UTC)  # still Wednesday in Los Angeles
    assert date_in("Pacific/Auckland", thursday) == date(2024, 3, 7)

    after = day_after(monday, thursday, "America/Los_Angeles", reached=date(2024, 3, 7))

    assert after == LearnerDay(date(2024, 3, 7), "Pacific/Auckland")
    # A learner who left Auckland earlier in the week did not miss Wednesday.
    earlier = day_after(monday, thursday, "America/Los_Angeles", reached=date(2024, 3, 4))
    assert earlier.date == date(2024, 3, 6)
