"""First tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
                ("data", models.BinaryField()),
                ("kind", models.TextField()),
                ("case_id", models.TextField(null=True)),
                ("case_n", models.BigIntegerField(null=True)),
                ("exhibit_id", models.TextField(null=True)),
                ("exhibit_n", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "ledger_entry",
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "case_n"), name="ledger_entry_case"),
                    models.UniqueConstraint(
                        fields=("exhibit_id", "exhibit_n"), name="ledger_entry_exhibit"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["case_id", "kind"], name="ledger_entry_case_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerHead",
            fields=[
                ("one", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(max_length=32)),
                ("edge", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_head",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("one", 1)), name="ledger_head_one")
                ],
            },
        ),
    ]
