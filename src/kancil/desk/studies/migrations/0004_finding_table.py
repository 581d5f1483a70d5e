"""Drafts of findings that rest on a row of a study's table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0003_watch_bounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="findingversion",
            name="table",
            field=models.TextField(blank=True, default=""),
        ),
    ]
