"""Tables of findings that are being written, as they begin."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_id", models.TextField(db_index=True)),
                ("number", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("set-aside", "Set Aside"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("version", models.IntegerField()),
                ("finding", models.TextField(null=True)),
            ],
            options={
                "db_table": "finding_draft",
                "ordering": ["case_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "number"), name="finding_draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("trace", models.TextField()),
                ("finding_class", models.CharField(max_length=16)),
                ("row", models.BigIntegerField()),
                ("label_number", models.BigIntegerField()),
                ("remark", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="studies.findingdraft",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "finding_version",
                "ordering": ["draft_id", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "version"), name="finding_version_once"
                    )
                ],
            },
        ),
    ]
