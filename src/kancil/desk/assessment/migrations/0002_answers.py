"""Tables of assessments: answers, evidence, interviews, the law, teams, what was done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalSignature",
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
                ("protocol", models.CharField(max_length=80)),
                ("lawyer", models.CharField(max_length=200)),
                ("admitted", models.CharField(max_length=300)),
                ("matrix_sha256", models.CharField(max_length=64)),
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "legal_signature",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Interview",
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
                ("held_on", models.DateField()),
                ("people_count", models.PositiveIntegerField()),
                ("group", models.CharField(max_length=200)),
                ("consent", models.CharField(max_length=500)),
                ("notes", models.TextField()),
                ("added_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "interview",
                "ordering": ["-held_on"],
            },
        ),
        migrations.CreateModel(
            name="EvidenceItem",
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
                ("grade", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=16)),
                ("title", models.CharField(max_length=300)),
                ("reference", models.CharField(blank=True, default="", max_length=500)),
                ("dated", models.DateField(null=True)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("size_bytes", models.BigIntegerField(null=True)),
                ("file_name", models.CharField(blank=True, default="", max_length=255)),
                ("withheld", models.CharField(blank=True, default="", max_length=300)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "interview",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="assessment.interview",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "evidence_item",
                "ordering": ["grade", "title"],
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                ("protocol", models.CharField(max_length=80)),
                ("indicator", models.CharField(max_length=60)),
                ("author_key", models.CharField(blank=True, default="", max_length=60)),
                ("given", models.JSONField(null=True)),
                ("parts", models.JSONField(default=dict)),
                ("confidence", models.CharField(max_length=8)),
                ("comment", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("also", models.JSONField(default=list)),
                ("is_latest", models.BooleanField(default=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="assessment.answer",
                    ),
                ),
                (
                    "evidence",
                    models.ManyToManyField(related_name="answers", to="assessment.evidenceitem"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "answer",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
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
                ("protocol", models.CharField(max_length=80)),
                ("indicator", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agreed", "Agreed"),
                            ("disputed", "Disputed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True, default="")),
                ("covers", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("is_latest", models.BooleanField(default=True)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.answer",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "settlement",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="StatuteExtract",
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
                ("law", models.CharField(max_length=300)),
                ("citation", models.CharField(max_length=300)),
                ("article", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("language", models.CharField(max_length=12)),
                ("translation", models.TextField(blank=True, default="")),
                ("translated_by", models.CharField(blank=True, default="", max_length=200)),
                ("in_force_on", models.DateField(null=True)),
                ("source", models.CharField(max_length=500)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extracts",
                        to="assessment.country",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="assessment.statuteextract",
                    ),
                ),
            ],
            options={
                "db_table": "statute_extract",
                "ordering": ["law", "article"],
            },
        ),
        migrations.AddField(
            model_name="evidenceitem",
            name="extract",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="assessment.statuteextract",
            ),
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("assessor", "Assessor"),
                            ("reviewer", "Reviewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("areas", models.JSONField(default=list)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "team_member",
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("country", models.CharField(blank=True, default="", max_length=3)),
                ("round", models.CharField(blank=True, default="", max_length=36)),
                ("about", models.CharField(blank=True, default="", max_length=200)),
                ("details", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "programme_act",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["round"], name="programme_act_round")],
            },
        ),
        migrations.CreateModel(
            name="FocalCountry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="focal_points",
                        to="assessment.country",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="focal_countries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "focal_country",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "country"), name="focal_country_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="GapWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("protocol", models.CharField(max_length=80)),
                ("indicator", models.CharField(max_length=60)),
                ("target", models.IntegerField(null=True)),
                ("choice", models.PositiveSmallIntegerField(default=1)),
                ("reason", models.TextField(blank=True, default="")),
                ("feasibility", models.PositiveSmallIntegerField(default=2)),
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wishes",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "gap_wish",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "protocol", "indicator"), name="gap_wish_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["round", "protocol", "is_latest"], name="answer_latest"),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(fields=["round", "protocol", "is_latest"], name="settlement_latest"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(fields=("round", "person"), name="team_member_once"),
        ),
    ]
