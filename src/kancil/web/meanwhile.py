"""What stands and what somebody wrote beside it, where another one wrote first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, note, table
from kancil.web.parts import Cell


def version_read(*, required: bool = False) -> forms.IntegerField:
    """Which version was opened, unseen; a draft keeps it too."""
    unseen = forms.HiddenInput(attrs={"data-kept": ""})
    return forms.IntegerField(required=required, widget=unseen)


def laid_beside(
    request: HttpRequest, filled: forms.Form, version: str = "version"
) -> list[Section]:
    """Fields that stand otherwise than they were sent, where the form is of an older version.

    The form's initial values are what stands; `version`: which of them counts the changes. The
    form comes back with what was typed and the version that stands: who sends it again has seen
    both. Nothing is laid beside a form that was not sent, or is of the version that stands.
    """
    stands = filled.initial
    seen = filled.cleaned_data.get(version) if filled.is_bound else None
    if seen in (None, stands[version]):
        return []
    data = request.POST.copy()
    data[version] = str(stands[version])
    filled.data = data
    mine = {
        name: value
        for name, value in filled.cleaned_data.items()
        if name in stands and name != version and _plain(value) != _plain(stands[name])
    }
    told = [note("warn", "web.prog-draft.look-at-both")]
    return [*told, side_by_side(filled, "web.prog-draft.both", stands, mine)] if mine else told


def side_by_side(
    filled: forms.Form, key: str, stands: Mapping[str, Any], mine: Mapping[str, Any]
) -> Section:
    """A table of fields: as each stands, and as it was written; `mine`: which, with their values.

    `key`: of its heading.
    """
    rows: list[tuple[Cell, ...]] = [
        (str(field.label or name), _shown(field, stands[name]), _shown(field, mine[name]))
        for name, field in filled.fields.items()
        if name in mine
    ]
    return table(key, ("field", "stands-now", "you-wrote"), rows)


def _shown(field: forms.Field, value: Any) -> Cell:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return Phrase("web.plan.yes" if value else "web.plan.no")
    names: dict[str, str] = {}
    for first, second in getattr(field, "choices", ()):
        inner = [(first, second)] if isinstance(second, str) else second
        names |= {str(each): str(label) for each, label in inner}
    several = value if isinstance(value, list | tuple) else [value]
    return ", ".join(names.get(_plain(each), _plain(each)) for each in several) or "–"


def _plain(value: Any) -> str:
    """A value as it is sent, so that a number or a day equals what was typed for it."""
    if isinstance(value, list | tuple):
        return "\n".join(sorted(_plain(each) for each in value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
