"""Tables of the programme's desk: participants, attendance, rates, results, spending."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0002_files_and_budgets"),
        ("assessment", "0005_country_voice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("name_folded", models.CharField(blank=True, default="", max_length=400)),
                ("office", models.CharField(blank=True, default="", max_length=200)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("sex", models.CharField(default="not-stated", max_length=12)),
                ("age_band", models.CharField(default="not-stated", max_length=12)),
                ("role", models.CharField(default="other", max_length=24)),
                ("consent_on", models.DateField(null=True)),
                ("consent_to", models.CharField(blank=True, default="", max_length=500)),
                ("restricted_at", models.DateTimeField(null=True)),
                ("restricted_until", models.DateField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
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
                        related_name="participants",
                        to="assessment.country",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="programme.organisation",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="programme.participant",
                    ),
                ),
            ],
            options={
                "db_table": "participant",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("part", models.CharField(default="participant", max_length=12)),
                ("state", models.CharField(default="registered", max_length=12)),
                (
                    "badge",
                    models.CharField(default=kancil.ground.ids.new_id, max_length=36, unique=True),
                ),
                ("registered_how", models.CharField(default="desk", max_length=12)),
                ("days_attended", models.PositiveIntegerField(default=0)),
                ("attended", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="programme.activity",
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="programme.delegation",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="programme.participant",
                    ),
                ),
            ],
            options={
                "db_table": "participation",
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("marked_at", models.DateTimeField()),
                ("how", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="programme.eventdevice",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="programme.participation",
                    ),
                ),
            ],
            options={
                "db_table": "attendance_mark",
                "ordering": ["day", "marked_at"],
            },
        ),
        migrations.CreateModel(
            name="Placement",
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
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("aims", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
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
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="programme.participant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="programme.organisation",
                    ),
                ),
            ],
            options={
                "db_table": "placement",
                "ordering": ["begins_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="RateTable",
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
                ("source", models.CharField(max_length=300)),
                ("base", models.CharField(max_length=3)),
                ("valid_from", models.DateField()),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "db_table": "rate_table",
                "ordering": ["-valid_from", "-at"],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("per_base", models.CharField(max_length=40)),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rates",
                        to="programme.ratetable",
                    ),
                ),
            ],
            options={
                "db_table": "rate",
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_on", models.DateField()),
                ("amount_minor", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, default="", max_length=120)),
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
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="programme.grant",
                    ),
                ),
            ],
            options={
                "db_table": "grant_receipt",
                "ordering": ["received_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ResultNode",
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
                ("kind", models.CharField(max_length=8)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="programme.resultnode",
                    ),
                ),
            ],
            options={
                "db_table": "result_node",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="NodeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("statement", models.TextField()),
                ("assumption", models.TextField(blank=True, default="")),
                ("risk", models.TextField(blank=True, default="")),
                ("gender_marker", models.CharField(blank=True, default="", max_length=2)),
                ("sdg_targets", models.JSONField(default=list)),
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
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="programme.resultnode",
                    ),
                ),
            ],
            options={
                "db_table": "result_node_version",
                "ordering": ["n"],
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="node",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicators",
                to="programme.resultnode",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="outputs",
            field=models.ManyToManyField(related_name="grants", to="programme.resultnode"),
        ),
        migrations.AddField(
            model_name="activity",
            name="output",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="programme.resultnode",
            ),
        ),
        migrations.CreateModel(
            name="SpendingFile",
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
                ("system", models.CharField(max_length=120)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("stated_minor", models.BigIntegerField(null=True)),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spending_file",
                        to="programme.importbatch",
                    ),
                ),
            ],
            options={
                "db_table": "spending_file",
                "ordering": ["-period_to", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SpendingLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row", models.PositiveIntegerField()),
                ("posted_on", models.DateField()),
                ("reference", models.CharField(max_length=120)),
                ("grant_code", models.CharField(blank=True, default="", max_length=60)),
                ("activity_code", models.CharField(blank=True, default="", max_length=60)),
                ("budget_class", models.CharField(max_length=24)),
                ("what", models.CharField(blank=True, default="", max_length=300)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spending",
                        to="programme.activity",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="programme.spendingfile",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spending",
                        to="programme.grant",
                    ),
                ),
                (
                    "matched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "spending_line",
                "ordering": ["posted_on", "id"],
            },
        ),
    ]
