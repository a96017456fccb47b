"""What courses and lessons were: their former addresses, and the texts that lessons had."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.core.slugs import SlugField
from stepwell.courses.models.course import Course
from stepwell.courses.models.outline import Lesson


class FormerAddress(models.Model):
    """A slug that a course, or one of its lessons, had before: its links lead to the one of now."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="former_addresses")
    lesson = models.ForeignKey(
        Lesson, models.CASCADE, related_name="former_addresses", null=True, blank=True
    )
    slug = SlugField(_("address"), max_length=90)

    class Meta:
        verbose_name_plural = "former addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(lesson=None), name="one_course_per_former_address"
            ),
            models.UniqueConstraint(
                fields=["course", "slug"],
                condition=Q(lesson__isnull=False),
                name="one_lesson_per_former_address",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class LessonVersion(models.Model):
    """A title and text that a lesson had; the newest one is what it has now."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="versions", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )
    # Where it was written, such as one window of an editor; what is saved there goes on with it.
    sitting = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["lesson", "-id"], name="history_of_a_lesson")]

    def __str__(self) -> str:
        return f"{self.title} ({self.saved_at:%F %T})"
