"""Administrators of workspaces made before need a second factor too."""

from django.db import migrations


def _need(apps, schema_editor):  # type: ignore[no-untyped-def]
    people = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    people.filter(role="administrator").update(needs_second_factor=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_programme_roles"),
    ]

    operations = [migrations.RunPython(_need, migrations.RunPython.noop)]
