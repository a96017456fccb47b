"""Write the domains of addresses in their own alphabet, as they are looked up from now on."""

from django.db import migrations

from stepwell.core.email_addresses import normalize_address


def write_domains_readably(apps, _schema_editor):
    for app, name in [("accounts", "User"), ("accounts", "Invitation"), ("account", "EmailAddress")]:
        model = apps.get_model(app, name)
        for row in model.objects.filter(email__contains="@").filter(email__contains="xn--"):
            address = normalize_address(row.email)
            # Two spellings of one address stay two accounts.
            if not model.objects.filter(email=address).exclude(pk=row.pk).exists():
                model.objects.filter(pk=row.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_invitation_mail"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(write_domains_readably, migrations.RunPython.noop)]
