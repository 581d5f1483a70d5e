"""Forms of imports: a file, what each column is, what of it is taken, and undoing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from kancil.desk.programme.access import Desk
from kancil.desk.programme.imports.batches import kinds
from kancil.desk.programme.imports.plan import Decisions
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase, visible
from kancil.programme.imports.fields import FIELDS, ImportKind
from kancil.programme.imports.mapping import ORDERS, TableHead, TableMapping
from kancil.programme.money.sheets import Heading
from kancil.web.acting import ActForm
from kancil.web.forms import choose, put_into_words, text

_NONE = "none"
"""Of a column that is not read."""
_SHOWN = 4
"""Cells of a column that stand beside its choice."""


class SendForm(ActForm):
    """A spreadsheet, and what it is of."""

    act = "send"
    import_kind = forms.ChoiceField(choices=())
    import_file = forms.FileField(max_length=200)
    import_activity = text(60, required=False)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        """Offer what the person may import."""
        super().__init__(*args, **kwargs)
        offered = [(each.value, words(f"web.prog-import-kind-{each}")) for each in kinds(desk)]
        choose(self, "import_kind", offered)
        if not desk.may_write:
            del self.fields["import_activity"]


class HeadingForm(ActForm):
    """In which row the headings stand, and whether the row above names groups of columns."""

    act = "heading"
    import_heading = forms.ChoiceField(choices=())
    import_join = forms.BooleanField(required=False)

    def __init__(self, *args: Any, head: TableHead, **kwargs: Any) -> None:
        """Offer the first rows of the file."""
        there = head.heading
        initial = {"import_heading": str(there.row), "import_join": there.is_joined}
        super().__init__(*args, initial=initial, **kwargs)
        rows = [(str(number), f"{number}: {visible(shown)}") for number, shown in head.first]
        choose(self, "import_heading", rows)

    def heading(self) -> Heading:
        """Where the headings are to be read."""
        given = self.cleaned_data
        return Heading(int(given["import_heading"]), given["import_join"])


class MappingForm(ActForm):
    """What each column is, and how its days and amounts are written."""

    act = "map"
    import_at = forms.IntegerField(widget=forms.HiddenInput, required=False)
    import_joined = forms.BooleanField(widget=forms.HiddenInput, required=False)
    import_days = forms.ChoiceField(choices=(), required=False)
    import_comma = forms.BooleanField(required=False)
    import_attended = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, kind: ImportKind, head: TableHead, known: TableMapping, **kwargs: Any
    ) -> None:
        """Offer the fields for each column, as they were read last or seem to be."""
        self._head, self._kind = head, kind
        by_heading = {heading: name for name, heading in known.columns.items()}
        initial = {
            "import_at": head.heading.row,
            "import_joined": head.heading.is_joined,
            "import_days": known.day_order,
            "import_comma": known.decimal_comma,
            "import_attended": known.all_attended,
            **{
                f"column_{at}": by_heading.get(each.heading, _NONE)
                for at, each in enumerate(head.columns)
            },
        }
        super().__init__(*args, initial=initial, **kwargs)
        own = {name: self.fields.pop(name) for name in list(self.fields)}
        offered = [
            (each.name, render_phrase(each.label) + (" *" if each.needed else ""))
            for each in FIELDS[kind]
        ]
        for at, look in enumerate(head.columns):
            field = forms.ChoiceField()
            put_into_words({"import_column": field})
            field.label = visible(look.heading)
            field.help_text = visible(" · ".join(look.filled[:_SHOWN])[:160])
            self.fields[f"column_{at}"] = field
            choose(self, f"column_{at}", [(_NONE, words("web.prog-imports.not-read")), *offered])
        self.fields.update(own)
        days = [(each, words(f"web.prog-import-days-{each}")) for each in ORDERS]
        choose(self, "import_days", [("", words("web.prog-import-days-clear")), *days])
        if kind is not ImportKind.PARTICIPANTS:
            del self.fields["import_attended"]
        if kind is not ImportKind.BUDGETS:
            del self.fields["import_comma"]

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field."""
        given = super().clean()
        seen: set[str | None] = set()
        for at in range(len(self._head.columns)):
            name = given.get(f"column_{at}")
            if name in seen:
                self.add_error(f"column_{at}", words("web.prog-imports.twice"))
            seen |= {name} - {_NONE, None}
        return given

    def mapping(self) -> TableMapping:
        """How the columns are read."""
        given = self.cleaned_data
        columns = {
            given[f"column_{at}"]: each.heading
            for at, each in enumerate(self._head.columns)
            if given[f"column_{at}"] != _NONE
        }
        return TableMapping(
            columns, given["import_days"], given.get("import_comma", False),
            given.get("import_attended", False), self._head.heading.row,
            self._head.heading.is_joined,
        )  # fmt: skip


class TakeForm(ActForm):
    """Take what can be taken."""

    act = "take"


class TwinsForm(TakeForm):
    """The same, where rows look like something in the books."""

    import_others = forms.BooleanField(required=False)


def decisions(request: HttpRequest, filled: TakeForm) -> Decisions:
    """What was said of rows that look known."""
    ticked = (each for each in request.POST.getlist("same") if each.isascii() and each.isdecimal())
    numbers = frozenset(int(each) for each in ticked if len(each) < 10)
    return Decisions(numbers, bool(filled.cleaned_data.get("import_others")))


class GiveUpForm(ActForm):
    """A file that waits is dropped."""

    act = "give-up"


class UndoForm(ActForm):
    """Undo an import."""

    act = "undo"
    import_sure = forms.BooleanField()
