"""The table of background work, as it begins."""

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
            name="Task",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("parameters", models.JSONField()),
                ("case_id", models.CharField(db_index=True, max_length=36, null=True)),
                ("authenticated_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("run_after", models.DateTimeField()),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("tries_left", models.PositiveSmallIntegerField()),
                ("workers", models.JSONField(default=list)),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("stage", models.CharField(blank=True, default="", max_length=60)),
                ("unit", models.CharField(blank=True, default="", max_length=30)),
                ("done_units", models.BigIntegerField(default=0)),
                ("total_units", models.BigIntegerField(null=True)),
                ("result", models.JSONField(null=True)),
                ("error", models.JSONField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "work_task",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["state", "run_after"], name="work_task_next")],
            },
        ),
    ]
