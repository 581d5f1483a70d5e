"""Answers that are left out of a bundle or report, since they rest on what may not leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django import forms

from kancil.custody.roll import Case, Roll
from kancil.desk.handling.queries import Bound
from kancil.ground.words import render as words
from kancil.reports.casework.recorded import Chosen, chosen

FIELD = "leave_out"
_LETTERS = {"trace.run": "T", "study.run": "S"}


def resting_answers(bound: Bound | None) -> list[str]:
    """The traces and studies of the case that rest on limited exhibits, by short number."""
    entries = () if bound is None else bound.entries
    return [f"{_LETTERS[each.kind]}{each.body['number']}" for each in entries
            if each.kind in _LETTERS]  # fmt: skip


def leave_out_field() -> forms.MultipleChoiceField:
    """Boxes for answers to leave out; `offer_answers` says which, or takes the field away."""
    return forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )


def offer_answers(form: forms.Form, answers: Sequence[str]) -> None:
    """Let these answers be left out; all are, unless somebody says otherwise."""
    field = form.fields[FIELD]
    if not answers:
        del form.fields[FIELD]
    elif isinstance(field, forms.MultipleChoiceField):
        field.choices = [(each, words("web.handling.answer", answer=each)) for each in answers]
        field.initial = list(answers)


def shown_without(
    roll: Roll, case: Case, left_out: Sequence[str], views: Sequence[str] = ()
) -> Chosen:
    """All traces and studies of a case but these, and the named saved views."""
    every, left = chosen(roll, case, views=views), set(left_out)
    return replace(
        every,
        traces=tuple(one for one in every.traces if f"T{one.number}" not in left),
        studies=tuple(one for one in every.studies if f"S{one.number}" not in left),
    )
