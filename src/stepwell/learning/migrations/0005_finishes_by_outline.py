from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

OUTLINE = "outline"


def take_back_activity(apps, schema_editor):
    """Set last activity to what the learner did last: a change of the outline moved it before."""
    Enrollment = apps.get_model("learning", "Enrollment")
    events = (
        apps.get_model("learning", "LearningEvent")
        .objects.filter(user=OuterRef("user"), course=OuterRef("course"))
        .order_by("-pk")
    )
    Enrollment.objects.filter(Exists(events.filter(origin=OUTLINE))).update(
        last_activity_at=Subquery(events.exclude(origin=OUTLINE).values("at")[:1])
    )


def finish(apps, schema_editor):
    """Finish open courses for active learners with nothing open who were missed before."""
    Enrollment = apps.get_model("learning", "Enrollment")
    LearningEvent = apps.get_model("learning", "LearningEvent")
    completed = apps.get_model("learning", "LessonProgress").objects.filter(
        completed_at__isnull=False, lesson=OuterRef("pk"), user=OuterRef(OuterRef("user"))
    )
    counted = apps.get_model("courses", "Lesson").objects.filter(
        course=OuterRef("course"),
        status="published",
        archived_at=None,
        module__archived_at=None,
    )
    missed = Enrollment.objects.filter(
        Exists(counted),
        ~Exists(counted.exclude(Exists(completed))),
        finished_at=None,
        unenrolled_at=None,
        course__status="published",
        course__archived_at=None,
    )
    now = timezone.now()
    keys = []
    for enrollment in missed.order_by("pk"):
        keys.append(enrollment.pk)
        LearningEvent.objects.create(
            user_id=enrollment.user_id,
            course_id=enrollment.course_id,
            kind="finished",
            origin=OUTLINE,
            at=now,
        )
    for start in range(0, len(keys), 500):
        Enrollment.objects.filter(pk__in=keys[start : start + 500]).update(finished_at=now)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_catalog_by_title"),
        ("learning", "0004_pending_people"),
    ]

    operations = [
        migrations.RunPython(take_back_activity, migrations.RunPython.noop),
        migrations.RunPython(finish, migrations.RunPython.noop),
    ]
