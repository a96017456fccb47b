"""What the owner has set, one row that may be missing, and the mail that is yet to leave."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.core import clock


class SignUp(models.TextChoices):
    OPEN = "open", _("Open to everyone")
    INVITATION = "invitation", _("By invitation only")


class School(models.Model):
    """The school as its owner has set it in the browser; empty fields leave the environment's."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    logo = models.CharField(max_length=20, blank=True, editable=False)
    accent = models.CharField(_("accent color"), max_length=7, blank=True)
    sign_up = models.CharField(_("sign-up"), max_length=10, choices=SignUp, default=SignUp.OPEN)
    email_url = models.CharField(max_length=500, blank=True)
    email_from = models.CharField(_("sender"), max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_school")]

    def __str__(self) -> str:
        return self.name or "School"


class OutgoingMail(models.Model):
    """A mail that waits for its turn, or that was given up; once it is sent, its row is deleted."""

    recipients = models.TextField()
    subject = models.TextField()
    # What `mail.read_message` reads. Its links let people in, so it is deleted after some days.
    content = models.JSONField(null=True)
    about = models.CharField(max_length=100, blank=True, db_index=True)
    created_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)  # of the next attempt; None: given up
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(content__isnull=False), name="waiting_mail_has_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.recipients})"

    @property
    def has_failed(self) -> bool:
        return self.due_at is None
