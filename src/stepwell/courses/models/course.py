"""A course, and whether it is open."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.models import User
from stepwell.core.folding import FoldedField, Folding
from stepwell.core.keys import KeyField
from stepwell.core.slugs import SlugField


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


COVER_WIDTHS = (400, 800, 1600)  # pixels; those of 16:9 pictures that pages use


def cover_path(course_key: str, name: str, width: int) -> str:
    """Return where a size of a course's cover is kept."""
    return f"courses/{course_key}/covers/{name}/{width}.webp"


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        """Courses that learners can enter: the catalog."""
        return self.filter(status=Status.PUBLISHED, archived_at=None)

    def active(self) -> "CourseQuerySet":
        """Courses that have not been archived."""
        return self.filter(archived_at=None)

    def taught_by(self, person: User) -> "CourseQuerySet":
        """Courses that the person may see and change all of: an owner's are all courses."""
        if person.is_owner:
            return self.all()
        return self.filter(instructors=person) if person.is_instructor else self.none()


class Course(Folding):
    """Something to learn: modules of lessons, open to learners while published."""

    key = KeyField()
    slug = SlugField(_("address"), max_length=90, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    outcomes = models.JSONField(_("what you will learn"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(
        _("estimated time"),
        default=0,
        help_text=_("In minutes; 0 means the sum of its lessons."),
    )
    cover = models.CharField(
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("Which uploaded picture its cover is; empty means the drawn one."),
    )
    outline_version = models.BigIntegerField(
        default=1,
        editable=False,
        help_text=_(
            "Grows with every change that a learner could see: its time in microseconds, or one "
            "more than before, so that a restored backup never numbers a later change the same."
        ),
    )
    source = models.CharField(
        max_length=200, blank=True, help_text=_("Name of the folder that it was imported from.")
    )
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="courses_taught", blank=True
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Short enough for an index of PostgreSQL, in whatever script.
    title_key = FoldedField("title", most=200)
    search_text = FoldedField("title", "summary")
    # Last, because SQLite reads a row from its front: lists of courses never come so far.
    description_html = models.TextField(blank=True, editable=False)
    description = models.TextField(_("description"), blank=True)

    objects: ClassVar["models.Manager[Course]"] = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title_key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="course_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(published_at__isnull=False),
                name="published_course_has_date",
            ),
        ]
        indexes = [
            # The last two are for SQLite, which reads them all the same.
            models.Index(
                fields=["title_key", "id", "status", "archived_at"],
                condition=Q(status=Status.PUBLISHED, archived_at=None),
                name="catalog_pages",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED and self.archived_at is None
