"""A version of each organisation and donor, so that the second of two who write at once is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0005_participant_version")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="version",
            field=models.PositiveIntegerField(default=1),
        )
        for name in ("organisation", "donor")
    ]
