"""Who uses the site, and the tokens with which their programs do."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stepwell.core import clock
from stepwell.core.email_addresses import AddressField
from stepwell.core.folding import FoldedField, Folding
from stepwell.core.slugs import SlugField

NAME_LENGTH = 120
LABEL_LENGTH = 80


class Role(models.TextChoices):
    LEARNER = "learner", _("learner")
    INSTRUCTOR = "instructor", _("instructor")
    OWNER = "owner", _("owner")


class UserManager(BaseUserManager["User"]):
    """What Django and allauth ask of a user table without user names."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(Folding, AbstractBaseUser, PermissionsMixin):
    """A person: signs in by email, is shown by name, and is addressed by handle."""

    email = AddressField(_("email address"), unique=True)
    handle = SlugField(_("handle"), max_length=90, unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.LEARNER)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # The latest date that this person was at when they changed the time zone.
    reached_date = models.DateField(null=True, blank=True, editable=False)
    uses_keys = models.BooleanField(_("keys in lessons"), default=True, db_default=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=clock.now)
    search_text = FoldedField("name", "email")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(is_active=False), name="suspended_people"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_instructor(self) -> bool:
        return self.role in {Role.INSTRUCTOR, Role.OWNER}

    def get_full_name(self) -> str:
        return self.name


def display_name(user: User) -> str:
    """Return what allauth calls this person in pages and mails."""
    return user.name


MAIL_AGAIN_AFTER = timedelta(minutes=10)


class Mailed(models.Model):
    """A row that a mail is sent for, and what became of the mail."""

    queued_at = models.DateTimeField(default=clock.now)  # when the mail was last asked for
    sent_at = models.DateTimeField(null=True, blank=True)  # when a mail server last took it
    failed_at = models.DateTimeField(null=True, blank=True)  # when sending it last failed

    class Meta:
        abstract = True

    @property
    def mail_name(self) -> str:
        """Return what the row's mail is told by, such as "accounts.invitation:1"."""
        return f"{self._meta.label_lower}:{self.pk}"

    @property
    def has_failed(self) -> bool:
        """Tell whether the mail that was last asked for could not be sent."""
        return self.failed_at is not None and self.failed_at >= self.queued_at

    @property
    def can_be_mailed_again(self) -> bool:
        """Tell whether enough time has passed, so that nobody's mailbox is filled by clicks."""
        return self.has_failed or clock.now() - self.queued_at >= MAIL_AGAIN_AFTER


class Invitation(Mailed):
    """Somebody who may sign up even where not everyone may."""

    email = AddressField(_("email address"))
    invited_by = models.ForeignKey(
        User, models.SET_NULL, related_name="invitations", null=True, blank=True
    )
    about = models.CharField(max_length=200, blank=True)  # what they are invited to
    invited_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_invitation_per_email")]

    def __str__(self) -> str:
        return self.email


class ApiToken(models.Model):
    """A learner's key to the API; only its digest is kept, so it can be shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("label"), max_length=LABEL_LENGTH)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.hint}…)"


class Session(AbstractBaseSession):
    """A browser's session; it names its person, so that one query finds both."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="sessions", null=True, blank=True, editable=False
    )

    # Set by `find_session`: when the school's settings were changed.
    school_stamp: datetime | None
