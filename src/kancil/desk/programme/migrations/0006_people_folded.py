"""The name of a participant as it is looked for."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0005_country_voice"),
        ("programme", "0005_event_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="name_folded",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["name_folded"], name="participant_by_folded"),
        ),
    ]
