"""Which saved views go into a report or a bundle: none but those that an officer ticks."""

from __future__ import annotations

from typing import Any

from django import forms

from kancil.custody.roll import Case, Roll
from kancil.ground.words import render as words

NAME = "shown_views"


def views_field() -> forms.MultipleChoiceField:
    """A field with a box for each saved view of the case."""
    return forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )


def views_of(roll: Roll, case: Case) -> list[tuple[str, str]]:
    """The saved views of a case, each with its name, as choices; the newest first."""
    saved = (roll.views[view] for view in reversed(case.views))
    return [
        (
            f"V{one.number}",
            words("web.shown-view", view=f"V{one.number}", name=str(one.entry.body["name"])),
        )
        for one in saved
    ]


def offer_views(form: forms.Form, choices: list[tuple[str, str]]) -> None:
    """Offer them in a form; where there are none the field is not there."""
    field: Any = form.fields[NAME]
    if choices:
        field.choices = choices
    else:
        del form.fields[NAME]
