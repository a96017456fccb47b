"""The facts of learning: memberships, completions, and the record that both are rebuilt from."""

from datetime import timedelta
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from stepwell.accounts.models import Mailed, User
from stepwell.core import clock
from stepwell.core.email_addresses import AddressField
from stepwell.courses.models import Course, Lesson, LessonQuerySet


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def active(self) -> "EnrollmentQuerySet":
        """Enrollments of learners who have not unenrolled."""
        return self.filter(unenrolled_at=None)

    def of_learners(self) -> "EnrollmentQuerySet":
        """Active enrollments of people who can sign in: suspended ones are nobody's learners."""
        return self.active().filter(user__is_active=True)

    def stuck_for(self, days: int) -> "EnrollmentQuerySet":
        """Unfinished enrollments with a lesson open, in which nothing happened for so many days.

        By the kept figures. Who finished is not stuck, even if lessons have come since.
        """
        return self.filter(
            finished_at=None,
            next_lesson__isnull=False,
            last_activity_at__lte=clock.now() - timedelta(days=days),
        )

    def complete(self) -> "EnrollmentQuerySet":
        """Active enrollments in open courses with nothing open, and with something to complete."""
        return self.complete_without(Lesson.objects.none())

    def complete_without(self, hidden: models.QuerySet[Lesson]) -> "EnrollmentQuerySet":
        """Enrollments that would be complete if these lessons were not there.

        Suspended learners are among them: they finish courses as others do.
        """
        counted = _counted_lessons().exclude(pk__in=hidden)
        return self.active().filter(
            Exists(counted),
            ~Exists(counted.exclude(done_by(OuterRef(OuterRef("user_id"))))),
            course__in=Course.objects.published(),
        )

    def to_be_counted(self, version: int) -> "EnrollmentQuerySet":
        """Enrollments of a course whose kept figures don't hold for this version of its outline."""
        return self.filter(Q(counted_version=None) | ~Q(counted_version=version))

    def with_progress(self) -> "EnrollmentQuerySet":
        """Annotate `total`, `completed` and `first_open_id`: progress in SQL, for many learners.

        A course that is closed for a while keeps its learners' figures.
        """
        counted, is_done = _counted_lessons(), done_by(OuterRef(OuterRef("user_id")))

        def count(lessons: models.QuerySet[Lesson]) -> Coalesce:
            rows = lessons.order_by().values("course").annotate(n=Count("pk")).values("n")
            return Coalesce(Subquery(rows, output_field=IntegerField()), 0)

        first_open = counted.exclude(is_done).in_outline_order().values("pk")[:1]
        return self.annotate(  # type: ignore[no-redef]  # declared on Enrollment for its readers
            total=count(counted),
            completed=count(counted.filter(is_done)),
            first_open_id=Subquery(first_open),
        )


def _counted_lessons() -> LessonQuerySet:
    """Return the lessons that count in the course of the enrollment around this subquery."""
    return Lesson.objects.counted().filter(course=OuterRef("course_id"))


def done_by(learner: "User | int | Combinable") -> Exists:
    """Tell of a lesson whether the learner has completed it and has not taken that back.

    Progress is what this says of the lessons that `LessonQuerySet.counted` selects. `learner` is a
    person, their id, or an expression for it such as `OuterRef("user_id")`.
    `queries.progress.done_in` says the same over an outline.
    """
    return Exists(LessonProgress.objects.completed().filter(lesson=OuterRef("pk"), user=learner))


class Enrollment(models.Model):
    """A learner's membership of a course; unenrolling sets a date and keeps the row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrollments", db_index=False
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrollments")
    enrolled_at = models.DateTimeField(_("enrolled"))
    unenrolled_at = models.DateTimeField(_("unenrolled"), null=True, blank=True)
    finished_at = models.DateTimeField(
        _("finished"),
        null=True,
        blank=True,
        help_text=_(
            "When every visible lesson was completed for the first time. Never taken away."
        ),
    )
    last_activity_at = models.DateTimeField(_("last activity"))
    # Figures of `with_progress`, kept for lists of many learners; see docs/decisions/0017. They
    # are valid while `counted_version` is the outline's version; else a reader counts them again.
    completed_count = models.PositiveIntegerField(default=0, editable=False)
    next_lesson = models.ForeignKey(
        Lesson, models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    counted_version = models.BigIntegerField(null=True, editable=False)

    # Set by `with_progress`.
    total: int
    completed: int
    first_open_id: int | None

    objects: ClassVar["models.Manager[Enrollment]"] = EnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="one_enrollment_per_course")
        ]
        indexes = [
            models.Index(fields=["user", "-last_activity_at"], name="my_learning_order"),
            models.Index(
                fields=["course", "user"],
                condition=Q(unenrolled_at__isnull=False),
                name="those_who_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_id}"

    @property
    def is_active(self) -> bool:
        return self.unenrolled_at is None


class LessonProgressQuerySet(models.QuerySet["LessonProgress"]):
    def completed(self) -> "LessonProgressQuerySet":
        """Completions, without those taken back."""
        return self.filter(completed_at__isnull=False)


class LessonProgress(models.Model):
    """A learner's completion of a lesson; taking it back keeps the row and its first date."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lesson_progress", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    first_completed_at = models.DateTimeField(_("first completed"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects: ClassVar["models.Manager[LessonProgress]"] = LessonProgressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("lesson progress")
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="one_progress_per_lesson"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("first_completed_at")),
                name="completed_not_before_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.lesson_id}"


class RecordIsAppendOnlyError(RuntimeError):
    """Code tried to change or delete what the record says; that is never right."""


class LearningEventQuerySet(models.QuerySet["LearningEvent"]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnlyError

    def delete(self) -> NoReturn:
        raise RecordIsAppendOnlyError


class Origin(models.TextChoices):
    """Where something was done."""

    WEB = "web", _("page")
    API = "api", _("API")
    CLI = "cli", _("command line")
    STUDIO = "studio", _("studio")
    DEMO = "demo", _("demo")
    OUTLINE = "outline", _("change of the outline")


class LearningEvent(models.Model):
    """One line of the append-only record, from which enrollments and completions are rebuilt."""

    class Kind(models.TextChoices):
        ENROLLED = "enrolled", _("enrolled")
        UNENROLLED = "unenrolled", _("unenrolled")
        COMPLETED = "completed", _("completed")
        REOPENED = "reopened", _("reopened")
        FINISHED = "finished", _("finished")
        STARTED_OVER = "started_over", _("started over")

    # One index serves all readers; more would only make each line dearer to write.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="+", db_index=False)
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    origin = models.CharField(max_length=8, choices=Origin)
    at = models.DateTimeField()

    objects: ClassVar["models.Manager[LearningEvent]"] = LearningEventQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "course", "id"], name="record_of_a_learner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["completed", "reopened"], lesson__isnull=False)
                | (~Q(kind__in=["completed", "reopened"]) & Q(lesson=None)),
                name="event_names_its_lesson",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.kind}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnlyError
        # With the key of an earlier line, Django would turn an insert into an update.
        super().save(**options | {"force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnlyError

    @property
    def is_activity(self) -> bool:
        """Whether the learner did it: not so for a finish by a change of the outline."""
        return self.origin != Origin.OUTLINE


class PendingEnrollment(Mailed):
    """A course that somebody is enrolled in as soon as it is open and they have an account.

    It names a person who has an account, and an address only until somebody has one of it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", null=True)
    email = AddressField(_("email address"), blank=True)
    course = models.ForeignKey(Course, models.CASCADE, related_name="pending_enrollments")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "course",
                name="one_pending_enrollment_per_course",
                condition=Q(user=None),
            ),
            models.UniqueConstraint(
                fields=["user", "course"], name="one_pending_enrollment_per_person"
            ),
            models.CheckConstraint(
                condition=(Q(user=None) & ~Q(email="")) | (Q(user__isnull=False) & Q(email="")),
                name="pending_person_or_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} in {self.course_id}"

    @property
    def address(self) -> str:
        """Return where mail reaches the person today."""
        return self.user.email if self.user else self.email


class VideoPosition(models.Model):
    """How far into a lesson's video a learner was; no fact of progress, only a bookmark."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    seconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="one_position_per_video")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.seconds} s of {self.lesson_id}"
