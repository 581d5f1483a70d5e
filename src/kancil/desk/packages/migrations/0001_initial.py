"""Packages that other sites sent, and the keys that are trusted to sign them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two new tables."""

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteKey",
            fields=[
                ("fingerprint", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("country", models.CharField(max_length=2)),
                ("compared_how", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "site_key",
                "ordering": ["name", "added_at"],
            },
        ),
        migrations.CreateModel(
            name="ReceivedPackage",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("schema", models.CharField(max_length=80)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("supersedes", models.CharField(blank=True, default="", max_length=36)),
                ("sha256", models.CharField(max_length=64)),
                ("data", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_why", models.CharField(blank=True, default="", max_length=1000)),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="packages.sitekey",
                    ),
                ),
            ],
            options={
                "db_table": "received_package",
                "ordering": ["-until", "site_key__name", "-made_at"],
            },
        ),
    ]
