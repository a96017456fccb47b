"""Imports and exports that were asked for in the browser: what is to be done, and how far it is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.core.keys import KeyField
from stepwell.courses.models import Course


class Origin(models.Model):
    """The folder that a course is imported from, by its full identity."""

    course = models.OneToOneField(Course, models.CASCADE, related_name="origin")
    place = models.CharField(max_length=500, unique=True)

    def __str__(self) -> str:
        return self.place


class TransferQuerySet(models.QuerySet["Transfer"]):
    def unfinished(self) -> "TransferQuerySet":
        """Transfers that a worker has to do something for."""
        return self.filter(state__in=[Transfer.State.WAITING, Transfer.State.CONFIRMED])


class Transfer(models.Model):
    """An import or export of a course, done by a worker while a person may look on or leave."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("import")
        EXPORT = "export", _("export")

    class State(models.TextChoices):
        WAITING = "waiting", _("under way")  # for its plan, or an export for being written
        PLANNED = "planned", _("waits for your word")  # an import, for the person's word
        CONFIRMED = "confirmed", _("under way")  # an import, for being done
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    key = KeyField()
    kind = models.CharField(max_length=6, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="transfers")
    course = models.ForeignKey(
        Course, models.SET_NULL, related_name="transfers", null=True, blank=True
    )
    name = models.CharField(_("file"), max_length=200)
    language = models.CharField(max_length=10, blank=True)  # in which its story is told
    publish = models.BooleanField(default=False)
    # What the person said to the questions of the plan: a course's key or "new", and lessons.
    answers = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    # Which process works on it, and when it last said so.
    worker = models.CharField(max_length=80, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar["models.Manager[Transfer]"] = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                name="unfinished_transfers",
                condition=Q(state__in=["waiting", "confirmed"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="import") | ~Q(state__in=["planned", "confirmed"]),
                name="only_imports_are_confirmed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.name}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.CONFIRMED}

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all of it."""
        return 100 * min(self.done, self.total) // self.total if self.total else 0
