"""What the owner has set: one row, which may be missing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
