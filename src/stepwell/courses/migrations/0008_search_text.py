from typing import Any

from django.db import migrations, models

import stepwell.core.folding


def fold_titles(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  Django passes it
    for course in apps.get_model("courses", "Course").objects.iterator(chunk_size=100):
        course.save(update_fields=["title_key", "search_text"])  # the fields fold title and summary


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_former_address_names")]

    operations = [
        migrations.AlterModelOptions(name="course", options={"ordering": ["title_key", "pk"]}),
        migrations.RemoveIndex(model_name="course", name="catalog_pages"),
        migrations.AddField(
            model_name="course",
            name="search_text",
            field=stepwell.core.folding.FoldedField(
                "title", "summary", blank=True, default="", editable=False
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="title_key",
            field=stepwell.core.folding.FoldedField(
                "title", blank=True, default="", editable=False, most=200
            ),
        ),
        migrations.RunPython(fold_titles, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="course",
            index=models.Index(
                condition=models.Q(archived_at=None, status="published"),
                fields=["title_key", "id", "status", "archived_at"],
                name="catalog_pages",
            ),
        ),
    ]
