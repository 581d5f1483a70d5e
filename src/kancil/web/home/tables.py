"""Tables of cases and of exhibits, as every page shows them."""

from __future__ import annotations

from django.urls import reverse

from kancil.custody.roll import DRAFT, KEPT, SET_ASIDE
from kancil.desk.cases.queries import Case, Exhibit, Trace
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, link, minute, number, table
from kancil.web.limits import limit_cell, limits_by_exhibit

_DRAFTS = {
    DRAFT: "web.draft-trace.number-draft",
    SET_ASIDE: "web.draft-trace.number-set-aside",
}


def trace_name(trace: Trace) -> str | Phrase:
    """The short number of a trace; of one that is no result of its case, that it is a draft."""
    if trace.state == KEPT:
        return f"T{trace.number}"
    return Phrase(_DRAFTS[trace.state], {"number": f"T{trace.number}"})


def case_table(mine: list[Case]) -> Section:
    """Show cases as a table."""
    return table(
        "web.home.cases",
        ("number", "title", "exhibits>", "last"),
        [
            (
                f"C{case.number}",
                link(reverse("overview", kwargs={"case": case.number}), case.title),
                number(case.exhibit_count),
                minute(case.last_at),
            )
            for case in mine
        ],
    )


def exhibit_table(key: str, held: list[Exhibit]) -> Section:
    """Show exhibits as a table, with the limits of use that stand on any of them."""
    limited = limits_by_exhibit({str(each.id) for each in held})
    return table(
        key,
        ("number", "title", "status", *(("limit",) if limited else ()), "size>", "last"),
        [
            (
                f"E{each.number}",
                link(
                    reverse("exhibit", kwargs={"case": each.case.number, "exhibit": each.number}),
                    each.title,
                ),
                Phrase(f"thing.exhibit-{each.status}"),
                *((limit_cell(limited.get(each.id, ())),) if limited else ()),
                number(each.size_bytes),
                minute(each.last_at),
            )
            for each in held
        ],
    )
