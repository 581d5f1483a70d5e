"""The roles of trainer and trainee in a classroom."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Another choice; no row changes."""

    dependencies = [("people", "0008_finance")]

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
                    ("trainer", "Trainer"),
                    ("trainee", "Trainee"),
                ],
                max_length=24,
            ),
        ),
    ]
