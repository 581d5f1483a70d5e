"""Tables of watch lists: what is watched, its scripts, and what touched them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(unique=True)),
                ("chain", models.TextField(db_index=True)),
                ("address", models.TextField()),
                ("is_cluster", models.BooleanField()),
                ("case_id", models.TextField(db_index=True, null=True)),
                ("reason", models.TextField()),
                ("legal_basis", models.TextField()),
                ("by", models.TextField()),
                ("since", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(blank=True)),
                ("ended_why", models.TextField(blank=True)),
            ],
            options={
                "db_table": "watch",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="WatchScript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SmallIntegerField()),
                ("payload", models.TextField()),
                ("since", models.DateTimeField()),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scripts",
                        to="studies.watch",
                    ),
                ),
            ],
            options={
                "db_table": "watch_script",
                "ordering": ["watch_id", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("watch", "kind", "payload"), name="watch_script_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("txid", models.TextField()),
                ("block", models.TextField(blank=True)),
                ("height", models.IntegerField(null=True)),
                ("time", models.BigIntegerField(null=True)),
                ("in_sat", models.BigIntegerField()),
                ("out_sat", models.BigIntegerField()),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("before", "Before"),
                            ("new", "New"),
                            ("gone", "Gone"),
                            ("back", "Back"),
                            ("moved", "Moved"),
                            ("amounts", "Amounts"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_gone", models.BooleanField(default=False)),
                ("found_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="touches",
                        to="studies.watch",
                    ),
                ),
            ],
            options={
                "db_table": "watch_touch",
                "ordering": ["watch_id", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("watch", "txid"), name="watch_touch_once")
                ],
            },
        ),
    ]
