"""Words and drawings for points, levels, streaks and badges."""

from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.gamification.actions import News
from stepwell.gamification.calendar import Day, Year
from stepwell.gamification.models import Badge, BadgeRule, GoalUnit
from stepwell.gamification.queries import LedgerLine, WeeklyGoal
from stepwell.gamification.rules import Level, Rule

MORE_STEPS = (2, 5, 10, 50)  # thresholds from which a badge has one step more than three
CELL = 13  # of the year's calendar, in its own units, with its gap
BASELINE = 9  # of a day's name, below the top of its cell
NAMED_ROWS = (0, 2, 4, 6)  # weekdays from Monday; all seven would touch


def point_count(count: int) -> str:
    """Return "1 point" or "120 points"."""
    return ngettext("%(n)s point", "%(n)s points", count) % {"n": count}


def streak_words(length: int) -> str:
    """Return "1 day in a row" or "12 days in a row"."""
    return ngettext("%(n)s day in a row", "%(n)s days in a row", length) % {"n": length}


def day_count(count: int) -> str:
    """Return "1 day" or "12 days"."""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


def goal_words(goal: WeeklyGoal) -> str:
    """Return how much of the week's goal is done, such as "2 of 5 lessons this week"."""
    figures = {"done": goal.done, "amount": goal.amount}
    if goal.unit == GoalUnit.DAYS:
        words = ngettext(
            "%(done)s of %(amount)s day this week",
            "%(done)s of %(amount)s days this week",
            goal.amount,
        )
    else:
        words = ngettext(
            "%(done)s of %(amount)s lesson this week",
            "%(done)s of %(amount)s lessons this week",
            goal.amount,
        )
    return words % figures


def level_words(level: Level) -> str:
    """Return what is missing to the next level, such as "35 points to level 4"."""
    if level.next_at is None:
        return _("the highest level")
    return ngettext(
        "%(n)s point to level %(level)s", "%(n)s points to level %(level)s", level.missing
    ) % {"n": level.missing, "level": level.number + 1}


def news_sentences(news: News | None) -> list[str]:
    """Say what somebody just achieved."""
    if news is None:
        return []
    level = [_("You reached level %(level)s.") % {"level": news.level}] if news.level else []
    return level + [_("New badge: %(name)s.") % {"name": badge.title} for badge in news.badges]


def badge_words(badge: Badge) -> str:
    """Say what earns a badge."""
    sentences = {
        BadgeRule.LESSONS: ngettext(
            "Complete %(n)s lesson", "Complete %(n)s lessons", badge.threshold
        ),
        BadgeRule.COURSES: ngettext("Finish %(n)s course", "Finish %(n)s courses", badge.threshold),
        BadgeRule.STREAK: ngettext(
            "Learn on %(n)s day", "Learn on %(n)s days in a row", badge.threshold
        ),
        BadgeRule.EARLY: ngettext(
            "Finish a course within %(n)s day of enrolling",
            "Finish a course within %(n)s days of enrolling",
            badge.threshold,
        ),
        BadgeRule.COME_BACK: ngettext(
            "Come back after more than %(n)s day away",
            "Come back after more than %(n)s days away",
            badge.threshold,
        ),
    }
    return sentences[BadgeRule(badge.rule)] % {"n": badge.threshold}


def entry_words(line: LedgerLine) -> str:
    """Say what an entry of the ledger was given for."""
    entry, title = line.entry, line.title
    if line.streak_day:
        return _("Another day in a row")
    sentences = {
        Rule.LESSON: _("Lesson completed: %(title)s"),
        Rule.MODULE: _("Module finished: %(title)s"),
        Rule.COURSE: _("Course finished: %(title)s"),
        Rule.CORRECTION: _("Correction: %(title)s"),
    }
    return sentences[Rule(entry.rule)] % {"title": title or entry.reason}


def badge_picture(badge: Badge) -> SafeString:
    """Draw a badge: a flight of steps with what it was earned by above it."""
    steps = 3 + sum(badge.threshold >= least for least in MORE_STEPS)
    return _badge_picture(badge.rule, steps)


@lru_cache(maxsize=100)
def _badge_picture(rule: str, steps: int) -> SafeString:
    width = 36 / steps
    flight = "".join(
        f"M{14 + place * width:.1f} 50v-{6 + 16 * place / (steps - 1):.1f}h{width - 1:.1f}V50z"
        for place in range(steps)
    )
    return SafeString(render_to_string("components/badge.html", {"rule": rule, "flight": flight}))


def day_words(day: Day) -> str:
    """Say how many lessons were completed on a day."""
    words = ngettext("%(n)s lesson on %(day)s", "%(n)s lessons on %(day)s", day.lessons)
    return words % {"n": day.lessons, "day": formats.date_format(day.date, "DATE_FORMAT")}


def month_marks(year: Year) -> list[tuple[int, str]]:
    """Return where in the year's drawing each month begins, and its short name.

    A month that begins in the first or last week has none: its name would be cut off.
    """
    marks: list[tuple[int, str]] = []
    last = len(year.weeks) - 1
    for place, week in enumerate(year.weeks):
        if 0 < place < last and any(day.date.day == 1 for day in week):
            marks.append((place * CELL, formats.date_format(week[-1].date, "M")))
    return marks


def day_marks(year: Year) -> list[tuple[int, str]]:
    """Return the lines of the year's drawing that get a name, and the short name of their day."""
    first_week = year.weeks[0]
    return [
        (row * CELL + BASELINE, formats.date_format(first_week[row].date, "D"))
        for row in NAMED_ROWS
    ]


def year_cells(year: Year) -> list[tuple[int, int, int, str]]:
    """Return the days of the year's drawing: where each is, its shade, and its words, if any."""
    return [
        (place * CELL, row * CELL, day.shade, day_words(day) if day.lessons else "")
        for place, week in enumerate(year.weeks)
        for row, day in enumerate(week)
    ]


def year_words(year: Year) -> str:
    """Say what the year's drawing shows."""
    count = year.lesson_count
    words = ngettext("%(n)s lesson completed in a year", "%(n)s lessons completed in a year", count)
    return words % {"n": count}


def date_words(day: date) -> str:
    """Write a day in the reader's language."""
    return formats.date_format(day, "DATE_FORMAT")
