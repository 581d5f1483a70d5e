"""Deconfliction: which selectors two cases share, and the notice to their members.

The page names cases by number alone. Each look, and each notice, is an entry in the ledger.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kancil.desk.cases.queries import case_numbers
from kancil.desk.selectors.shared import Shared, look, notify, shared_selectors
from kancil.desk.studies.named_in import Searched
from kancil.ground.digests import sha256_hex
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, choosing, empty, identifier, note, show, tag, when
from kancil.web.limits import tables_limited
from kancil.web.page import DECONFLICTION, page
from kancil.web.parts import Cell, Tick
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk


@page("deconfliction/", "deconfliction", may=DECONFLICTION, methods=("GET", "POST"), menu="site")
def deconfliction(request: HttpRequest) -> HttpResponse:
    """The selectors that several cases name; those ticked are told to the cases' members."""
    desk, person = unit_desk(), person_of(request)
    if request.method == "POST":
        ticked = set(request.POST.getlist("shared"))
        chosen = [each for each in shared_selectors() if _mark(each) in ticked]
        by = desk.server(request)
        for each in chosen:
            notify(desk.ledger, each, person=person, by=by)
        key = "web.deconfliction.notified" if chosen else "web.deconfliction.none-ticked"
        messages.info(request, words(key, count=len(chosen)))
        return redirect("deconfliction")
    cases = case_numbers(None)
    unread = Searched(desk.ledger, desk.workspace, desk.vault, list(cases)).index()
    shared = look(desk.ledger, person=person, by=desk.server(request))
    sections: list[Section] = []
    if unread:
        sections.append(note("warn", "web.search.traces-unread", count=unread))
    sections.append(_table(shared, cases) if shared else empty("web.deconfliction.empty"))
    lead = Phrase("web.deconfliction.lead")
    return show(request, Phrase("web.room.deconfliction"), sections, lead=lead)


def _table(shared: list[Shared], cases: dict[str, int]) -> Section:
    limited = tables_limited(number for each in shared for number in each.tables)
    rows: list[tuple[Cell, ...]] = [
        (
            Tick("shared", _mark(each), Phrase("web.deconfliction.take"), each.notified_at is None),
            Phrase(f"name.selector-{each.selector.kind}"),
            identifier(each.selector.value),
            ", ".join(f"C{cases[case]}" for case in each.cases if case in cases),
            *((_limited(each, limited),) if limited else ()),
            "" if each.notified_at is None else when(each.notified_at),
        )
        for each in shared
    ]
    return choosing(
        "web.deconfliction.shared",
        ("take", "kind", "selector", "cases", *(("limit",) if limited else ()), "notified"),
        rows,
        submit="web.deconfliction.notify",
        text=Phrase("web.deconfliction.text"),
    )


def _limited(shared: Shared, tables: frozenset[int]) -> Cell:
    """That a case has it from material whose use is limited; not which case, nor by whom."""
    return tag("warn", "web.handling.shared") if shared.tables & tables else ""


def _mark(shared: Shared) -> str:
    """Name what is ticked, as it was seen: the selector and the cases."""
    told = [shared.selector.kind, shared.selector.value, *shared.cases]
    return sha256_hex("\n".join(told).encode("utf-8"))
