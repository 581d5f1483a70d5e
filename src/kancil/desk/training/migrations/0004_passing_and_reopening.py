"""Pass marks, achievements of certificates, and what was opened again with its reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0003_certificates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="issuedcertificate",
            name="achievement",
            field=models.CharField(default="taken", max_length=8),
        ),
        migrations.AddField(
            model_name="issuedcertificate",
            name="again_because",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="trainingclass",
            name="pass_percent",
            field=models.PositiveSmallIntegerField(default=60),
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_over_at", models.DateTimeField()),
                ("because", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="training.attempt",
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
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_reopening",
                "ordering": ["id"],
            },
        ),
    ]
