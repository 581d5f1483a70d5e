"""Delegations of an activity: who is invited, who answered, whose answer is due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.desk.programme.access import ActivitySight
from kancil.desk.programme.activities.activities import options
from kancil.desk.programme.activities.delegations import add_delegation, answer_delegation
from kancil.desk.programme.activities.facets import (
    Delegation,
    asks,
    delegations_of,
    organisations_there,
)
from kancil.ground.words import render as words
from kancil.ground.words import render_phrase
from kancil.programme.activity import Facet
from kancil.programme.vocabulary import InvitationAnswer
from kancil.records.described import named
from kancil.web.acting import today
from kancil.web.cells import Section, empty, table, tag
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell, Tag
from kancil.web.programme_page import ACTIVE, page

from .panels import panel
from .parts import PartActForm, change, shown_part
from .words import day_text

_COLUMNS = ("delegation", "places>", "delegation-head", "invited", "answer-by", "invitation")


class InviteForm(PartActForm):
    """A delegation of a country, or of an organisation."""

    act = "invite"
    begins = "delegation_"
    does = staticmethod(add_delegation)
    delegation_country = forms.ChoiceField(choices=(), required=False)
    delegation_organisation = forms.ChoiceField(choices=(), required=False)
    delegation_places = forms.IntegerField(min_value=1, max_value=1000, initial=1)
    delegation_head = text(200, required=False)
    delegation_invited_on = day()
    delegation_answer_by = day()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer countries and organisations."""
        super().__init__(*args, **kwargs)
        none = ("", words("web.form.choose"))
        choose(self, "delegation_country", [none, *options().countries.items()])
        choose(self, "delegation_organisation", [none, *organisations_there().items()])

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean()
        if bool(given.get("delegation_country")) == bool(given.get("delegation_organisation")):
            self.add_error("delegation_country", words("web.activity.one-of-both"))
        return given


class AnswerForm(PartActForm):
    """What a delegation answered."""

    act = "answer"
    begins = "answer_"
    does = staticmethod(answer_delegation)
    answer_delegation = forms.TypedChoiceField(choices=(), coerce=int)
    answer_answer = forms.ChoiceField(choices=())
    answer_head = text(200, required=False)

    def __init__(self, *args: Any, rows: list[Delegation], **kwargs: Any) -> None:
        """Offer delegations, those that have not answered first."""
        super().__init__(*args, **kwargs)
        ordered = sorted(rows, key=lambda each: bool(each.answer))
        choose(self, "answer_delegation", [(str(each.pk), each.name) for each in ordered])
        answers = [(each.value, render_phrase(named(each))) for each in InvitationAnswer]
        choose(self, "answer_answer", [("", words("web.form.choose")), *answers])


def _table(rows: list[Delegation]) -> Section:
    shown: list[tuple[Cell, ...]] = [
        (
            each.name, str(each.places), each.head or "–", day_text(each.invited_on),
            day_text(each.answer_by), _answer(each),
        )
        for each in rows
    ]  # fmt: skip
    return table("web.room.activity-delegations", _COLUMNS, shown)


def _answer(row: Delegation) -> Cell:
    if row.answer:
        answer = InvitationAnswer(row.answer)
        kind = "intact" if answer is InvitationAnswer.ACCEPTED else "sealed"
        return Tag(kind, named(answer))  # type: ignore[arg-type]  # one of the two kinds
    if row.answer_by and row.answer_by < today():
        return tag("warn", "web.activity.answer-late")
    return tag("unknown", "web.activity.answer-due")


@panel(order=14)
def delegations_panel(_request: HttpRequest, sight: ActivitySight) -> list[Section]:
    """The delegations, where there are some or should be."""
    rows = delegations_of(sight)
    if not rows and not (sight.may_write and asks(sight, Facet.DELEGATIONS)):
        return []
    return [change(sight, _table(rows), "activity_delegations", may=sight.may_register)]


@page(
    "activities/<str:activity>/delegations/", "activity_delegations", may=ACTIVE, of="activity",
    methods=("GET", "POST"), within="activity",
)  # fmt: skip
def activity_delegations(request: HttpRequest, sight: ActivitySight) -> HttpResponse:
    """The delegations; the desk invites, and a focal point answers for their country."""
    rows = delegations_of(sight)
    asked: list[PartActForm] = []
    if rows and sight.may_register:
        asked.append(AnswerForm.asked(request, rows=rows))
    if sight.may_write:
        asked.append(InviteForm.asked(request))
    told = [_table(rows)] if rows else [empty("web.activity.no-delegations")]
    return shown_part(request, sight, "activity_delegations", lambda: told, asked)
