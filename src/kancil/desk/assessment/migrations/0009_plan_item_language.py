"""An item of a plan states the language in which it is written."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The language of older items is not stated."""

    dependencies: ClassVar = [("assessment", "0008_chosen_instruments")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="planitem",
            name="language",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
    ]
