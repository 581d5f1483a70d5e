"""What is left out of a watch that has become too large."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0002_watches"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="cluster_addresses",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="watch",
            name="is_too_wide",
            field=models.BooleanField(default=False),
        ),
    ]
