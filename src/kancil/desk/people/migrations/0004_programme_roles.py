"""Roles of the programme's site."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_key_try"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "Officer"),
                    ("examiner", "Examiner"),
                    ("supervisor", "Supervisor"),
                    ("administrator", "Administrator"),
                    ("reader", "Reader"),
                    ("assessor", "Assessor"),
                    ("team-lead", "Team Lead"),
                    ("focal-point", "Focal Point"),
                    ("programme-officer", "Programme Officer"),
                    ("reviewer", "Reviewer"),
                    ("donor-reader", "Donor Reader"),
                ],
                max_length=24,
            ),
        ),
    ]
