"""The role of those who tell officers that two cases share a selector."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Another choice; no row changes."""

    dependencies = [("people", "0005_administrators_factor")]

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
                    ("deconfliction", "Deconfliction"),
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
