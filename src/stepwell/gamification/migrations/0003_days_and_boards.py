from datetime import date

from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf


def note_zones(apps, schema_editor):
    """Give lessons the zone in which their learner is now; the day stays as it was given."""
    User = apps.get_model("accounts", "User")
    zone = User.objects.filter(pk=OuterRef("user")).values(
        zone=Coalesce(NullIf("time_zone", Value("")), Value(settings.TIME_ZONE))
    )
    PointEntry = apps.get_model("gamification", "PointEntry")
    PointEntry.objects.filter(rule="lesson").update(zone=Subquery(zone))


def mend_days_of_streaks(apps, schema_editor):
    """Set the day of an entry for a streak to the day that it is about."""
    PointEntry = apps.get_model("gamification", "PointEntry")
    rows = PointEntry.objects.filter(rule="streak").values_list("pk", "subject", "day")
    wrong = [
        (pk, date.fromordinal(subject))
        for pk, subject, day in rows.iterator(chunk_size=2_000)
        if day.toordinal() != subject
    ]
    for pk, day in wrong:
        PointEntry.objects.filter(pk=pk).update(day=day)


def take_off_boards(apps, schema_editor):
    """Take those who left a course off its boards."""
    Standing = apps.get_model("gamification", "Standing")
    ScoreCount = apps.get_model("gamification", "ScoreCount")
    left = apps.get_model("learning", "Enrollment").objects.filter(
        user=OuterRef("user"), course=OuterRef("board__course"), unenrolled_at__isnull=False
    )
    gone = list(Standing.objects.filter(Exists(left)).values_list("pk", "board", "points"))
    for pk, board, points in gone:
        ScoreCount.objects.filter(board=board, points=points).update(learners=F("learners") - 1)
        Standing.objects.filter(pk=pk).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("gamification", "0002_leaner_indexes"),
        ("learning", "0005_finishes_by_outline"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="pointentry", name="days_of_a_learner"),
        migrations.AddField(
            model_name="pointentry",
            name="zone",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="pointentry",
            name="skipped",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(note_zones, migrations.RunPython.noop),
        migrations.RunPython(mend_days_of_streaks, migrations.RunPython.noop),
        migrations.RunPython(take_off_boards, migrations.RunPython.noop),
    ]
