import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Leaderboards become sums over the ledger; what was counted for them is dropped."""

    dependencies = [
        ("courses", "0001_initial"),
        ("gamification", "0004_days_of_a_learner"),
    ]

    operations = [
        migrations.DeleteModel(name="ScoreCount"),
        migrations.DeleteModel(name="Standing"),
        migrations.DeleteModel(name="Board"),
        migrations.RemoveIndex(model_name="pointentry", name="entries_to_be_counted"),
        migrations.RemoveField(model_name="pointentry", name="is_counted"),
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("day", "Today"),
                            ("week", "This week"),
                            ("month", "This month"),
                            ("all", "All time"),
                        ],
                        max_length=5,
                    ),
                ),
                ("starts_on", models.DateField()),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                ("last_entry", models.BigIntegerField()),
                ("top", models.JSONField()),
                ("scores", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "starts_on", "course"), name="one_board_per_course"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("course", None)),
                        fields=("period", "starts_on"),
                        name="one_board_of_the_site",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(
                fields=["course", "user", "at", "points"], name="points_in_a_course"
            ),
        ),
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(fields=["at", "user", "points"], name="points_since_a_moment"),
        ),
    ]
