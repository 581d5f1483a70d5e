"""Notices to the members of cases that share a selector."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One new table."""

    dependencies = [("selectors", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("case_id", models.TextField(db_index=True)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "deconfliction_notice",
                "ordering": ["-at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "kind", "value"), name="notice_once")
                ],
            },
        ),
    ]
