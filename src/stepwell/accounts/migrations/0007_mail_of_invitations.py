from typing import Any

from django.db import migrations, models
from django.db.models import F

import stepwell.core.clock


def queue_when_invited(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  Django passes it
    apps.get_model("accounts", "Invitation").objects.update(queued_at=F("invited_at"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_keys_in_lessons")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="queued_at",
            field=models.DateTimeField(default=stepwell.core.clock.now),
        ),
        migrations.RunPython(queue_when_invited, migrations.RunPython.noop),
    ]
