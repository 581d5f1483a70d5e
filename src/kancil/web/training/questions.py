"""Questions of a lab as forms: one for each, which is saved by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from kancil.desk.training.answers import MOST_WEIGHT
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.training.question import RULINGS, Kind, Question
from kancil.web.parts import Cell, Several

from .acting import plain_times

_LINES = {Kind.SET: 4, Kind.PATH: 6, Kind.TEXT: 8}


class AnswerForm(forms.Form):
    """The fields of one question, by its kind; an empty one is no answer, and is sent too."""

    use_required_attribute = False

    def __init__(self, question: Question, value: Any) -> None:
        """Show a value; None: nothing is answered yet."""
        super().__init__(auto_id=f"id-{question.id}-%s")
        self.question = question
        if question.kind is Kind.FINDING:
            self._two("statement", "pointers", value)
        elif question.kind is Kind.RULING:
            self._ruling(value)
        else:
            self.fields["value"] = _line(question, value)

    def _two(self, first: str, second: str, value: Any) -> None:
        stated = (value or {}).get(first, "")
        choices = [(each.code, render_phrase(each.words)) for each in self.question.choices]
        self.fields[first] = _one_of(choices, stated, words("web.field.lab-statement"))
        self.fields[second] = forms.CharField(
            widget=forms.Textarea(attrs={"rows": 3}),
            label=words("web.field.lab-pointers"), help_text=words("web.hint.lab-pointers"),
            initial="\n".join((value or {}).get(second, ())),
        )  # fmt: skip

    def _ruling(self, value: Any) -> None:
        rulings = [(each, words(f"name.ruling-{each}")) for each in RULINGS]
        ruled = (value or {}).get("ruling", "")
        self.fields["ruling"] = _one_of(rulings, ruled, words("web.field.lab-ruling"))
        self.fields["reasons"] = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            label=words("web.field.lab-reasons"),
            choices=[(each.code, render_phrase(each.words)) for each in self.question.choices],
            initial=list((value or {}).get("reasons", ())),
        )  # fmt: skip
        self.fields["weight"] = forms.CharField(
            widget=forms.Textarea(attrs={"rows": 2, "maxlength": MOST_WEIGHT}),
            label=words("web.field.lab-weight"), help_text=words("web.hint.lab-weight"),
            initial=(value or {}).get("weight", ""), required=False,
        )  # fmt: skip


def _one_of(choices: list[tuple[str, str]], chosen: str, label: str) -> forms.ChoiceField:
    return forms.ChoiceField(widget=forms.RadioSelect, choices=choices, initial=chosen, label=label)


def _line(question: Question, value: Any) -> forms.CharField:
    text = "\n".join(value) if isinstance(value, list) else value or ""
    text = plain_times(text) if question.kind is Kind.TIME else text
    lines = _LINES.get(question.kind)
    widget: forms.Widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    widget.attrs |= {"autocomplete": "off", "spellcheck": str(question.kind is Kind.TEXT).lower()}
    label = words(f"name.question-{question.kind.value}")
    if question.unit:
        label = words("web.training.in-unit", name=label, unit=question.unit)
    return forms.CharField(
        widget=widget, label=label, initial=text,
        help_text=words(f"web.hint.lab-{question.kind.value}"),
    )  # fmt: skip


def sent_value(question: Question, sent: QueryDict) -> Any:
    """What a form of a question carried, for `read_value`."""
    if question.kind is Kind.FINDING:
        return {"statement": sent.get("statement", ""), "pointers": sent.get("pointers", "")}
    if question.kind is Kind.RULING:
        ruled = {"ruling": sent.get("ruling", ""), "reasons": sent.getlist("reasons")}
        return {**ruled, "weight": sent.get("weight", "")}
    return sent.get("value", "")


def value_cell(question: Question | None, value: Any) -> Cell:
    """A value in words, for marks: each line of a list, the statement of a code."""
    if value is None or value == "":
        return Phrase("web.training.no-answer")
    lines = value_text(question, value).split("\n")
    return Several(lines) if len(lines) > 1 else lines[0]


def value_text(question: Question | None, value: Any) -> str:
    """A value in words, for marks: lines of a list, the statement of a code."""
    if value is None:
        return words("web.training.no-answer")
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if not isinstance(value, dict):
        is_time = question is not None and question.kind is Kind.TIME
        return plain_times(str(value)) if is_time else str(value)
    told = {each.code: render_phrase(each.words) for each in question.choices} if question else {}
    if "ruling" in value:
        reasons = [told.get(each, str(each)) for each in value.get("reasons", ())]
        ruled = [words(f"name.ruling-{value['ruling']}")]
        if value.get("weight"):
            ruled.append(words("web.training.weight-stated", weight=str(value["weight"])))
        return "\n".join([*ruled, *reasons])
    stated = str(value.get("statement", ""))
    return "\n".join([told.get(stated, stated), *map(str, value.get("pointers", ()))])
