from django.db import migrations, models


class Migration(migrations.Migration):
    # By itself: PostgreSQL makes no index in the transaction that has changed the table's rows.
    dependencies = [("gamification", "0003_days_and_boards")]

    operations = [
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(
                fields=["user", "day", "rule", "points", "zone", "skipped"],
                name="days_of_a_learner",
            ),
        ),
    ]
