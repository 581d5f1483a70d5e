"""A round may ask the provisions of some instruments alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Older rounds ask all that their protocols have."""

    dependencies: ClassVar = [("assessment", "0007_release_consent")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="round",
            name="instruments",
            field=models.JSONField(default=list),
        ),
    ]
