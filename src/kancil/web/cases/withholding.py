"""What is withheld from whoever receives a report or a bundle: entries ticked, a reason for each.

The field's value is text as the commands take it, a line each: `12=reason` for an entry,
`12.place=reason` for one field of an exhibit's entry (`kancil.custody.withheld`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kancil.custody.entry import Entry
from kancil.custody.withheld import LONGEST_REASON, is_field
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.words import has
from kancil.ground.words import render as words

from .history import says, what_happened


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be ticked."""

    value: str
    """`12`, or `12.place`."""
    name: Phrase
    text: Phrase | str
    """Few words of what it states."""
    is_field: bool
    """It is a field of the entry in an earlier row."""


def rows_of(free: Mapping[int, Entry], names: dict[str, str], *, fields: bool) -> list[Row]:
    """List entries that may be withheld, in the order of the ledger.

    `free`: those entries by number. `names`: of officers, by id. `fields`: a field of an exhibit's
    entry may be withheld by itself; those that have a word for people, and name no row, are listed.
    """
    found: list[Row] = []
    for n, entry in sorted(free.items()):
        name = Phrase("web.withhold.entry", {"n": str(n), "kind": what_happened(entry)})
        found.append(Row(str(n), name, says(entry, names), is_field=False))
        for field, value in sorted(entry.body.items()) if fields else ():
            word = f"name.pdf-{field.replace('_', '-')}"
            if is_field(entry, field) and has(word) and not is_id(value):
                name = Phrase("web.withhold.field", {"n": str(n), "field": Phrase(word)})
                found.append(Row(f"{n}.{field}", name, value, is_field=True))
    return found


class _TickList(forms.Widget):
    """Check boxes with a reason beside each."""

    use_fieldset = True

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows = rows

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        get = getattr(data, "getlist", None)
        ticked = get(name) if get else [data[name]] if name in data else []
        reasons = {each: " ".join(data.get(f"{name}-{each}", "").split()) for each in ticked}
        return "\n".join(f"{each}={reason}" for each, reason in reasons.items())

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Entries that are ticked stand first: the list is long, and shows few at a time."""
        lines = (line.partition("=") for line in (value or "").splitlines())
        ticked = {each: reason for each, _, reason in lines}
        first = {each.partition(".")[0] for each in ticked}
        rows = sorted(self.rows, key=lambda row: row.value.partition(".")[0] not in first)
        shown = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "longest": LONGEST_REASON,
            "rows": [(row, row.value in ticked, ticked.get(row.value, "")) for row in rows],
        }
        return render_to_string("kancil/_withhold.html", shown)


class WithholdField(forms.CharField):
    """Entries, or fields of them, that are ticked, each with its reason."""

    def __init__(self) -> None:
        """Nothing can be ticked until a form says what (`offer`)."""
        super().__init__(required=False, widget=_TickList([]))

    def clean(self, value: Any) -> str:
        """Lines that `read_withheld` takes; one without a reason is told by its number."""
        lines = str(super().clean(value) or "")
        for line in lines.splitlines():
            what, _, reason = line.partition("=")
            if not reason:
                raise forms.ValidationError(words("web.withhold.no-reason", what=what))
        return lines


def offer(form: forms.Form, name: str, rows: list[Row]) -> None:
    """Let these be ticked in a form's `WithholdField`."""
    form.fields[name].widget = _TickList(rows)
