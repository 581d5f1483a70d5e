"""A release keeps how its round stood; an item says why it is not support to security forces."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns; older rows have nothing in them."""

    dependencies = [("assessment", "0002_answers")]

    operations = [
        migrations.AddField(
            model_name="release", name="stood", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="planitem",
            name="not_forces_reason",
            field=models.TextField(blank=True, default=""),
        ),
    ]
