"""Tables of the classroom: classes, labs, attempts, answers, marks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
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
                ("case_id", models.CharField(max_length=36, unique=True)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("touched_at", models.DateTimeField(db_index=True)),
                ("hints", models.JSONField(default=dict)),
                ("played", models.PositiveSmallIntegerField(default=0)),
                ("clock_back_seconds", models.PositiveIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "training_attempt",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="LabRun",
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
                ("number", models.PositiveIntegerField()),
                ("lab", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=20)),
                ("knobs", models.JSONField()),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("minutes", models.PositiveIntegerField(default=0)),
                ("given_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "training_run",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("change", models.JSONField()),
                ("reason", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="training.labrun",
                    ),
                ),
            ],
            options={
                "db_table": "training_correction",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_version", models.PositiveIntegerField()),
                ("earned_hundredths", models.IntegerField()),
                ("points", models.PositiveIntegerField()),
                ("is_final", models.BooleanField()),
                ("marked", models.JSONField()),
                ("rubric", models.JSONField(default=dict)),
                ("changes", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
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
                    "correction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="training.correction",
                    ),
                ),
            ],
            options={
                "db_table": "training_mark",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TrainingClass",
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
                ("title", models.CharField(max_length=200)),
                ("course", models.CharField(blank=True, default="", max_length=60)),
                ("join_code", models.CharField(max_length=8, null=True, unique=True)),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("recipients", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("ended", "Ended")], default="open", max_length=8
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "trainers",
                    models.ManyToManyField(
                        related_name="classes_taught", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "training_class",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="labrun",
            name="training_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="training.trainingclass",
            ),
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_enrolment",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("folder", models.CharField(max_length=36, unique=True)),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="training.enrolment",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="training.labrun",
                    ),
                ),
            ],
            options={
                "db_table": "training_variant",
                "ordering": ["enrolment_id"],
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="variant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="training.variant",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="variant",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempt",
                to="training.variant",
            ),
        ),
        migrations.CreateModel(
            name="AdmittedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admitted",
                        to="training.variant",
                    ),
                ),
            ],
            options={
                "db_table": "training_admitted",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                ("saves", models.PositiveIntegerField(default=1)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="training.attempt",
                    ),
                ),
            ],
            options={
                "db_table": "training_answer",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "question"), name="answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TextMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=60)),
                ("points", models.JSONField()),
                ("comment", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="text_marks",
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
            ],
            options={
                "db_table": "training_text_mark",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("attempt", "question"), name="text_mark_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="labrun",
            constraint=models.UniqueConstraint(
                fields=("training_class", "number"), name="run_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("training_class", "person"), name="enrolment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="variant",
            constraint=models.UniqueConstraint(fields=("run", "enrolment"), name="variant_once"),
        ),
        migrations.AddConstraint(
            model_name="admittedfile",
            constraint=models.UniqueConstraint(fields=("variant", "name"), name="admitted_once"),
        ),
    ]
