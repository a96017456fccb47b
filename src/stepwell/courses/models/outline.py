"""A course's outline: modules of lessons, and the sub-pages of a lesson."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepwell.core.keys import KeyField
from stepwell.core.slugs import SlugField
from stepwell.courses.models.course import Course, Status


def _has_position_while_active(name: str) -> models.CheckConstraint:
    """Return the rule that active rows have a position, and archived ones have none."""
    return models.CheckConstraint(
        condition=Q(archived_at=None, position__isnull=False)
        | Q(archived_at__isnull=False, position=None),
        name=name,
    )


# The databases put rows without a position at different ends unless told.
BY_POSITION = F("position").asc(nulls_last=True)


class Module(models.Model):
    """An ordered part of a course; active ones are numbered from 1 without gaps."""

    key = KeyField()
    course = models.ForeignKey(Course, models.PROTECT, related_name="modules")
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    position = models.IntegerField(null=True)
    source_path = models.CharField(max_length=500, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = [BY_POSITION, "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "position"],
                condition=Q(archived_at=None),
                name="one_module_per_position",
            ),
            _has_position_while_active("module_has_position_while_active"),
        ]

    def __str__(self) -> str:
        return self.title


# Lessons of one course that are in its outline.
OUTLINE_ORDER = ("module__position", "module_id", "position", "pk")

# HTML that shows nothing: characters without a glyph, tags without text between them, and lines.
# Titles alone are nothing either: headings, those of callouts, and the words of a task's box.
# No two alternatives match the same text, so that no text takes long.
_INLINE_TAGS = "a|abbr|b|code|del|em|i|ins|kbd|mark|s|small|span|strong|sub|sup|u"
_BLOCK_TAGS = "p|ul|ol|li|blockquote|aside|div|figure|pre|details|br|hr|table|thead|tbody|tr|th|td"
_REST_OF_TAG = "( [^>]*)?/?>"
_TITLE = 'p class="callout-title"'
_BOX = 'span class="visually-hidden"'
BLANK_HTML = (
    r"^(\s|[\u00a0\u00ad\u200b-\u200f\u2060\ufeff]|&nbsp;"
    rf"|<(h[1-6]( [^>]*)?|summary|{_TITLE})>([^<]|</?({_INLINE_TAGS}){_REST_OF_TAG})*"
    r"</(h[1-6]|summary|p)>"
    rf"|<{_BOX}>[^<]*</span>"
    rf"|<(?!{_TITLE}|{_BOX})/?({_BLOCK_TAGS}|{_INLINE_TAGS}){_REST_OF_TAG})*$"
)


class LessonQuerySet(models.QuerySet["Lesson"]):
    def active(self) -> "LessonQuerySet":
        """Lessons in the outline as instructors see it: neither they nor their module archived."""
        return self.filter(archived_at=None, module__archived_at=None)

    def counted(self) -> "LessonQuerySet":
        """Published lessons of the outline: those that progress is computed from."""
        return self.active().filter(status=Status.PUBLISHED)

    def visible(self) -> "LessonQuerySet":
        """Counted lessons of courses that are open: those that learners can see."""
        return self.counted().filter(course__status=Status.PUBLISHED, course__archived_at=None)

    def empty(self) -> "LessonQuerySet":
        """Lessons without text, video and sub-pages."""
        return self.filter(html__regex=BLANK_HTML, video="", pages=None)

    def in_outline_order(self) -> "LessonQuerySet":
        """Lessons of one course in order; archived ones and those of archived modules come last."""
        return self.order_by(*[F(name).asc(nulls_last=True) for name in OUTLINE_ORDER])


class Lesson(models.Model):
    """An ordered part of a module, and the step that a learner completes.

    The active lessons of a module are numbered from 1 without gaps. Those of an archived module
    keep their numbers, so that it comes back in its order.
    """

    key = KeyField()
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    module = models.ForeignKey(Module, models.PROTECT, related_name="lessons")
    slug = SlugField(_("address"), max_length=90)
    title = models.CharField(_("title"), max_length=200)
    video = models.CharField(
        _("video"),
        max_length=500,
        blank=True,
        help_text=_("An address, or assets/… for an attachment that is a video."),
    )
    captions = models.CharField(_("captions"), max_length=310, blank=True)
    poster = models.CharField(_("poster"), max_length=310, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    position = models.IntegerField(null=True)
    source_path = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text=_("Grows with each change of title or text, so that nobody overwrites unseen."),
    )
    # Last, because SQLite reads a row from its front: outlines never come as far as the text.
    html = models.TextField(blank=True, editable=False)
    body = models.TextField(_("text"), blank=True)

    objects: ClassVar["models.Manager[Lesson]"] = LessonQuerySet.as_manager()

    class Meta:
        ordering = [BY_POSITION, "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="one_lesson_per_address"),
            models.UniqueConstraint(
                fields=["module", "position"],
                condition=Q(archived_at=None),
                name="one_lesson_per_position",
            ),
            _has_position_while_active("lesson_has_position_while_active"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="lesson_status_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["course"],
                name="counted_lessons",
                condition=Q(status=Status.PUBLISHED, archived_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.course.slug, self.slug])

    @property
    def is_active(self) -> bool:
        """Whether it is in the outline as instructors see it."""
        return self.archived_at is None and self.module.archived_at is None

    @property
    def is_counted(self) -> bool:
        """Whether progress is counted by it."""
        return self.is_active and self.status == Status.PUBLISHED

    @property
    def is_visible(self) -> bool:
        """Whether learners can see it, as `LessonQuerySet.visible` has it."""
        return self.is_counted and self.course.is_published


class Page(models.Model):
    """A sub-page of a lesson, such as its assignment: readable, but no step of its own."""

    key = KeyField()
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="pages")
    slug = SlugField(_("address"), max_length=90)
    title = models.CharField(_("title"), max_length=200)
    position = models.IntegerField(default=0)
    source_path = models.CharField(max_length=500, blank=True)
    html = models.TextField(blank=True, editable=False)
    body = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "slug"], name="one_page_per_address")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        lesson = self.lesson
        return reverse("lesson-page", args=[lesson.course.slug, lesson.slug, self.slug])
