"""The desk's tables as lines of text, for a backup that either database can take back.

One canonical JSON object a line: `{"fields": {COLUMN: TEXT or null}, "table": "people.person"}`.
Every table is copied but those named here, so that a new one is not forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection
from django.db.models import Field, JSONField, Model

from kancil.evidence.errors import BackupNotReadable
from kancil.ground import canonical
from kancil.ground.errors import NotCanonical
from kancil.ground.phrase import Phrase

from .errors import DeskNotEmpty

LEFT_OUT = {
    "auth.group": "not used: what a person may do is their role",
    "auth.permission": "not used, and made anew with the tables",
    "axes.accessattempt": "counts wrong passwords until a lock ends",
    "axes.accessattemptexpiration": "says when such a lock ends",
    "contenttypes.contenttype": "made anew with the tables",
    "people.token": "a token that was ended since must not come back to life",
    "selectors.indexed": "made anew from the results that the workspace keeps",
    "selectors.sighting": "made anew from the results that the workspace keeps",
    "sessions.session": "everyone signs in again",
    "work.task": "a restored copy, such as a drill's, must not begin to work by itself",
}
"""Tables that are not copied, and why. Those of the ledger and its rows are in `FROM_LEDGER`."""
FROM_LEDGER = ("custody", "cases")
"""Rooms whose tables are made from the ledger's entries alone."""

_ROWS = 500


def copied_tables() -> list[type[Model]]:
    """List the tables that a backup has, by name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in FROM_LEDGER
        and model._meta.label_lower not in LEFT_OUT
        and not _joins_one_left_out(model)
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def _joins_one_left_out(model: type[Model]) -> bool:
    joined: Any = model._meta.auto_created  # the table that has the field, or False
    return bool(joined) and joined._meta.label_lower in LEFT_OUT


def table_lines() -> Iterator[bytes]:
    """Every row of every copied table, without line ends."""
    for model in copied_tables():
        for row in model._base_manager.order_by("pk").iterator(chunk_size=_ROWS):
            fields = {each.attname: _to_text(each, row) for each in model._meta.concrete_fields}
            yield canonical.dumps({"fields": fields, "table": model._meta.label_lower})


def require_empty(*others: type[Model]) -> None:
    """Refuse a database with a row in a copied table, or in one of the others.

    Raises DeskNotEmpty.
    """
    if any(model._base_manager.exists() for model in (*copied_tables(), *others)):
        raise DeskNotEmpty(name=str(connection.settings_dict["NAME"]))


def take_table_lines(lines: Iterable[bytes], path: str) -> int:
    """Write rows into empty tables as they were, inside the caller's transaction; gives how many.

    `path`: where the lines come from. Raises BackupNotReadable for a row that this version's
    tables cannot take.
    """
    models = {model._meta.label_lower: model for model in copied_tables()}
    count = 0
    try:
        for count, line in enumerate(lines, start=1):  # noqa: B007  # the last one is given
            _read_row(line, models).save_base(raw=True, force_insert=True)
        connection.check_constraints()
    except (
        FieldDoesNotExist, IntegrityError, KeyError, NotCanonical, TypeError, ValidationError,
        ValueError,
    ) as error:  # fmt: skip
        why = Phrase("why.backup-row", {"row": count})
        raise BackupNotReadable(path=path, why=why) from error
    _count_on(list(models.values()))
    return count


def _read_row(line: bytes, models: dict[str, type[Model]]) -> Model:
    stated = canonical.loads_canonical(line)
    model = models[stated["table"]]
    row = model()
    for name, text in stated["fields"].items():
        field = model._meta.get_field(name)
        if not isinstance(field, Field) or field.attname != name:
            field = next(each for each in model._meta.concrete_fields if each.attname == name)
        setattr(row, name, None if text is None else _from_text(field, text))
    return row


def _to_text(field: Field[Any, Any], row: Model) -> str | None:
    value = field.value_from_object(row)
    if value is None:
        return None
    if isinstance(field, JSONField):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return field.value_to_string(row)


def _from_text(field: Field[Any, Any], text: str) -> Any:
    return json.loads(text) if isinstance(field, JSONField) else field.to_python(text)


def _count_on(models: list[type[Model]]) -> None:
    """Let the next row's own number follow the highest that was taken over."""
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
