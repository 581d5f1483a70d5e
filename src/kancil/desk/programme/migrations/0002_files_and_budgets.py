"""Tables of the programme's desk: files, budgets, head counts, organisations."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0001_initial"),
        ("assessment", "0005_country_voice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DonorReport",
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
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("due_on", models.DateField()),
                ("title", models.CharField(max_length=300)),
                ("narrative", models.JSONField(default=dict)),
                ("said", models.JSONField(default=dict)),
                ("files", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("published_at", models.DateTimeField(null=True)),
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
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("figures", models.ManyToManyField(related_name="reports", to="programme.figure")),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="programme.grant",
                    ),
                ),
            ],
            options={
                "db_table": "donor_report",
                "ordering": ["-period_to", "-at"],
            },
        ),
        migrations.CreateModel(
            name="HeadCount",
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
                ("series", models.CharField(max_length=120)),
                ("who", models.CharField(max_length=24)),
                ("sex", models.CharField(default="not-stated", max_length=12)),
                ("age_band", models.CharField(default="not-stated", max_length=12)),
                ("count", models.PositiveIntegerField()),
                ("counted_on", models.DateField()),
                ("how", models.CharField(max_length=300)),
                ("replaced_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="head_counts",
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
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.country",
                    ),
                ),
            ],
            options={
                "db_table": "head_count",
                "ordering": ["counted_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="IatiFile",
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
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=200)),
                ("activities", models.PositiveIntegerField()),
                ("left_out", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
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
                "db_table": "iati_file",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
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
                ("kind", models.CharField(max_length=24)),
                ("activity", models.CharField(blank=True, default="", max_length=36)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "import_batch",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="EvaluationAnswer",
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
                ("given", models.JSONField(default=dict)),
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
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="programme.evaluationform",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.importbatch",
                    ),
                ),
            ],
            options={
                "db_table": "evaluation_answer",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("budget_class", models.CharField(max_length=24)),
                ("what", models.CharField(blank=True, default="", max_length=200)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget",
                        to="programme.grant",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.importbatch",
                    ),
                ),
            ],
            options={
                "db_table": "budget_line",
                "ordering": ["period_from", "id"],
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.importbatch",
            ),
        ),
        migrations.CreateModel(
            name="IndicatorVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=300)),
                ("rule", models.JSONField(default=dict)),
                ("measure", models.CharField(default="unit", max_length=12)),
                ("baseline", models.CharField(blank=True, default="", max_length=60)),
                ("baseline_on", models.DateField(null=True)),
                ("target", models.CharField(blank=True, default="", max_length=60)),
                ("target_on", models.DateField(null=True)),
                ("means", models.CharField(blank=True, default="", max_length=500)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
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
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="programme.indicator",
                    ),
                ),
            ],
            options={
                "db_table": "indicator_version",
                "ordering": ["n"],
            },
        ),
        migrations.AddField(
            model_name="figure",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="programme.indicatorversion",
            ),
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=24)),
                ("is_beneficiary", models.BooleanField(default=True)),
                ("is_partner", models.BooleanField(default=False)),
                ("ended_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.importbatch",
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
                    "country",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="assessment.country",
                    ),
                ),
            ],
            options={
                "db_table": "organisation",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("what", models.CharField(max_length=300)),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("serials", models.TextField(blank=True, default="")),
                ("worth_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("handed_on", models.DateField()),
                ("received_by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="programme.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "handover",
                "ordering": ["handed_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("places", models.PositiveIntegerField(default=1)),
                ("head", models.CharField(blank=True, default="", max_length=200)),
                ("invited_on", models.DateField(null=True)),
                ("answer_by", models.DateField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations",
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
                    "country",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.country",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programme.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "delegation",
                "ordering": ["country__name", "id"],
            },
        ),
    ]
