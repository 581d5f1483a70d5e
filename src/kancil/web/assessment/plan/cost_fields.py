"""Fields of an item's form that are no single box: what is picked by search, amounts, cost lines.

All of it works without script: a button sends the form as it stands under `again`, and it comes
back with what was typed, what was ticked, and what the search finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from kancil.assessment.planning.amounts import amount_text, hundredths, read_amount
from kancil.assessment.planning.costs import CostLine, quantity_text, read_line, sum_minor
from kancil.ground.money import number_text
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words

AGAIN = "again"
"""Sent by a button that only shows the form again."""
_SHOWN = 12
_BLANK_LINES = 2
_MOST_LINES = 100
LINE = ("what", "unit", "rate", "quantity")


class SearchPicks(forms.CheckboxSelectMultiple):
    """Boxes to tick out of many: all that are ticked, and some in whose words the search stands."""

    find = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What is ticked; the search is kept for the page."""
        self.find = str(data.get(f"{name}_find", ""))[:100]
        return super().value_from_datadict(data, files, name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The ticked ones first, whatever is searched for."""
        ticked = {str(each) for each in value or ()}
        wanted = self.find.casefold().split()
        choices = [(str(each), str(label)) for each, label in self.choices]
        fits = [
            (each, label)
            for each, label in choices
            if each not in ticked and all(word in label.casefold() for word in wanted)
        ]
        boxes = [(each, label, True) for each, label in choices if each in ticked]
        boxes += [(each, label, False) for each, label in fits[:_SHOWN]]
        id = (attrs or {}).get("id", f"id_{name}")
        shown = {
            "id": id, "name": name, "find": self.find, "again": AGAIN, "boxes": boxes,
            "has_search": len(choices) > _SHOWN, "more": max(0, len(fits) - _SHOWN),
            "found": len(fits),
        }  # fmt: skip
        return render_to_string("kancil/_picks.html", shown)


class AmountField(forms.CharField):
    """An amount as people type it; hundredths, or None where nothing stands."""

    def __init__(self, **given: Any) -> None:
        """No more characters than an amount may have."""
        box = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_length=40, required=False, widget=box, **given)

    def clean(self, value: Any) -> Any:
        """Read it; what can be read in two ways is asked again."""
        written = super().clean(value)
        return _amount(written) if written else None


class CostLinesWidget(forms.Widget):
    """A row of four boxes a line, those that are filled and some blank ones."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The lines in which anything stands, as they were typed."""
        columns = [data.getlist(f"{name}_{each}")[:_MOST_LINES] for each in LINE]
        return [row for row in zip(*columns, strict=False) if any(each.strip() for each in row)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none of its boxes was sent."""
        return f"{name}_what" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The lines, each with what it comes to where that can be read."""
        rows = [*(value or ()), *[("",) * len(LINE)] * _BLANK_LINES]
        lines = [read_line(row) for row in value or ()]
        whole = [each for each in lines if isinstance(each, CostLine)]
        shown = {
            "id": (attrs or {}).get("id", f"id_{name}"), "name": name, "again": AGAIN,
            "rows": [
                {
                    "place": place,
                    "cells": [(each, row[n]) for n, each in enumerate(LINE)],
                    "total": _shown(read_line(row)) if any(row) else "",
                }
                for place, row in enumerate(rows, 1)
            ],
            "sum": _two(sum_minor(whole)) if whole and len(whole) == len(lines) else "",
        }  # fmt: skip
        return render_to_string("kancil/_cost_lines.html", shown)


class CostLinesField(forms.Field):
    """Cost lines, each checked by itself."""

    widget = CostLinesWidget

    def clean(self, value: Any) -> tuple[CostLine, ...]:
        """The lines; what is wrong with one is said with its number."""
        found, wrong = [], []
        for place, row in enumerate(value or (), 1):
            line = read_line(row)
            if isinstance(line, Phrase):
                wrong.append(words("web.plan.line-wrong", line=place, why=line))
            else:
                found.append(line)
        if wrong:
            raise ValidationError(wrong)
        return tuple(found)


def typed_lines(lines: Iterable[CostLine]) -> list[tuple[str, ...]]:
    """Lines as their boxes have them."""
    return [
        (each.what, each.unit, amount_text(each.rate_minor), quantity_text(each.quantity))
        for each in lines
    ]


def is_again(data: Mapping[str, Any]) -> bool:
    """Whether the form is only to be shown again."""
    return AGAIN in data


def _amount(written: str) -> int:
    found = read_amount(written)
    if isinstance(found, Phrase):
        raise ValidationError(words(found.key, **found.params))
    return found


def _shown(line: CostLine | Phrase) -> str:
    return _two(line.total_minor) if isinstance(line, CostLine) else "–"


def _two(minor: int) -> str:
    return number_text("", hundredths(minor))
