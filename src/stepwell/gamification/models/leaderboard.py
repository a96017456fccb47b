"""Standings: sums of the ledger, kept so that nobody has to be ranked when somebody looks.

All of it can be thrown away and counted anew; see docs/decisions/0019.
"""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
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
    """One leaderboard: a period from its first day on, of a course or (None) of the whole site."""

    period = models.CharField(max_length=5, choices=Period)
    starts_on = models.DateField()
    course = models.ForeignKey(Course, models.CASCADE, null=True, db_index=False, related_name="+")

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


class StandingQuerySet(models.QuerySet["Standing"]):
    def shown(self) -> Self:
        """Standings with points; corrections may have left somebody without."""
        return self.filter(points__gt=0)

    def best_first(self) -> Self:
        """In the order of the board; who has the same points stands as they joined."""
        return self.order_by("-points", "user_id")

    def with_rank(self) -> Self:
        """Annotate `rank`: one more than there are learners with more points; equals share it."""
        better = ScoreCount.objects.filter(board=OuterRef("board"), points__gt=OuterRef("points"))
        ahead = better.order_by().values("board").annotate(n=Sum("learners")).values("n")
        return self.annotate(rank=1 + Coalesce(Subquery(ahead, output_field=IntegerField()), 0))


class Standing(models.Model):
    """The points of a listed learner on a board, as far as entries of the ledger are counted."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    points = models.IntegerField()

    # Set by `with_rank`.
    rank: int

    objects: ClassVar["models.Manager[Standing]"] = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "board"], name="one_standing_per_board")
        ]
        indexes = [models.Index(F("board"), F("points").desc(), F("user"), name="best_first")]

    def __str__(self) -> str:
        return f"{self.points} of {self.user_id}"


class ScoreCount(models.Model):
    """How many learners of a board have just so many points: ranks are sums of these."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="+", db_index=False)
    points = models.IntegerField()
    learners = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "points"], name="one_count_per_score")
        ]

    def __str__(self) -> str:
        return f"{self.learners} with {self.points}"
