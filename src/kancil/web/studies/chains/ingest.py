"""Blocks into a chain: exhibits of a case are chosen, and read behind the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.network import NETWORKS
from kancil.custody.roll import Exhibit, Roll
from kancil.desk.cases.queries import Case
from kancil.desk.jobs.job import Asked
from kancil.desk.studies.chains import chain_folder
from kancil.desk.studies.jobs.chains import ingest
from kancil.desk.studies.own_chains import lab_network, own_chain, require_ingest
from kancil.desk.studies.queries import chain_names
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cases.pages import crumbs
from kancil.web.cells import empty, form, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk


class IngestForm(WordsForm):
    """Which exhibits are read, into which chain; a lab's case has its chain and network."""

    chain_name = text(64)
    network = forms.ChoiceField(choices=[(name, name) for name in NETWORKS])
    block_exhibits = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple())
    spent_exhibits = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(
        self, exhibits: list[Exhibit], *args: Any, own: tuple[str, str] | None = None, **kwargs: Any
    ) -> None:
        """Offer the exhibits of the case; `own`: chain and network, where they are no choice."""
        super().__init__(*args, **kwargs)
        for name, value in zip(("chain_name", "network"), own or (), strict=False):
            self.initial[name], self.fields[name].disabled = value, True
        offered = [(each.label, f"{each.label} {each.title}") for each in exhibits]
        for name in ("block_exhibits", "spent_exhibits"):
            choose(self, name, offered)

    def clean(self) -> dict[str, Any]:
        """Refuse an exhibit that is to be both blocks and what they spend."""
        given = super().clean() or {}
        both = set(given.get("block_exhibits", ())) & set(given.get("spent_exhibits", ()))
        if both:
            told = words("web.ingest.both", exhibits=", ".join(sorted(both)))
            self.add_error("spent_exhibits", told)
        return given


@page("cases/<str:case>/blocks/", "ingest_new", may=ACTING, of="case", methods=("GET", "POST"))
def ingest_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Read block files of exhibits into a chain, as work behind the pages."""
    desk = unit_desk()
    roll = desk.ledger.folded(Roll)
    held = [each for each in roll.exhibits.values() if each.case == case.id and not each.is_gone]
    way = crumbs(case, (reverse("chains"), Phrase("web.room.chains")))
    title = Phrase("web.ingest.title")
    if not held:
        first = reverse("intake", kwargs={"case": case.number})
        return show(request, title, [empty("web.ingest.empty", url=first)], crumbs=way)
    mine, network = own_chain(desk.workspace, case), lab_network(case.id)
    names = [mine] if mine else chain_names(desk.workspace)
    own = (mine, network) if mine and network else None
    start = {"chain_name": names[0] if names else "main"}
    asked = IngestForm(held, request.POST or None, initial=start, own=own)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling("chain_name"):
            chain_folder(desk.workspace, given["chain_name"])
            person = person_of(request)
            require_ingest(
                desk.workspace, given["chain_name"], given["network"], case=case.id, person=person
            )
            who = Asked(person, how_authenticated(request), CaseId(case.id))
            asked_for = ingest.by(who).enqueue(
                chain=given["chain_name"],
                exhibits=given["block_exhibits"],
                spent=given["spent_exhibits"],
                network=given["network"],
            )
            return redirect("task", task=asked_for.id)
    text_key = "web.ingest.text" if own is None else "web.ingest.text-of-lab"
    sections = [form("web.ingest.title", asked, submit="web.ingest.do", text=text_key)]
    return show(request, title, sections, crumbs=way)
