"""Asking where coins went or came from: what is pasted, under which policy, and why.

The chain is found by what was pasted; the policy is the unit's unless the officer states another.
Everything else stands folded under *Options*.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from kancil.bitcoin.tracing.policies import POLICIES
from kancil.desk.cases.queries import Case
from kancil.desk.studies.asking import (
    choose_default_policy,
    default_policy,
    find_starts,
    record_trace,
)
from kancil.desk.studies.queries import chain_names
from kancil.ground.clock import from_person
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.trace.asking import TraceInput, ask_trace
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, empty, facts, form, note, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, HEADS, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.graphs import labels_of
from kancil.web.unit_desk import UnitDesk, unit_desk

MAX_HOPS = 1000
_DIRECTIONS = ("forward", "backward")


def policy_choices() -> list[tuple[str, str]]:
    """Each policy by its name, with what it does in one line below."""
    return [
        (
            each.name,
            format_html(
                "<span><b>{}</b><small>{}</small></span>",
                words(f"web.policy.{each.name}"),
                words(f"web.policy-is.{each.name}"),
            ),
        )
        for each in POLICIES
    ]


class TraceForm(WordsForm):
    """What to follow, in which direction, under which policy and why; the rest is optional."""

    options = (
        "chain", "hops", "min_sat", "since", "until", "pass_services", "through_coinjoins",
    )  # fmt: skip
    start = text(20_000, lines=3)
    direction = forms.ChoiceField(choices=(), widget=forms.RadioSelect, initial="forward")
    policy = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    policy_reason = text(1000, required=False, lines=2)
    chain = forms.ChoiceField(choices=(), required=False)
    hops = forms.IntegerField(min_value=1, max_value=MAX_HOPS, required=False)
    min_sat = forms.IntegerField(min_value=0, initial=0, required=False)
    since = text(40, required=False)
    until = text(40, required=False)
    pass_services = text(1000, required=False)
    through_coinjoins = forms.BooleanField(required=False)

    def __init__(
        self, chains: Sequence[str], usual: tuple[str, str] | None, *args: Any, **kwargs: Any
    ) -> None:
        """Offer the chains that are here; `usual`: the unit's default policy and its reason."""
        super().__init__(*args, **kwargs)
        self.usual = usual
        self.fields["policy_reason"].required = usual is None
        found = ("", words("web.ask.find-chain"))
        choose(self, "chain", [found, *((name, name) for name in chains)])
        choose(self, "direction", [(each, words(f"web.direction.{each}")) for each in _DIRECTIONS])
        choose(self, "policy", policy_choices())
        if usual is not None:
            name, reason = usual
            self.fields["policy"].initial = name
            said = {"policy": words(f"web.policy.{name}"), "reason": reason}
            self.fields["policy_reason"].help_text = words("web.ask.usual-reason", **said)

    def clean(self) -> dict[str, Any]:
        """Take the unit's reason for the unit's policy; another policy needs one of its own."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("policy_reason") and given.get("policy"):
            if self.usual is not None and given["policy"] == self.usual[0]:
                given["policy_reason"] = words("web.ask.by-default", reason=self.usual[1])
            else:
                self.add_error("policy_reason", words("web.form.required"))
        return given


@page("cases/<str:case>/money/ask/", "trace_new", may=ACTING, of="case", methods=("GET", "POST"))
def trace_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask where coins went, or came from."""
    desk = unit_desk()
    names, usual = chain_names(desk.workspace), default_policy(desk.ledger)
    given = {"start": request.GET.get("start", ""), "chain": request.GET.get("chain", "")}
    asked = TraceForm(names, usual, request.POST or None, initial=given)
    if not names:
        sections = [empty("web.chains.empty", url=reverse("chains"))]
        return show(request, Phrase("web.money.ask"), sections, crumbs=crumbs(case))
    if request.method == "POST" and asked.is_valid():
        with asked.telling("start"):
            number = ask_and_record(request, case, asked.cleaned_data)
            return redirect("trace", case=case.number, trace=number)
    sections = [
        *_no_default(request, usual),
        form("web.money.ask", asked, submit="web.money.run", text="web.money.ask-text"),
    ]
    way = crumbs(case, (reverse("money", kwargs={"case": case.number}), Phrase("web.room.money")))
    return show(request, Phrase("web.money.ask"), sections, crumbs=way)


def _no_default(request: HttpRequest, usual: tuple[str, str] | None) -> list[Section]:
    """That nobody has set the unit's policy yet, to whoever can set it."""
    if usual is not None or person_of(request).role not in HEADS:
        return []
    return [note("info", "web.ask.no-default", url=reverse("default_policy"), do="web.default.set")]


def ask_and_record(request: HttpRequest, case: Case, given: dict[str, Any]) -> int:
    """Run and record what was asked; gives the trace's number.

    Says where another chain was taken than was chosen. Raises what finding a start raises.
    """
    desk = unit_desk()
    found = find_starts(desk.workspace, given["start"], given.get("chain") or "")
    question = ask_trace(
        found.chain,
        TraceInput(
            starts=found.starts,
            policy=given["policy"],
            why=given["policy_reason"],
            direction=given["direction"],
            hops=given.get("hops"),
            min_sat=given.get("min_sat") or 0,
            since=_moment(desk, given.get("since")),
            until=_moment(desk, given.get("until"), end_of_day=True),
            pass_services=given.get("pass_services"),
            through_coinjoins=bool(given.get("through_coinjoins")),
        ),
    )
    entry = record_trace(
        desk.ledger,
        desk.workspace,
        case=CaseId(case.id),
        chain=found.chain,
        labels=labels_of(found.chain),
        question=question,
        by=desk.server(request),
    )
    if found.moved_from:
        said = {"chain": found.chain.name, "wanted": found.moved_from}
        messages.info(request, words("web.ask.moved", **said))
    for address in found.keys_for:
        messages.info(request, words("web.ask.by-key", address=address))
    return int(entry.body["number"])


def _moment(desk: UnitDesk, typed: str | None, *, end_of_day: bool = False) -> datetime | None:
    """Read a time; raises what reading a time raises."""
    return from_person(typed, desk.workspace.zone, end_of_day=end_of_day) if typed else None


class DefaultPolicyForm(WordsForm):
    """The unit's policy, and why."""

    policy = forms.ChoiceField(choices=(), widget=forms.RadioSelect)
    default_reason = text(1000, lines=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the policies."""
        super().__init__(*args, **kwargs)
        choose(self, "policy", policy_choices())


@page("policy/", "default_policy", may=HEADS, methods=("GET", "POST"), menu="site", order=72)
def default_policy_page(request: HttpRequest) -> HttpResponse:
    """The policy that traces of the unit use unless an officer states another, and why."""
    desk = unit_desk()
    usual = default_policy(desk.ledger)
    asked = DefaultPolicyForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        with asked.telling("policy"):
            choose_default_policy(
                desk.ledger,
                policy=asked.cleaned_data["policy"],
                reason=asked.cleaned_data["default_reason"],
                by=desk.server(request),
            )
            messages.success(request, words("web.default.done"))
            return redirect("default_policy")
    sections: list[Section] = []
    if usual is not None:
        told: list[tuple[str, Cell]] = [
            ("policy", Phrase(f"web.policy.{usual[0]}")),
            ("policy-reason", usual[1]),
        ]
        sections.append(facts("web.default.now", told))
    sections.append(
        form("web.default.set", asked, submit="web.default.save", text="web.default.text")
    )
    return show(request, Phrase("web.room.default-policy"), sections)
