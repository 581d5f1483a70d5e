"""The role of finance in a programme."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Another choice; no row changes."""

    dependencies = [("people", "0007_ministry")]

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
                    ("ministry", "Ministry"),
                    ("reviewer", "Reviewer"),
                    ("donor-reader", "Donor Reader"),
                    ("finance", "Finance"),
                ],
                max_length=24,
            ),
        ),
    ]
