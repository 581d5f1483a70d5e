"""The sealed list of a device at the door."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0004_constraints"),
    ]

    operations = [
        migrations.AddField(
            model_name="eventdevice",
            name="sealed",
            field=models.TextField(blank=True, default=""),
        ),
    ]
