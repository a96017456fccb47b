from typing import Any

from django.db import migrations

import stepwell.core.folding


def fold_names(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  Django passes it
    for person in apps.get_model("accounts", "User").objects.iterator(chunk_size=1000):
        person.save(update_fields=["search_text"])  # the field folds name and email


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_mail_of_invitations")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="search_text",
            field=stepwell.core.folding.FoldedField(
                "name", "email", blank=True, default="", editable=False
            ),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
