"""The keepers that the address of a page asks for: of a trace, a transfer, an account, or all."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.roll import Numbered
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.keepers.queries import CaseKeepers, case_keepers
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.studies.keepers.freeze import uncovered
from kancil.studies.keepers.keeper import Met
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.run import TraceAnswer
from kancil.web.studies.recorded import run_again
from kancil.web.unit_desk import UnitDesk

ASKED = ("trace", "transfer", "party")


def asked_of(request: HttpRequest) -> dict[str, str]:
    """What the address names."""
    return {name: request.GET.get(name, "").strip()[:80] for name in ASKED}


def found_keepers(request: HttpRequest, desk: UnitDesk, case: Case) -> CaseKeepers:
    """Those keepers; raises what `case_keepers` raises."""
    traces = {each.id: each for each in queries.traces(case)}

    def run(trace: Numbered) -> tuple[Chain, LabelsUsed, TraceAnswer]:
        return run_again(desk, traces[trace.id])

    return case_keepers(
        desk.ledger, desk.workspace, desk.vault, CaseId(case.id), moment=now(), run=run,
        **asked_of(request),
    )  # fmt: skip


def address_of(request: HttpRequest, name: str, case: Case, **more: str) -> str:
    """A page of this room that asks the same."""
    asked = {key: value for key, value in {**asked_of(request), **more}.items() if value}
    url = reverse(name, kwargs={"case": case.number})
    return f"{url}?{urlencode(asked)}" if asked else url


def sign_url(request: HttpRequest, case: Case, found: CaseKeepers, met: Met) -> str:
    """Where the finding about the first payment without one is signed."""
    first = uncovered([met], found.signed)[0]
    if first.reported_by:
        return address_of(request, "keepers_sign", case, keeper=met.id)
    trace = next(each for each in queries.traces(case) if each.id == first.source)
    given = {"case": case.number, "trace": trace.number}
    if first.row is None:  # of no row of the chosen policy: the trace itself says more
        return reverse("trace", kwargs=given)
    return f"{reverse('finding_new', kwargs=given)}?row={first.row}"
