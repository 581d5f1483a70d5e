"""Passphrases that did not open a key."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_token")]

    operations = [
        migrations.CreateModel(
            name="KeyTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("officer", models.CharField(db_index=True, max_length=36)),
                ("tried_at", models.DateTimeField(db_index=True)),
                ("counts", models.BooleanField(default=True)),
                ("locked", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="key_tries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "key_try", "ordering": ["-tried_at", "-id"]},
        ),
    ]
