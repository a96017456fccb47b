"""Badges: what can be earned, and who earned it by what."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from stepwell.gamification.models.ledger import PointEntry


class BadgeRule(models.TextChoices):
    """What a badge is earned by, and what its number counts."""

    LESSONS = "lessons", _("lessons completed")
    COURSES = "courses", _("courses finished")
    STREAK = "streak", _("days in a row")
    EARLY = "early", _("days at most from enrolling to finishing a course")
    COME_BACK = "come_back", _("days away at least before coming back")


class BadgeQuerySet(models.QuerySet["Badge"]):
    def offered(self) -> "BadgeQuerySet":
        return self.filter(retired_at=None)

    def to_earn(self, user: Any) -> "BadgeQuerySet":
        """Badges that this learner could still earn."""
        held = BadgeAward.objects.filter(user=user, badge=OuterRef("pk"))
        return self.offered().filter(~Exists(held))


class Badge(models.Model):
    """A badge that learners earn once. Those that Stepwell brings along have a key."""

    key = models.CharField(max_length=20, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    rule = models.CharField(_("earned by"), max_length=10, choices=BadgeRule)
    threshold = models.PositiveIntegerField(_("number"))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects: ClassVar["models.Manager[Badge]"] = BadgeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(threshold__gte=1), name="badge_asks_for_something"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name, in the reader's language where it is one of ours."""
        return str(TITLES.get(self.key, self.name))


class BadgeAward(models.Model):
    """A badge that a learner earned: when, and by which entry of the ledger."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="badge_awards", db_index=False
    )
    badge = models.ForeignKey(Badge, models.PROTECT, related_name="awards")
    at = models.DateTimeField(_("earned"))
    evidence = models.ForeignKey(PointEntry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "badge"], name="one_award_per_badge")
        ]

    def __str__(self) -> str:
        return f"{self.badge_id} of {self.user_id}"


TITLES = {
    "first-lesson": _("First step"),
    "first-course": _("First course"),
    "five-courses": _("Five courses"),
    "streak-7": _("A week in a row"),
    "streak-30": _("A month in a row"),
    "streak-100": _("A hundred days in a row"),
    "early": _("Early finisher"),
    "come-back": _("Welcome back"),
}
