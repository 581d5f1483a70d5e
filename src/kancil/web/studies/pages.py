"""Pages of the chains a unit holds, and of the money of a case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.ground.phrase import Phrase
from kancil.web.cases.pages import crumbs, show
from kancil.web.cells import Section, empty, table, when
from kancil.web.page import EVERYONE, page


@page("cases/<str:case>/money/", "money", may=EVERYONE, of_case=True, menu="case", order=20)
def money(request: HttpRequest, case: Case) -> HttpResponse:
    """The traces that were run for the case."""
    traces = queries.traces(case)
    sections: list[Section] = (
        [
            table(
                "web.money.traces",
                ("number", "chain", "policy", "direction", "when"),
                [
                    (
                        f"T{trace.number}",
                        trace.chain,
                        trace.policy,
                        Phrase(f"web.direction.{trace.direction}"),
                        when(trace.run_at),
                    )
                    for trace in traces
                ],
            )
        ]
        if traces
        else [empty("web.money.empty")]
    )
    return show(request, Phrase("web.room.money"), sections, crumbs=crumbs(case))
