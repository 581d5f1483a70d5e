"""What each trace is: a result of its case, a draft, or a draft that was set aside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; each trace that is there was kept."""

    dependencies = [("cases", "0003_study")]

    operations = [migrations.AddField("trace", "state", models.TextField(default="kept"))]
