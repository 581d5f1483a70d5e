"""Titles, seals and names as they are searched, in columns of their own."""

from django.db import migrations, models

from kancil.ground.folding import folded

_ROWS = 500
_TEXTS = {"Officer": ("name",), "Case": ("title",), "Exhibit": ("title", "seal")}


def fold(apps, _schema):
    """Fold the texts of the rows that are there."""
    for name, texts in _TEXTS.items():
        model = apps.get_model("cases", name)
        rows = []
        for row in model.objects.iterator(chunk_size=_ROWS):
            for text in texts:
                told = getattr(row, text)
                setattr(row, f"{text}_folded", None if told is None else folded(told))
            rows.append(row)
            if len(rows) == _ROWS:
                _write(model, rows, texts)
                rows = []
        _write(model, rows, texts)


def _write(model, rows, texts):
    if rows:
        model.objects.bulk_update(rows, [f"{text}_folded" for text in texts])


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField("officer", "name_folded", models.TextField(default="")),
        migrations.AddField("case", "title_folded", models.TextField(default="")),
        migrations.AddField("exhibit", "title_folded", models.TextField(default="")),
        migrations.AddField("exhibit", "seal_folded", models.TextField(null=True)),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
