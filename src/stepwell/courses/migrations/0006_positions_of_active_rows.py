"""Archived modules and lessons lose their position; active ones are numbered without gaps."""

from itertools import groupby
from operator import itemgetter

from django.db import migrations, models
from django.db.models import F


def number_active_rows(apps, schema_editor):
    for name, parent in [("Module", "course_id"), ("Lesson", "module_id")]:
        rows = apps.get_model("courses", name)._base_manager
        rows.exclude(archived_at=None).update(position=None)
        active = rows.filter(archived_at=None).order_by(parent, "position", "pk")
        values = active.values_list(parent, "pk", "position")
        for _parent, group in groupby(values.iterator(), key=itemgetter(0)):
            siblings = [(pk, position) for _parent, pk, position in group]
            moved = [(pk, n) for n, (pk, position) in enumerate(siblings, 1) if position != n]
            # In two steps, as the unique constraint is checked row by row.
            rows.filter(pk__in=[pk for pk, _n in moved]).update(position=-F("pk"))
            for pk, number in moved:
                rows.filter(pk=pk).update(position=number)
    check_foreign_keys_now(schema_editor)


def place_archived_rows(apps, schema_editor):
    for name in ("Module", "Lesson"):
        apps.get_model("courses", name)._base_manager.filter(position=None).update(position=F("pk"))
    check_foreign_keys_now(schema_editor)


def check_foreign_keys_now(schema_editor):
    """PostgreSQL alters no table whose changed rows wait for the check at the commit."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def has_position_while_active():
    return models.Q(
        models.Q(("archived_at", None), ("position__isnull", False)),
        models.Q(("archived_at__isnull", False), ("position", None)),
        _connector="OR",
    )


ORDER = [models.OrderBy(models.F("position"), nulls_last=True), "pk"]


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0005_catalog_by_title'),
    ]

    operations = [
        migrations.AlterModelOptions(name='lesson', options={'ordering': ORDER}),
        migrations.AlterModelOptions(name='module', options={'ordering': ORDER}),
        migrations.AlterField(
            model_name='lesson',
            name='position',
            field=models.IntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='module',
            name='position',
            field=models.IntegerField(null=True),
        ),
        migrations.RunPython(number_active_rows, place_archived_rows),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(
                condition=has_position_while_active(), name='lesson_has_position_while_active'
            ),
        ),
        migrations.AddConstraint(
            model_name='module',
            constraint=models.CheckConstraint(
                condition=has_position_while_active(), name='module_has_position_while_active'
            ),
        ),
    ]
