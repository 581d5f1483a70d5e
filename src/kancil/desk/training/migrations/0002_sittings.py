"""Tables of tests: tests given to classes, sittings, answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseTest",
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
                ("course", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=30)),
                (
                    "form",
                    models.CharField(choices=[("pre", "Pre"), ("post", "Post")], max_length=4),
                ),
                ("language", models.CharField(max_length=8)),
                ("banks", models.JSONField()),
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
                (
                    "training_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="training.trainingclass",
                    ),
                ),
            ],
            options={
                "db_table": "training_test",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Sitting",
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
                ("language", models.CharField(max_length=8)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("touched_at", models.DateTimeField()),
                ("clock_back_seconds", models.PositiveIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sittings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sittings",
                        to="training.coursetest",
                    ),
                ),
            ],
            options={
                "db_table": "training_sitting",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SittingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.PositiveSmallIntegerField()),
                ("value", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="training.sitting",
                    ),
                ),
            ],
            options={
                "db_table": "training_sitting_answer",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="coursetest",
            constraint=models.UniqueConstraint(
                fields=("training_class", "form"), name="test_form_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(fields=("test", "person"), name="sitting_once"),
        ),
        migrations.AddConstraint(
            model_name="sittinganswer",
            constraint=models.UniqueConstraint(
                fields=("sitting", "item"), name="sitting_answer_once"
            ),
        ),
    ]
