"""Comments, sign-off, texts of reports, cost lines, bills, and official texts of treaties."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    """New tables, and columns that are empty in older rows."""

    dependencies = [
        ("assessment", "0004_law_signature"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="carried_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="assessment.answer",
            ),
        ),
        migrations.AddField(
            model_name="planitem",
            name="impact",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="planitem",
            name="outcome",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="planitem",
            name="output",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="round",
            name="closed_as",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="statuteextract",
            name="is_bill",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Comment",
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
                ("protocol", models.CharField(blank=True, default="", max_length=80)),
                ("indicator", models.CharField(blank=True, default="", max_length=60)),
                ("section", models.CharField(blank=True, default="", max_length=160)),
                ("kind", models.CharField(max_length=12)),
                ("text", models.TextField()),
                ("office", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
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
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ManyToManyField(related_name="comments", to="assessment.evidenceitem"),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "comment",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CommentReply",
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
                ("outcome", models.CharField(max_length=12)),
                ("text", models.TextField()),
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
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="assessment.comment",
                    ),
                ),
            ],
            options={
                "db_table": "comment_reply",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CommentTerm",
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
                ("due_on", models.DateField()),
                ("note", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("is_latest", models.BooleanField(default=True)),
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
                        related_name="terms",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "comment_term",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="CostLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("unit", models.CharField(max_length=60)),
                ("rate_minor", models.BigIntegerField()),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=12)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cost_lines",
                        to="assessment.planitem",
                    ),
                ),
            ],
            options={
                "db_table": "cost_line",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Narrative",
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
                ("study", models.CharField(blank=True, default="", max_length=80)),
                ("section", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=16)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("is_latest", models.BooleanField(default=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="assessment.narrative",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="narratives",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "narrative",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OfficialText",
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
                ("instrument", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=12)),
                ("source", models.CharField(max_length=500)),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=255)),
                ("size_bytes", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("is_latest", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "official_text",
                "ordering": ["instrument", "-at"],
            },
        ),
        migrations.CreateModel(
            name="OfficialArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("title", models.CharField(blank=True, default="", max_length=400)),
                ("body", models.TextField()),
                ("position", models.PositiveIntegerField()),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="articles",
                        to="assessment.officialtext",
                    ),
                ),
            ],
            options={
                "db_table": "official_article",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ComparedProvision",
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
                ("lawyer", models.CharField(max_length=200)),
                ("compared_on", models.DateField()),
                ("differs", models.TextField(blank=True, default="")),
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
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compared",
                        to="assessment.officialtext",
                    ),
                ),
            ],
            options={
                "db_table": "compared_provision",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
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
                ("official", models.CharField(max_length=200)),
                ("office", models.CharField(max_length=300)),
                ("signed_on", models.DateField()),
                ("stood_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("file_name", models.CharField(blank=True, default="", max_length=255)),
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
                        related_name="sign_offs",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "sign_off",
                "ordering": ["-at"],
            },
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["round", "protocol"], name="comment_round"),
        ),
        migrations.AddIndex(
            model_name="narrative",
            index=models.Index(fields=["round", "is_latest"], name="narrative_round"),
        ),
        migrations.AddIndex(
            model_name="narrative",
            index=models.Index(fields=["study", "is_latest"], name="narrative_study"),
        ),
        migrations.AddIndex(
            model_name="comparedprovision",
            index=models.Index(fields=["protocol"], name="compared_protocol"),
        ),
    ]
