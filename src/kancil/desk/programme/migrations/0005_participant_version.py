"""A version of each participant, so that the second of two who write at once is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0004_constraints")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
