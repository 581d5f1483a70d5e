"""A sign-off keeps the digest of each part that was signed, and each text of a report its language."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Older sign-offs keep no parts: they cover answers, comments and replies alone."""

    dependencies: ClassVar = [("assessment", "0005_country_voice")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="signoff",
            name="parts",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="narrative",
            name="language",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
    ]
