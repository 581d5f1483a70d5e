"""Tables of the programme's desk: visits and checks, constraints and indexes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0003_people_and_spending"),
        ("assessment", "0005_country_voice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UseCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("months", models.PositiveIntegerField()),
                ("checked_on", models.DateField()),
                ("in_use", models.PositiveIntegerField()),
                ("note", models.CharField(blank=True, default="", max_length=500)),
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
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="programme.handover",
                    ),
                ),
            ],
            options={
                "db_table": "use_check",
                "ordering": ["months", "id"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visited_on", models.DateField()),
                ("log", models.TextField()),
                ("progress", models.JSONField(default=list)),
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
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="programme.placement",
                    ),
                ),
            ],
            options={
                "db_table": "mentor_visit",
                "ordering": ["visited_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("heading_sha256", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict)),
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
                "db_table": "column_mapping",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "heading_sha256"), name="column_mapping_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DonorSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "donor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="programme.donor",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="donor_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "donor_seat",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "donor"), name="donor_seat_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="evaluationform",
            constraint=models.UniqueConstraint(
                fields=("activity", "moment"), name="evaluation_form_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="formdraft",
            constraint=models.UniqueConstraint(fields=("person", "form"), name="form_draft_once"),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.UniqueConstraint(
                fields=("activity", "grant"), name="activity_funding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorversion",
            constraint=models.UniqueConstraint(
                fields=("indicator", "n"), name="indicator_version_once"
            ),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["country", "name"], name="participant_by_country"),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["email"], name="participant_by_email"),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(fields=["name_folded"], name="participant_by_folded"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["activity", "attended"], name="participation_attended"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                fields=("activity", "participant"), name="participation_once"
            ),
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(fields=["participation", "day"], name="mark_by_day"),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.UniqueConstraint(fields=("table", "currency"), name="rate_once"),
        ),
        migrations.AddConstraint(
            model_name="nodeversion",
            constraint=models.UniqueConstraint(
                fields=("node", "n"), name="result_node_version_once"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["state", "begins_on"], name="activity_by_state"),
        ),
        migrations.AddIndex(
            model_name="spendingline",
            index=models.Index(
                fields=["grant", "file", "posted_on", "budget_class", "amount_minor"],
                name="spending_by_grant",
            ),
        ),
        migrations.AddIndex(
            model_name="spendingline",
            index=models.Index(fields=["activity"], name="spending_by_activity"),
        ),
    ]
