"""Patterns on the site: asked for a case, looked for by a background job, recorded as a study."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.laundering.patterns import PATTERNS
from kancil.bitcoin.laundering.search import MOST
from kancil.desk.cases.queries import Case
from kancil.desk.jobs.job import Asked
from kancil.desk.studies.material import material_of
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.ground.clock import from_person, to_text
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.pattern.study import PATTERN, subject_of
from kancil.web.cases.pages import crumbs
from kancil.web.cells import empty, form, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.studies.results.recording import start_study
from kancil.web.unit_desk import UnitDesk, unit_desk

_PAIR = re.compile(r"([a-z][a-z.-]{1,60})=([0-9]{1,16})")
_MOST = 10_000


class PatternsForm(WordsForm):
    """Which patterns are looked for, in which blocks, around what."""

    chain = forms.ChoiceField(choices=())
    around = text(4000, required=False, lines=2)
    patterns = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple()
    )
    since = text(40, required=False)
    until = text(40, required=False)
    law_threshold = text(30, required=False)
    threshold_currency = text(20, required=False)
    thresholds = text(2000, required=False, lines=2)
    most_found = forms.IntegerField(min_value=1, max_value=_MOST, initial=MOST)

    def __init__(self, chains: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the chains that are here, and all patterns."""
        super().__init__(*args, **kwargs)
        choose(self, "chain", [(name, name) for name in chains])
        field = self.fields["patterns"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(each.name, each.name) for each in PATTERNS]

    def clean_thresholds(self) -> dict[str, int]:
        """Read NAME=NUMBER pairs."""
        found = {}
        for part in self.cleaned_data["thresholds"].split():
            pair = _PAIR.fullmatch(part)
            if pair is None:
                raise forms.ValidationError(words("why.pattern-parameter-pair"))
            found[pair[1]] = int(pair[2])
        return found


@page("cases/<str:case>/patterns/", "patterns_new", may=ACTING, of="case",
      methods=("GET", "POST"))  # fmt: skip
def patterns_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Look for forms that laundering often has, and record what is found in the case."""
    desk = unit_desk()
    names = chain_names(desk.workspace)
    title = Phrase("web.patterns.title")
    way = crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))
    if not names:
        sections = [empty("web.chains.empty", url=reverse("chains"))]
        return show(request, title, sections, crumbs=way)
    first = {name: request.GET.get(name, "") for name in ("around", "chain")}
    asked = PatternsForm(names, request.POST or None, initial=first)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            given = _given(desk, asked.cleaned_data)
            subject_of(open_chain(desk.workspace, given["chain"]), given["around"])
            wanted = PATTERN.ask(material_of(desk.workspace), given)
            who = Asked(person_of(request), how_authenticated(request), CaseId(case.id))
            return redirect("task", task=start_study(desk, who, PATTERN, wanted))
    sections = [
        form("web.patterns.title", asked, submit="web.patterns.do", text="web.patterns.text")
    ]
    return show(request, title, sections, crumbs=way)


def _given(desk: UnitDesk, typed: dict[str, Any]) -> dict[str, Any]:
    """What `PATTERN.ask` takes; raises what reading a time raises."""
    zone = desk.workspace.zone
    since = from_person(typed["since"], zone) if typed["since"] else None
    until = from_person(typed["until"], zone, end_of_day=True) if typed["until"] else None
    return {
        "around": typed["around"].split(),
        "chain": typed["chain"],
        "currency": typed["threshold_currency"] or None,
        "most": typed["most_found"],
        "patterns": typed["patterns"],
        "since": _text(since),
        "threshold": typed["law_threshold"] or None,
        "thresholds": typed["thresholds"],
        "until": _text(until),
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
