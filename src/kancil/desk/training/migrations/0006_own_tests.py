"""Tests of the trainer's own items, beside the two that come with a course."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0005_join_slips"),
    ]

    operations = [
        migrations.AlterField(
            model_name="coursetest",
            name="form",
            field=models.CharField(
                choices=[("pre", "Pre"), ("post", "Post"), ("own", "Own")], max_length=4
            ),
        ),
    ]
