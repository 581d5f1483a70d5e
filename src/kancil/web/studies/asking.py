"""Asking where coins went or came from: what is pasted, under which policy, and why."""

from __future__ import annotations

from typing import Any, Literal, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart, resolve_starts
from kancil.bitcoin.tracing.policies import POLICIES
from kancil.desk.cases.actions import keep_trace
from kancil.desk.cases.queries import Case
from kancil.desk.studies.queries import chain_names, open_chain
from kancil.ground.clock import from_person
from kancil.ground.ids import CaseId, TraceId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.trace.asking import stops_asked
from kancil.studies.trace.question import NamedStart, TraceQuestion
from kancil.studies.trace.run import run_trace
from kancil.web.cases.pages import crumbs
from kancil.web.cells import empty, form, show
from kancil.web.forms import WordsForm, text
from kancil.web.page import ACTING, page
from kancil.web.unit_desk import UnitDesk, unit_desk

from .graphs import labels_of

MAX_HOPS = 1000


class TraceForm(WordsForm):
    """Where to begin, in which direction, under which policy and why."""

    chain = forms.ChoiceField(choices=())
    start = text(4000, lines=2)
    direction = forms.ChoiceField(choices=())
    policy = forms.ChoiceField(choices=())
    policy_reason = text(1000, lines=2)
    hops = forms.IntegerField(min_value=1, max_value=MAX_HOPS, required=False)
    min_sat = forms.IntegerField(min_value=0, initial=0)
    since = text(40, required=False)
    until = text(40, required=False)
    pass_services = text(1000, required=False)
    through_coinjoins = forms.BooleanField(required=False)

    def __init__(self, chains: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the chains that are here, and what may be chosen."""
        super().__init__(*args, **kwargs)
        choices = {
            "chain": [(name, name) for name in chains],
            "direction": [(each, words(f"web.direction.{each}")) for each in _DIRECTIONS],
            "policy": [
                ("", words("web.form.choose")),
                *((each.name, words(f"web.policy.{each.name}")) for each in POLICIES),
            ],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered


_DIRECTIONS = ("forward", "backward")


@page("cases/<str:case>/money/ask/", "trace_new", may=ACTING, of="case", methods=("GET", "POST"))
def trace_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask where coins went, or came from."""
    desk = unit_desk()
    names = chain_names(desk.workspace)
    given = {"start": request.GET.get("start", ""), "chain": request.GET.get("chain", "")}
    asked = TraceForm(names, request.POST or None, initial=given)
    if not names:
        sections = [empty("web.chains.empty", url=reverse("chains"))]
        return show(request, Phrase("web.money.ask"), sections, crumbs=crumbs(case))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            chain = open_chain(desk.workspace, asked.cleaned_data["chain"])
            labels = labels_of(chain)
            answer = run_trace(chain, labels, _question(desk, chain, asked.cleaned_data))
            entry = keep_trace(
                desk.ledger,
                desk.workspace,
                case=CaseId(case.id),
                trace=TraceId(new_id()),
                provenance=answer.provenance(chain, labels),
                result_sha256=answer.digest,
                rows=answer.as_dict(),
                by=desk.server(request),
            )
            return redirect("trace", case=case.number, trace=entry.body["number"])
    sections = [form("web.money.ask", asked, submit="web.money.run", text="web.money.ask-text")]
    way = crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))
    return show(request, Phrase("web.money.ask"), sections, crumbs=way)


def _question(desk: UnitDesk, chain: Chain, given: dict[str, Any]) -> TraceQuestion:
    """Read what was asked; raises what reading a start or a time raises."""
    zone = desk.workspace.zone
    since = from_person(given["since"], zone) if given["since"] else None
    until = from_person(given["until"], zone, end_of_day=True) if given["until"] else None
    typed = given["start"].split()
    resolved = resolve_starts(
        chain, [AskedStart(each, None, "") for each in typed], since=since, until=until
    )
    return TraceQuestion(
        starts=tuple(
            NamedStart(chain.outpoint(one.output), one.share_sat, one.reference)
            for one in resolved.starts
        ),
        policy=given["policy"],
        policy_reason=given["policy_reason"],
        direction=cast("Literal['forward', 'backward']", given["direction"]),
        hops=given["hops"],
        min_sat=given["min_sat"],
        since=since,
        until=until,
        pass_services=given["pass_services"] or None,
        all_coins_ever=resolved.all_coins_ever,
        last_height=chain.last_height,
        asked=tuple(typed),
        stops_at=stops_asked(through_coinjoins=given["through_coinjoins"]),
    )
