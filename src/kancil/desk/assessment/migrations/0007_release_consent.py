"""A release names the paper by which the country consented to it, and may keep its file."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Older releases have none: nobody was asked for it."""

    dependencies: ClassVar = [("assessment", "0006_signed_parts")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="release",
            name="consent",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="release",
            name="consent_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="release",
            name="consent_name",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
