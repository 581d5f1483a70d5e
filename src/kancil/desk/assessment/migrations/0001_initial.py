"""Tables of assessments: countries, protocols, rounds, their plans, the board, releases."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kancil.ground.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("region", models.CharField(max_length=40)),
                ("is_invented", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "country",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ProtocolFile",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("shape", models.CharField(max_length=16)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "protocol_file",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Body",
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
                ("sector", models.CharField(max_length=40)),
                ("responsible", models.CharField(max_length=200)),
                ("mandate", models.CharField(blank=True, default="", max_length=500)),
                ("meets_every_months", models.PositiveIntegerField(null=True)),
                ("last_met_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="assessment.country",
                    ),
                ),
            ],
            options={
                "db_table": "board_body",
                "ordering": ["sector", "name"],
            },
        ),
        migrations.CreateModel(
            name="InstrumentStatus",
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
                ("signed_on", models.DateField(null=True)),
                ("consent", models.CharField(blank=True, default="", max_length=20)),
                ("consent_on", models.DateField(null=True)),
                ("in_force_on", models.DateField(null=True)),
                ("reservations", models.TextField(blank=True, default="")),
                ("declarations", models.TextField(blank=True, default="")),
                ("authorities", models.TextField(blank=True, default="")),
                ("as_of", models.DateField()),
                ("source", models.CharField(max_length=500)),
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
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruments",
                        to="assessment.country",
                    ),
                ),
            ],
            options={
                "db_table": "instrument_status",
                "ordering": ["instrument", "-as_of"],
            },
        ),
        migrations.CreateModel(
            name="KnownKey",
            fields=[
                ("fingerprint", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("public_raw", models.CharField(max_length=64)),
                ("compared_how", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "known_key",
                "ordering": ["person__name"],
            },
        ),
        migrations.CreateModel(
            name="Matter",
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
                ("title", models.CharField(max_length=300)),
                ("owner", models.CharField(max_length=200)),
                ("due_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=500)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="assessment.body",
                    ),
                ),
            ],
            options={
                "db_table": "board_matter",
                "ordering": ["closed_on", "due_on", "title"],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
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
                ("title", models.CharField(max_length=300)),
                ("protocol", models.CharField(max_length=80)),
                ("indicators", models.JSONField(default=list)),
                ("assistance", models.CharField(max_length=40)),
                ("concepts", models.JSONField(default=list)),
                ("owner", models.CharField(max_length=200)),
                ("partner", models.CharField(blank=True, default="", max_length=200)),
                ("donor", models.CharField(blank=True, default="", max_length=200)),
                ("begins_on", models.DateField(null=True)),
                ("months", models.PositiveIntegerField(default=1)),
                ("cost_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("cost_basis", models.CharField(blank=True, default="", max_length=300)),
                ("success", models.CharField(max_length=500)),
                ("to_security_forces", models.BooleanField(default=False)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("state_reason", models.TextField(blank=True, default="")),
                ("position", models.PositiveIntegerField(default=0)),
                ("position_reason", models.CharField(blank=True, default="", max_length=500)),
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
                    "depends_on",
                    models.ManyToManyField(related_name="needed_by", to="assessment.planitem"),
                ),
            ],
            options={
                "db_table": "plan_item",
                "ordering": ["position", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DueDiligence",
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
                ("risk", models.TextField()),
                ("mitigation", models.TextField()),
                ("decision", models.CharField(max_length=24)),
                ("decided_by", models.CharField(max_length=200)),
                ("review_on", models.DateField()),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diligence",
                        to="assessment.planitem",
                    ),
                ),
            ],
            options={
                "db_table": "due_diligence",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Round",
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
                ("scope", models.TextField(blank=True, default="")),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="assessment.country",
                    ),
                ),
                (
                    "older",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="assessment.round",
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
                    "protocols",
                    models.ManyToManyField(related_name="rounds", to="assessment.protocolfile"),
                ),
            ],
            options={
                "db_table": "round",
                "ordering": ["-period_to", "-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="RoadStep",
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
                ("subject", models.CharField(max_length=200)),
                ("instrument", models.CharField(blank=True, default="", max_length=40)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("policy", "Policy"),
                            ("bill", "Bill"),
                            ("committee", "Committee"),
                            ("adoption", "Adoption"),
                            ("deposit", "Deposit"),
                            ("entry-into-force", "Entry Into Force"),
                        ],
                        max_length=20,
                    ),
                ),
                ("owner", models.CharField(max_length=200)),
                ("due_on", models.DateField(null=True)),
                ("done_on", models.DateField(null=True)),
                ("note", models.TextField(blank=True, default="")),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="road",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "road_step",
                "ordering": ["subject", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Respondent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation", models.CharField(max_length=200)),
                ("sector", models.CharField(max_length=40)),
                ("office", models.CharField(blank=True, default="", max_length=200)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="respondents",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "respondent",
                "ordering": ["organisation"],
            },
        ),
        migrations.CreateModel(
            name="Release",
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
                ("document", models.CharField(max_length=20)),
                ("official", models.CharField(max_length=200)),
                ("office", models.CharField(max_length=300)),
                ("released_on", models.DateField()),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=120)),
                ("figures", models.JSONField(default=dict)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, default="", max_length=500)),
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
                        related_name="releases",
                        to="assessment.round",
                    ),
                ),
            ],
            options={
                "db_table": "release",
                "ordering": ["-at"],
            },
        ),
        migrations.AddField(
            model_name="planitem",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan",
                to="assessment.round",
            ),
        ),
    ]
