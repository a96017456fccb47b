"""The ledger: every point that anyone was given, why and when."""

from datetime import date
from typing import Any, ClassVar, NamedTuple, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from stepwell.courses.models import Course
from stepwell.gamification.rules import Rule


class LedgerDay(NamedTuple):
    """The sums of a learner's day, as `PointEntryQuerySet.day_by_day` names them."""

    day: date
    total: int
    lessons: int
    where: str
    gone: int


class PointEntryQuerySet(models.QuerySet["PointEntry"]):
    def for_lessons(self) -> "PointEntryQuerySet":
        return self.filter(rule=Rule.LESSON)

    def day_by_day(self) -> models.QuerySet["PointEntry", LedgerDay]:
        """Select rows with the names of `LedgerDay`: points, lessons, zone, skipped dates."""
        return (
            self.values("day")
            .order_by("day")
            .annotate(
                total=Sum("points"),
                lessons=Count("rule", filter=Q(rule=Rule.LESSON)),
                where=Max("zone"),
                gone=Max("skipped"),
            )
            .values_list(*LedgerDay._fields, named=True)
        )


class PointEntry(models.Model):
    """One award, or one correction by an owner; unique for learner, rule and subject.

    `subject` is the id of the lesson, module or course, the ordinal of the day of a streak, and a
    number of its own for a correction. Entries are never changed or deleted: what courses become
    later takes nothing away.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    rule = models.CharField(_("rule"), max_length=10, choices=Rule)
    subject = models.BigIntegerField()
    points = models.IntegerField(_("points"))
    at = models.DateTimeField(_("when"))
    day = models.DateField(
        _("day"), help_text=_("The date that it was for the learner, where they were then.")
    )
    # Of lessons: where that day began, and the dates before it that a change of zone left out. See
    # docs/decisions/0027.
    zone = models.CharField(max_length=64, blank=True, editable=False)
    skipped = models.PositiveSmallIntegerField(default=0, editable=False)
    # None for days of a streak and corrections, which belong to no course.
    course = models.ForeignKey(
        Course, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )

    objects: ClassVar["models.Manager[PointEntry]"] = PointEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("point entries")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "rule", "subject"], name="one_award_per_rule_and_subject"
            ),
            models.CheckConstraint(
                condition=~Q(rule=Rule.CORRECTION)
                | (~Q(reason="") & Q(given_by__isnull=False) & ~Q(points=0)),
                name="correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(rule=Rule.CORRECTION) | Q(points__gte=0), name="award_takes_nothing"
            ),
        ]
        indexes = [
            # All that a leaderboard asks for: of a course, and of the site since a moment.
            models.Index(fields=["course", "user", "at", "points"], name="points_in_a_course"),
            models.Index(fields=["at", "user", "points"], name="points_since_a_moment"),
            # All that `day_by_day` asks for, in its order.
            models.Index(
                fields=["user", "day", "rule", "points", "zone", "skipped"],
                name="days_of_a_learner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} for {self.rule} {self.subject}"

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnlyError


class LedgerIsAppendOnlyError(RuntimeError):
    """Code tried to take an entry back; a correction is an entry of its own."""
