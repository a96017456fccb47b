"""The files of a course."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepwell.courses.models.course import Course


def storage_path(attachment: "Attachment", filename: str) -> str:
    """Return where a file is kept: by course and content, so that a new version is a new file."""
    return f"courses/{attachment.course.key}/{attachment.sha256[:20]}/{filename}"


class Attachment(models.Model):
    """A file of a course, such as an image or a data set, named by its path below `assets/`."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=300)
    file = models.FileField(_("file"), upload_to=storage_path, max_length=500)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["course", "name"], name="one_attachment_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.course.key, self.name])
