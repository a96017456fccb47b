from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0008_search_text'),
        ('learning', '0005_finishes_by_outline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='enrollment',
            index=models.Index(
                condition=models.Q(('unenrolled_at__isnull', False)),
                fields=['course', 'user'],
                name='those_who_left',
            ),
        ),
    ]
