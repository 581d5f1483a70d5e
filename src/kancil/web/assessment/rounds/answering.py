"""The form by which an answer is given: its fields come from the question's scales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from kancil.assessment.answer import Answer, Given, Kind
from kancil.assessment.giving import MOST_REASON, MOST_TEXT
from kancil.assessment.protocol import Confidence, Indicator, Protocol, Scale, ScaleKind
from kancil.desk.assessment.queries.evidence import EvidenceRow
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import said
from kancil.web.forms import WordsForm, choose, day, text

from .given import pick_name, said_value

_WHOLE = "whole"
_NOT = (Kind.NOT_KNOWN.value, Kind.NOT_APPLICABLE.value)
_RADIO = (ScaleKind.ORDERED, ScaleKind.CHOICE)


@dataclass(frozen=True)
class Slot:
    """The fields of the question, or of one of its parts."""

    is_part: bool
    given: forms.BoundField
    kind: forms.BoundField | None
    """Whether there is no value; None where that stands in the list of `given`."""
    reason: forms.BoundField


class AnswerForm(WordsForm):
    """An answer to a question, or to its parts, with confidence, comment and evidence.

    Each slot (the question, or a part) has `given_`, `kind_` where no list is chosen from, and
    `reason_`. Only the assessor says how sure they are: nothing is chosen before. `follows` and
    `also`: ids of the assessor's own answers that were in view.
    """

    use_required_attribute = False
    """So that what saves itself is sent, and told what is missing, before all is filled in."""
    follows = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    also = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    confidence = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    comment = text(MOST_TEXT, required=False, lines=4)
    evidence = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        protocol: Protocol,
        asked: Indicator,
        own: Sequence[Answer],
        items: Iterable[EvidenceRow],
        brought: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        """Make the fields of a question, filled with the person's own answer that stands.

        `brought`: ids of evidence that was brought for it, ticked where no answer stands.
        """
        super().__init__(*args, **kwargs)
        self._scales: dict[str, Scale] = {}
        stands = own[-1] if own else None
        if asked.scale is not None:
            given = stands.given if stands else None
            self._add(_WHOLE, protocol.scales[asked.scale], words("web.field.given"), asked, given)
        for part in asked.parts:
            given = stands.parts.get(part.id) if stands else None
            self._add(part.id, protocol.scales[part.scale], said(part.question), None, given)
        sures = [(each.value, words(f"web.confidence.{each.value}")) for each in Confidence]
        choose(self, "confidence", sures)
        there = [
            (row.item.id, pick_name(protocol, row.item))
            for row in items
            if row.is_shown and row.item.grade in protocol.grades
        ]
        choose(self, "evidence", there)
        if not there:
            del self.fields["evidence"]
        self.fields["confidence"].error_messages["required"] = words("web.answer.how-sure-first")
        self.initial.setdefault("evidence", list(brought))
        if stands is not None:
            self.initial.setdefault("confidence", stands.confidence.value)
            self.initial.setdefault("comment", stands.comment)
            self.initial["evidence"] = [each.id for each in stands.evidence]
            self.initial["follows"] = stands.id
            self.initial["also"] = ",".join(each.id for each in own[:-1])

    def _add(
        self, slot: str, scale: Scale, label: str, asked: Indicator | None, given: Given | None
    ) -> None:
        self._scales[slot] = scale
        none = [(kind, words(f"web.given.{kind}")) for kind in _NOT]
        value = given.value if given else None
        kind = given.kind.value if given else ""
        if scale.kind in _RADIO:
            choices = [*_choices(scale, asked, with_meaning=asked is not None), *none]
            first = kind if kind in _NOT else "" if value is None else str(value)
            self._put(f"given_{slot}", forms.ChoiceField(
                choices=choices, required=False, widget=forms.RadioSelect, label=label,
                initial=first,
            ))  # fmt: skip
        else:
            field = _field(scale, value)
            field.label = label
            self._put(f"given_{slot}", field)
            self._put(f"kind_{slot}", forms.ChoiceField(
                choices=[("", words("web.given.value")), *none], required=False,
                widget=forms.RadioSelect, initial=kind if kind in _NOT else "",
                label=words("web.given.or"),
            ))  # fmt: skip
        self._put(f"reason_{slot}", forms.CharField(
            max_length=MOST_REASON, required=False, label=words("web.field.not-applicable-why"),
            initial=given.reason if given else "",
        ))  # fmt: skip

    def _put(self, name: str, field: forms.Field) -> None:
        field.error_messages["invalid_choice"] = words("web.form.no-choice")
        field.error_messages["invalid"] = words("web.answer.not-on-scale")
        self.fields[name] = field

    @property
    def slots(self) -> list[Slot]:
        """The fields of the answer itself, in order."""
        return [
            Slot(
                slot != _WHOLE,
                self[f"given_{slot}"],
                self[f"kind_{slot}"] if f"kind_{slot}" in self.fields else None,
                self[f"reason_{slot}"],
            )
            for slot in self._scales
        ]

    @property
    def meanings(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the values of the parts' lists mean, once a list."""
        used = {each.id: each for slot, each in self._scales.items() if slot != _WHOLE}
        return [
            (said(scale.title), values)
            for scale in used.values()
            if (values := [(said(one.label), said(one.meaning)) for one in scale.values])
            and any(meaning for _, meaning in values)
        ]

    @property
    def beside(self) -> list[forms.BoundField]:
        """Confidence, comment and evidence."""
        names = ("confidence", "comment", "evidence")
        return [self[name] for name in names if name in self.fields]

    def answer(self) -> tuple[Given | None, dict[str, Given]]:
        """What was answered: of the question, and of its parts; nothing where nothing was."""
        found = {
            slot: given
            for slot, scale in self._scales.items()
            if (given := self._given(slot, scale)) is not None
        }
        return found.pop(_WHOLE, None), found

    def before(self) -> tuple[str | None, list[str]]:
        """The ids of the answers that were in view."""
        data: Mapping[str, Any] = self.cleaned_data
        return data["follows"] or None, [each for each in data["also"].split(",") if each]

    def _given(self, slot: str, scale: Scale) -> Given | None:
        data = self.cleaned_data
        value, reason = data.get(f"given_{slot}"), data.get(f"reason_{slot}") or ""
        kind = value if scale.kind in _RADIO and value in _NOT else data.get(f"kind_{slot}")
        if kind in _NOT:
            is_na = kind == Kind.NOT_APPLICABLE.value
            return Given(Kind(kind), None, reason if is_na else "")
        if value is None or value == "" or value == []:
            return None
        if scale.kind is ScaleKind.MANY:
            return Given(Kind.VALUE, tuple(value))
        if isinstance(value, date):
            return Given(Kind.VALUE, value.isoformat())
        if scale.kind in _RADIO:
            same = [each.value for each in scale.values if str(each.value) == value]
            return Given(Kind.VALUE, same[0])
        return Given(Kind.VALUE, value)


def _choices(
    scale: Scale, asked: Indicator | None, *, with_meaning: bool = True
) -> list[tuple[str, str]]:
    found = []
    for each in scale.values:
        stage = asked.stages.get(each.value) if asked and isinstance(each.value, int) else None
        meaning = said(stage or each.meaning) if with_meaning else ""
        label = said_value(scale, each.value)
        shown = format_html("<b>{}</b><small>{}</small>", label, meaning) if meaning else label
        found.append((str(each.value), shown))
    return found


def _field(scale: Scale, value: Any) -> forms.Field:
    """Make the field of a scale that is no list of which one is chosen."""
    if scale.kind is ScaleKind.MANY:
        return forms.MultipleChoiceField(
            choices=_choices(scale, None), required=False, widget=forms.CheckboxSelectMultiple,
            initial=list(value or ()),
        )  # fmt: skip
    if scale.kind is ScaleKind.COUNT:
        return forms.IntegerField(required=False, min_value=0, initial=value)
    if scale.kind is ScaleKind.DATE:
        chosen = day()
        chosen.initial = value
        return chosen
    if scale.kind is ScaleKind.SHARE:
        return forms.CharField(
            required=False, max_length=8, initial=value,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )  # fmt: skip
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(required=False, max_length=MOST_TEXT, widget=area, initial=value)
