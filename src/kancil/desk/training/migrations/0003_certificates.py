"""Certificates, lists of revoked ones, evaluation, mentoring, and packages of classes."""

import django.db.models.deletion
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0002_sittings"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("data", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "training_revocations",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="ClassPackage",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=kancil.ground.ids.new_id,
                        editable=False,
                        max_length=36,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("to", models.CharField(max_length=200)),
                ("tables", models.JSONField()),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("supersedes", models.CharField(blank=True, default="", max_length=36)),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=200)),
                ("data", models.TextField(blank=True, default="")),
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_package",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ClassTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counts", models.JSONField()),
                ("counted_by", models.CharField(max_length=200)),
                ("counted_at", models.DateTimeField()),
                (
                    "training_class",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tally",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_tally",
            },
        ),
        migrations.CreateModel(
            name="EvaluationSheet",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("form", models.CharField(max_length=40)),
                ("answers", models.JSONField()),
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_sheet",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="MarksConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_given", models.BooleanField()),
                ("stated_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks_consent",
                        to="training.enrolment",
                    ),
                ),
            ],
            options={
                "db_table": "training_marks_consent",
            },
        ),
        migrations.CreateModel(
            name="MentoringNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("mentor", models.CharField(max_length=200)),
                ("minutes", models.PositiveIntegerField()),
                ("topic", models.CharField(max_length=20)),
                ("agreed", models.TextField(blank=True, default="")),
                ("written_by", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentoring",
                        to="training.enrolment",
                    ),
                ),
            ],
            options={
                "db_table": "training_mentoring",
                "ordering": ["on", "id"],
            },
        ),
        migrations.CreateModel(
            name="IssuedCertificate",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("credential", models.TextField()),
                ("issued_by", models.CharField(max_length=200)),
                ("issued_at", models.DateTimeField()),
                ("revoked_on", models.DateField(null=True)),
                ("revoked_why", models.CharField(blank=True, default="", max_length=16)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=200)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="training.enrolment",
                    ),
                ),
            ],
            options={
                "db_table": "training_certificate",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_on", None)),
                        fields=("enrolment",),
                        name="certificate_standing_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=40)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets_done",
                        to="training.enrolment",
                    ),
                ),
            ],
            options={
                "db_table": "training_sheet_done",
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "form"), name="sheet_done_once")
                ],
            },
        ),
    ]
