"""How a learner takes part: their goal, whether others see them, and what is to be celebrated."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GoalUnit(models.TextChoices):
    LESSONS = "lessons", _("lessons")
    DAYS = "days", _("days")


class Participation(models.Model):
    """What a learner chose; who chose nothing has no row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="participation"
    )
    is_listed = models.BooleanField(_("shown on the leaderboard"), default=True)
    goal_unit = models.CharField(_("weekly goal"), max_length=8, choices=GoalUnit, blank=True)
    goal_amount = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["user"], condition=Q(is_listed=False), name="unlisted_learners")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(goal_unit="", goal_amount=0)
                | Q(goal_unit=GoalUnit.LESSONS, goal_amount__range=(1, 100))
                | Q(goal_unit=GoalUnit.DAYS, goal_amount__range=(1, 7)),
                name="goal_can_be_reached",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class CelebrationQuerySet(models.QuerySet["Celebration"]):
    def to_show(self) -> "CelebrationQuerySet":
        return self.filter(shown_at=None)


class Celebration(models.Model):
    """A level reached or a badge earned, to be celebrated once; `subject` is its number or id."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("level")
        BADGE = "badge", _("badge")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=6, choices=Kind)
    subject = models.BigIntegerField()
    shown_at = models.DateTimeField(null=True)

    objects: ClassVar["models.Manager[Celebration]"] = CelebrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "subject"], name="celebrated_once")
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(shown_at=None), name="to_be_celebrated")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} of {self.user_id}"
