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
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("title", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=36, null=True)),
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
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
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
                ("analysis_sha256", models.CharField(max_length=64)),
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
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("title", models.TextField()),
                ("status", models.CharField(max_length=12)),
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
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("sha1", models.CharField(max_length=40, null=True)),
                ("md5", models.CharField(max_length=32, null=True)),
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
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("n", models.BigIntegerField()),
                ("finding_class", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("language", models.CharField(max_length=12)),
                ("trace", models.CharField(max_length=36, null=True)),
                ("accepted_at", models.DateTimeField()),
                ("accepted_by", models.CharField(max_length=36, null=True)),
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
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(unique=True)),
                ("n", models.BigIntegerField()),
                ("chain", models.TextField()),
                ("policy", models.TextField()),
                ("direction", models.CharField(max_length=10)),
                ("result_sha256", models.CharField(max_length=64)),
                ("run_at", models.DateTimeField()),
                ("run_by", models.CharField(max_length=36, null=True)),
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
