"""Activities as IATI files of others state them, beside our own books."""

import django.db.models.deletion
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [("programme", "0006_organisation_and_donor_versions")]

    operations = [
        migrations.CreateModel(
            name="StatedActivity",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=kancil.ground.ids.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line", models.PositiveIntegerField(default=0)),
                ("identifier", models.CharField(max_length=200)),
                ("reporter_ref", models.CharField(blank=True, default="", max_length=200)),
                ("reporter", models.CharField(blank=True, default="", max_length=300)),
                ("title", models.CharField(max_length=300)),
                ("begins_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("said", models.JSONField(default=dict)),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated",
                        to="programme.activity",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated",
                        to="programme.importbatch",
                    ),
                ),
            ],
            options={"db_table": "stated_activity", "ordering": ["-begins_on", "identifier"]},
        ),
        migrations.AddConstraint(
            model_name="statedactivity",
            constraint=models.UniqueConstraint(
                fields=("batch", "identifier"), name="stated_activity_once"
            ),
        ),
        migrations.AddIndex(
            model_name="statedactivity",
            index=models.Index(fields=["identifier"], name="stated_by_identifier"),
        ),
    ]
