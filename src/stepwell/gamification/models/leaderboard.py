"""Kept leaderboards, made from the ledger alone; see docs/decisions/0019."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stepwell.courses.models import Course


class Period(models.TextChoices):
    DAY = "day", _("Today")
    WEEK = "week", _("This week")
    MONTH = "month", _("This month")
    ALL = "all", _("All time")

    def start(self, today: date) -> date:
        """Return the first day of the period that `today` is in; for all time, always the same."""
        if self == Period.DAY:
            return today
        if self == Period.WEEK:
            return date.fromordinal(today.toordinal() - today.weekday())
        if self == Period.MONTH:
            return today.replace(day=1)
        return date(1970, 1, 1)


class Board(models.Model):
    """A leaderboard of a period and a course, or (None) of the whole site, as it was a minute ago.

    Only boards of many entries are kept. Others are made whenever somebody looks.
    """

    period = models.CharField(max_length=5, choices=Period)
    starts_on = models.DateField()
    course = models.ForeignKey(Course, models.CASCADE, null=True, db_index=False, related_name="+")
    # The newest entry of the ledger that the board holds.
    last_entry = models.BigIntegerField()
    # The first ten: pairs of points and learner. Learners with the same points by their id.
    top = models.JSONField()
    # Most points first: points, how many learners have them, the first and the last of these by id.
    scores = models.JSONField()

    objects: ClassVar["models.Manager[Board]"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "starts_on", "course"], name="one_board_per_course"
            ),
            models.UniqueConstraint(
                fields=["period", "starts_on"],
                condition=models.Q(course=None),
                name="one_board_of_the_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} from {self.starts_on} of {self.course_id or 'all'}"
