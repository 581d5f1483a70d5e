"""The index of selectors; it is filled from what the workspace keeps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two new tables."""

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Indexed",
            fields=[("source", models.TextField(primary_key=True, serialize=False))],
            options={"db_table": "sighting_indexed"},
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("case_id", models.TextField()),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("trace", "Trace"),
                            ("study", "Study"),
                            ("transfers", "Transfers"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source", models.TextField()),
                ("table", models.TextField()),
                ("row", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
            ],
            options={
                "db_table": "sighting",
                "indexes": [
                    models.Index(fields=["value", "case_id"], name="sighting_value"),
                    models.Index(fields=["source"], name="sighting_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "table", "kind", "value"), name="sighting_once"
                    )
                ],
            },
        ),
    ]
