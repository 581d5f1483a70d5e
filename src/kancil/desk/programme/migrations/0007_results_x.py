"""The gender marker and SDG targets of outcomes and outputs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0006_people_folded"),
    ]

    operations = [
        migrations.AddField(
            model_name="nodeversion",
            name="gender_marker",
            field=models.CharField(blank=True, default="", max_length=2),
        ),
        migrations.AddField(
            model_name="nodeversion",
            name="sdg_targets",
            field=models.JSONField(default=list),
        ),
    ]
