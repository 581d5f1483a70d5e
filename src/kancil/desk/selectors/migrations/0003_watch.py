"""Watch lists feed the index of selectors."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("selectors", "0002_notice")]

    operations = [
        migrations.AlterField(
            model_name="sighting",
            name="origin",
            field=models.CharField(
                choices=[
                    ("trace", "Trace"),
                    ("study", "Study"),
                    ("transfers", "Transfers"),
                    ("watch", "Watch"),
                ],
                max_length=16,
            ),
        ),
    ]
