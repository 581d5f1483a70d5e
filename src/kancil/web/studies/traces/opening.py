"""Opening a case; what is pasted with its legal basis is followed at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.cases import queries
from kancil.desk.cases.actions import open_case
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.studies.asking import default_policy
from kancil.desk.studies.queries import chain_names
from kancil.ground.phrase import Phrase
from kancil.web.cases.pages import BasisForm
from kancil.web.cells import form, show
from kancil.web.forms import text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.studies.traces.asking import TraceForm, ask_and_record
from kancil.web.unit_desk import unit_desk

_IN_ADDRESS = 4000
"""So many characters of what was pasted are handed on in an address."""


class CaseForm(BasisForm):
    """A new case, the legal basis it stands on, and what is to be followed first."""

    field_order = ("case_title",)
    case_title = text()
    first_start = text(20_000, required=False, lines=2)


@page("cases/new/", "case_new", may=ACTING, methods=("GET", "POST"))
def case_new(request: HttpRequest) -> HttpResponse:
    """Open a case, and follow what was pasted under the unit's policy."""
    asked = CaseForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling():
            opened = open_case(
                desk.ledger,
                title=asked.cleaned_data["case_title"],
                basis=asked.basis(),
                opener=person_of(request),
                by=desk.server(request),
            )
            case = queries.find_case(opened)
            if case is None:
                raise PageNotFound
            pasted = asked.cleaned_data["first_start"].strip()
            return redirect(_follow(request, case, pasted) if pasted else _overview(case))
    sections = [form("web.case.new", asked, submit="web.case.open", text="web.case.new-text")]
    return show(request, Phrase("web.case.new"), sections)


def _overview(case: Case) -> str:
    return reverse("overview", kwargs={"case": case.number})


def _follow(request: HttpRequest, case: Case, pasted: str) -> str:
    """Trace what was pasted; gives the trace's page, or the form where something is wanting."""
    desk = unit_desk()
    usual = default_policy(desk.ledger)
    if usual is not None:
        given = {"start": pasted, "policy": usual[0], "direction": "forward"}
        asked = TraceForm(chain_names(desk.workspace), usual, given)
        if asked.is_valid():
            with asked.telling("start"):
                number = ask_and_record(request, case, asked.cleaned_data)
                return reverse("trace", kwargs={"case": case.number, "trace": number})
        for said in asked.errors.get("start", ()):  # the case is open; it is asked about again
            messages.warning(request, str(said))
    where = reverse("trace_new", kwargs={"case": case.number})
    return f"{where}?{urlencode({'start': pasted[:_IN_ADDRESS]})}"
