"""A signature of the legal matrix has its own day, and may have the signed paper as a file."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Older signatures have no day: only when each was recorded is known."""

    dependencies: ClassVar = [("assessment", "0003_release_standing")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="legalsignature",
            name="signed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="legalsignature",
            name="sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="legalsignature",
            name="file_name",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
    ]
