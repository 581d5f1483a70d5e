"""Kinds and exclusions of a grant, and who decided that it pays outside its earmark."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("programme", "0007_stated_activities"),
    ]

    operations = [
        migrations.AddField(model_name="grant", name="kinds", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="grant",
            name="excluded",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="EarmarkOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="programme.activity",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="programme.grant",
                    ),
                ),
            ],
            options={"db_table": "earmark_override", "ordering": ["at", "id"]},
        ),
    ]
