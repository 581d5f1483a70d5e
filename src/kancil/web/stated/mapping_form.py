"""The form of a mapping: which column is what, and what the table does not say.

From a suggested mapping to a form, and from the form as it was sent to a mapping. Nothing is filled
in that the table does not say: what is open stays open until the officer decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from kancil.evidence.tables.column_mapping import (
    BY_COLUMNS,
    BY_NONE,
    BY_SIGN,
    BY_VALUE,
    BY_WORDS,
    COLUMNS,
    CONSTANTS,
    FORMAT_LATER,
    PURPOSES,
    UNITS,
    ColumnMapping,
    mapping_from,
)
from kancil.evidence.tables.moment import BUDDHIST, GREGORIAN, ZONE_UNKNOWN
from kancil.evidence.tables.suggest_headings import field_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import beginning
from kancil.web.forms import WordsForm, text

GROUPS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("moved", ("amount", "amount_in", "amount_out", "asset", "balance", "fee", "fee_asset"), True),
    ("when", ("time", "time_of_day"), True),
    ("chain", ("txid", "chain", "contract"), True),
    ("way", ("direction",), True),
    ("own", ("own_name", "own_account", "own_address"), False),
    ("other", ("other_name", "other_account", "other_address"), False),
    ("from", ("from_name", "from_account", "from_address"), False),
    ("to", ("to_name", "to_account", "to_address"), False),
    ("more", ("status", "reference"), False),
)
"""Fields of the record as a person looks for them, and whether a group stands open at first."""
RULES = (
    (f"{BY_VALUE}-out", BY_VALUE, "out"),
    (f"{BY_VALUE}-in", BY_VALUE, "in"),
    (f"{BY_SIGN}-in", BY_SIGN, "in"),
    (f"{BY_SIGN}-out", BY_SIGN, "out"),
    (BY_COLUMNS, BY_COLUMNS, None),
    (f"{BY_COLUMNS}-in", BY_COLUMNS, "in"),
    (f"{BY_COLUMNS}-out", BY_COLUMNS, "out"),
    (BY_WORDS, BY_WORDS, None),
    (BY_NONE, BY_NONE, None),
)
"""Name in the form, and what the mapping says: words `web.mapping.rule-<name>`."""
_THOUSANDS = {"none": "", "comma": ",", "point": ".", "space": " ", "apostrophe": "'"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the record in the form."""

    name: Phrase
    column: BoundField
    same: BoundField | None
    """What stands in every row, for fields that may."""
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    name: Phrase
    lines: tuple[Line, ...]
    is_open: bool


class MappingForm(WordsForm):
    """A mapping as an officer decides it."""

    stated_by = text(200)
    decimal = forms.ChoiceField(choices=())
    thousands = forms.ChoiceField(choices=())
    amount_unit = forms.ChoiceField(choices=())
    row_kind = forms.ChoiceField(choices=())
    time_format = text(100)
    calendar = forms.ChoiceField(choices=())
    table_zone = text(60)
    direction_rule = forms.ChoiceField(choices=())
    words_in = text(1000, required=False, lines=2)
    words_out = text(1000, required=False, lines=2)
    done_words = text(1000, required=False, lines=2)
    done_empty = forms.BooleanField(required=False)
    tried = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    made: ColumnMapping | None = None
    """The mapping of what was sent; it may be undecided in parts, which the form then tells."""

    def __init__(
        self,
        columns: Sequence[str],
        suggested: ColumnMapping,
        *args: Any,
        guesses: Sequence[str] = (),
    ) -> None:
        """Offer a table's columns, with what is suggested filled in; `guesses` stand open."""
        self.columns, self.suggested = tuple(columns), suggested
        self.guesses = tuple(guesses)
        super().__init__(*args, initial=_initial(self.columns, suggested))
        offered = [("", words("web.mapping.not-read"))]
        offered += [(str(place), beginning(name, 80)) for place, name in enumerate(self.columns)]
        for name in COLUMNS:
            label = words(f"web.mapping.field-{name.replace('_', '-')}")
            self.fields[f"column_{name}"] = forms.ChoiceField(
                choices=offered, required=False, label=label
            )
            if name in CONSTANTS:
                same = words("web.mapping.same", field=label)
                self.fields[f"same_{name}"] = forms.CharField(
                    max_length=1000, required=False, label=same
                )
        self._offer("decimal", [(mark, words(f"web.mapping.{key}")) for key, mark in
                                (("point", "."), ("comma", ","))])  # fmt: skip
        self._offer("thousands", [(key, words(f"web.mapping.{key}")) for key in _THOUSANDS])
        self._offer("amount_unit", [(each, words(f"web.mapping.unit-{each}")) for each in UNITS],
                    choose=False)  # fmt: skip
        self._offer("row_kind", [(each, words(f"web.mapping.purpose-{each}")) for each in PURPOSES],
                    choose=False)  # fmt: skip
        self._offer("calendar", [(each, words(f"web.mapping.calendar-{each}"))
                                 for each in (GREGORIAN, BUDDHIST)], choose=False)  # fmt: skip
        self._offer("direction_rule", [(name, words(f"web.mapping.rule-{name}"))
                                       for name, *_ in RULES])  # fmt: skip
        self.fields["table_zone"].widget.attrs["list"] = "zones"

    def _offer(self, name: str, choices: list[tuple[str, str]], *, choose: bool = True) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*([("", words("web.form.choose"))] if choose else []), *choices]

    def asked(self) -> list[str]:
        """Names of the fields that stand open: undecided, guessed, or wrong.

        The account of a statement's holder always does: on it rests who paid whom.
        """
        open_ = [name for part in self.suggested.missing() for name in _ASKED_TOGETHER[part]]
        holder = ["column_own_account"] if self.suggested.is_statement else []
        guessed = [f"column_{name}" for name in self.guesses]
        chain = ["column_chain"] if self.suggested.lacks_chain else []
        return list(dict.fromkeys(["stated_by", *holder, *guessed, *chain, *open_, *self.errors]))

    def asked_lines(self) -> tuple[Line, ...]:
        """The fields of the record among them, which are found in columns."""
        asked = self.asked()
        return tuple(
            self._line(name, with_side=True)
            for name in COLUMNS
            if f"column_{name}" in asked or f"same_{name}" in asked
        )

    def asked_fields(self) -> list[BoundField]:
        """The others among them."""
        return [self[name] for name in self.asked() if name in DECIDED]

    def _line(self, name: str, *, with_side: bool = False) -> Line:
        return Line(
            field_name(name)
            if with_side
            else Phrase(f"web.mapping.field-{name.replace('_', '-')}"),
            self[f"column_{name}"],
            self[f"same_{name}"] if name in CONSTANTS else None,
            name in self.guesses,
        )

    def groups(self) -> Iterator[Group]:
        """The fields of the record that are not asked, in groups, for the template."""
        asked = self.asked()
        for key, names, is_open in GROUPS:
            lines = tuple(
                self._line(name)
                for name in names
                if f"column_{name}" not in asked and f"same_{name}" not in asked
            )
            if not lines:
                continue
            is_used = any(
                each is not None and each.value() not in (None, "")
                for line in lines
                for each in (line.column, line.same)
            )
            yield Group(Phrase(f"web.mapping.group-{key}"), lines, is_open or is_used)

    def decided(self) -> list[BoundField]:
        """The fields on how amounts, times and directions are written, save those asked."""
        asked = self.asked()
        return [self[name] for name in DECIDED if name not in asked]

    def clean(self) -> dict[str, Any]:
        """Make the mapping of what was sent; what is undecided is told beside its field."""
        given = super().clean() or {}
        if self.errors:
            return given
        missing: tuple[str, ...] = ()
        with self.telling():
            self.made = mapping_from(self._as_json(given))
            missing = self.made.missing()
        for part in missing:
            self.add_error(_ASKED_BY[part], words("web.mapping.undecided"))
        return given

    def mapping(self) -> ColumnMapping:
        """The mapping as it was sent; only of a valid form."""
        if self.made is None:
            raise TypeError("the form is not valid")
        return self.made

    def _as_json(self, given: dict[str, Any]) -> dict[str, Any]:
        columns = {
            name: self.columns[int(given[f"column_{name}"])]
            for name in COLUMNS
            if given[f"column_{name}"]
        }
        constants = {
            name: given[f"same_{name}"].strip()
            for name in CONSTANTS
            if given[f"same_{name}"].strip()
        }
        is_as_suggested = columns == dict(self.suggested.columns)
        form = self.suggested.table
        return {
            "amount": self._amount(given),
            "columns": columns,
            "constants": constants,
            "direction": self._rule(given),
            "done": self._done(given) if "status" in columns else None,
            "format": FORMAT_LATER,
            "name": self.suggested.name if is_as_suggested else "own",
            "purpose": given["row_kind"],
            "stated_by": given["stated_by"].strip() or None,
            "table": {
                "delimiter": form.delimiter,
                "encoding": form.encoding,
                "header_line": form.header_line,
                "header_lines": form.header_lines,
            },
            "time": self._time(given),
            "unit": given["amount_unit"],
            "version": self.suggested.version if is_as_suggested else 1,
        }

    def _amount(self, given: dict[str, Any]) -> dict[str, str] | None:
        decimal, thousands = given["decimal"], given["thousands"]
        if not decimal or not thousands:
            return None
        return {"decimal": decimal, "thousands": _THOUSANDS[thousands]}

    def _time(self, given: dict[str, Any]) -> dict[str, Any] | None:
        formats = [each.strip() for each in given["time_format"].split("|") if each.strip()]
        if not formats:
            return None
        zone = given["table_zone"].strip() or None
        return {"calendar": given["calendar"], "formats": formats, "zone": zone}

    def _rule(self, given: dict[str, Any]) -> dict[str, Any] | None:
        name = given["direction_rule"]
        found = next(((by, value) for each, by, value in RULES if each == name), None)
        if found is None:
            return None
        is_words = found[0] == BY_WORDS
        return {
            "by": found[0],
            "value": found[1],
            "words_in": _lines(given["words_in"]) if is_words else [],
            "words_out": _lines(given["words_out"]) if is_words else [],
        }

    def _done(self, given: dict[str, Any]) -> list[str] | None:
        found = _lines(given["done_words"])
        found += [""] if given["done_empty"] else []
        return found or None


_ASKED_BY = {
    "stated_by": "stated_by",
    "amount": "decimal",
    "columns.amount": "column_amount",
    "asset": "column_asset",
    "columns.time": "column_time",
    "time.formats": "time_format",
    "time.zone": "table_zone",
    "direction": "direction_rule",
    "done": "done_words",
}
"""Part of a mapping that is undecided, and the field in which it is decided."""
_ASKED_TOGETHER = {
    "stated_by": ("stated_by",),
    "amount": ("decimal", "thousands"),
    "columns.amount": ("column_amount", "column_amount_in", "column_amount_out"),
    "asset": ("column_asset",),
    "columns.time": ("column_time",),
    "time.formats": ("time_format", "calendar"),
    "time.zone": ("table_zone",),
    "direction": ("direction_rule", "column_direction", "words_in", "words_out"),
    "done": ("done_words", "done_empty"),
}
"""The same, with what is decided together with it."""
DECIDED = (
    "stated_by", "row_kind", "decimal", "thousands", "amount_unit", "time_format", "calendar",
    "table_zone", "direction_rule", "words_in", "words_out", "done_words", "done_empty",
)  # fmt: skip
"""Fields that are found in no column."""


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _initial(columns: tuple[str, ...], suggested: ColumnMapping) -> dict[str, Any]:
    """What a suggestion fills in; what it leaves open stays empty."""
    found: dict[str, Any] = {
        "amount_unit": suggested.unit,
        "row_kind": suggested.purpose,
        "calendar": GREGORIAN,
        "stated_by": suggested.stated_by or "",
    }
    for name, column in suggested.columns.items():
        found[f"column_{name}"] = str(columns.index(column))
    for name, value in suggested.constants.items():
        found[f"same_{name}"] = value
    amount, time, rule = suggested.amount, suggested.time, suggested.direction
    if amount is not None:
        marks = {mark: key for key, mark in _THOUSANDS.items()}
        found |= {"decimal": amount.decimal, "thousands": marks[amount.thousands]}
    if time is not None:
        found |= {"time_format": " | ".join(time.formats), "calendar": time.calendar,
                  "table_zone": time.zone or ""}  # fmt: skip
    if rule is not None:
        names = {(by, value): name for name, by, value in RULES}
        found["direction_rule"] = names.get((rule.by, rule.value), "")
        found["words_in"], found["words_out"] = "\n".join(rule.words_in), "\n".join(rule.words_out)
    if suggested.done is not None:
        found["done_words"] = "\n".join(word for word in suggested.done if word)
        found["done_empty"] = "" in suggested.done
    return found


def zone_hints(own: str) -> tuple[str, ...]:
    """Zones to choose from; any IANA name or offset may be typed."""
    return tuple(dict.fromkeys((own, "UTC", "+07:00", "+08:00", ZONE_UNKNOWN)))
