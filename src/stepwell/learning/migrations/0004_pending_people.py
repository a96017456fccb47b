from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Lower

import stepwell.core.clock


def name_people(apps: Any, schema_editor: Any) -> None:
    """Name the person where an address has an account, and note which mails have left."""
    Pending = apps.get_model("learning", "PendingEnrollment")
    User = apps.get_model("accounts", "User")
    Invitation = apps.get_model("accounts", "Invitation")
    Pending.objects.update(queued_at=F("invited_at"))
    for pending in Pending.objects.select_related("course"):
        address = pending.email.lower()
        person = User.objects.alias(address=Lower("email")).filter(address=address).first()
        invitation = Invitation.objects.filter(email=address, about=pending.course.title).first()
        pending.user, pending.email = person, "" if person else pending.email
        pending.sent_at = invitation.sent_at if invitation else None
        pending.save()
    if schema_editor.connection.vendor == "postgresql":
        # The constraints that follow can't be added while foreign keys are still to be checked.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def name_addresses(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  Django passes it
    for pending in (
        apps.get_model("learning", "PendingEnrollment")
        .objects.select_related("user")
        .exclude(user=None)
    ):
        pending.email = pending.user.email
        pending.save()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_mail_of_invitations"),
        ("courses", "0005_catalog_by_title"),
        ("learning", "0003_people_and_places"),
    ]

    operations = [
        migrations.AlterModelOptions(name="pendingenrollment", options={}),
        migrations.RemoveConstraint(
            model_name="pendingenrollment", name="one_pending_enrollment_per_course"
        ),
        migrations.AddField(
            model_name="pendingenrollment",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pendingenrollment",
            name="queued_at",
            field=models.DateTimeField(default=stepwell.core.clock.now),
        ),
        migrations.AddField(
            model_name="pendingenrollment",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pendingenrollment",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="pendingenrollment",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="email address"),
        ),
        migrations.RunPython(name_people, name_addresses),
        migrations.AddConstraint(
            model_name="pendingenrollment",
            constraint=models.UniqueConstraint(
                Lower("email"),
                F("course"),
                condition=models.Q(user=None),
                name="one_pending_enrollment_per_course",
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingenrollment",
            constraint=models.UniqueConstraint(
                fields=("user", "course"), name="one_pending_enrollment_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingenrollment",
            constraint=models.CheckConstraint(
                condition=(
                    (models.Q(user=None) & ~models.Q(email=""))
                    | (models.Q(user__isnull=False) & models.Q(email=""))
                ),
                name="pending_person_or_address",
            ),
        ),
    ]
