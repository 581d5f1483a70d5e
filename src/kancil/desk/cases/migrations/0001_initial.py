"""First tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("title", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.TextField(null=True)),
                ("last_at", models.DateTimeField()),
                ("entry_count", models.BigIntegerField(default=1)),
                ("exhibit_count", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "case_row",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("name", models.TextField()),
                ("role", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "officer",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("purpose", models.TextField()),
                ("analysis_sha256", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bundles",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "db_table": "bundle",
                "ordering": ["n"],
            },
        ),
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("title", models.TextField()),
                ("status", models.TextField()),
                ("holder", models.TextField(null=True)),
                ("seal", models.TextField(null=True)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("file_count", models.BigIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exhibits",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "db_table": "exhibit",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.BigIntegerField()),
                ("sha256", models.TextField(db_index=True)),
                ("sha1", models.TextField(db_index=True, null=True)),
                ("md5", models.TextField(db_index=True, null=True)),
                (
                    "exhibit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contents",
                        to="cases.exhibit",
                    ),
                ),
            ],
            options={
                "db_table": "exhibit_content",
                "ordering": ["exhibit_id", "place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exhibit", "place"), name="exhibit_content_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("n", models.BigIntegerField()),
                ("finding_class", models.TextField()),
                ("text", models.TextField()),
                ("language", models.TextField()),
                ("trace", models.TextField(null=True)),
                ("accepted_at", models.DateTimeField()),
                ("accepted_by", models.TextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "db_table": "finding",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("n", models.BigIntegerField()),
                ("chain", models.TextField()),
                ("policy", models.TextField()),
                ("direction", models.TextField()),
                ("result_sha256", models.TextField()),
                ("run_at", models.DateTimeField()),
                ("run_by", models.TextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "db_table": "trace",
                "ordering": ["number"],
            },
        ),
    ]
