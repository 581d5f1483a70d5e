"""Studies other than traces, as rows of a case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new table; nothing that is there changes."""

    dependencies = [("cases", "0002_folded")]

    operations = [
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
                ("n", models.BigIntegerField()),
                ("study", models.TextField()),
                ("version", models.TextField()),
                ("result_sha256", models.TextField()),
                ("run_at", models.DateTimeField()),
                ("run_by", models.TextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="studies",
                        to="cases.case",
                    ),
                ),
            ],
            options={"db_table": "study", "ordering": ["number"]},
        ),
    ]
