"""The canvas of a case as a page, and the steps of its picture."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kancil.desk.canvas.queries import read_saved
from kancil.desk.cases.queries import Case
from kancil.ground.phrase import Phrase
from kancil.studies.canvas.picture import draw_view
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import read_view
from kancil.web.cases.pages import crumbs
from kancil.web.page import EVERYONE, page
from kancil.web.signed_in import person_of
from kancil.web.studies.recorded import TRACE_SAMPLE, trace_of
from kancil.web.studies.traces.drafts import drafts_section
from kancil.web.unit_desk import unit_desk

from .answering import after_act, sent, told
from .around import around
from .material import asked_view, first_view, material_of
from .saving import views_told

URLS = ("draw", "panel", "trace", "save", "csv")
"""What the page's script asks for."""


@page("cases/<str:case>/canvas/", "canvas", may=EVERYONE, of="case")
def canvas(request: HttpRequest, case: Case) -> HttpResponse:
    """The canvas: recorded traces, the chain, and reported transfers in one picture."""
    desk = unit_desk()
    saved = asked_view(request, desk, case)
    view = first_view(request, desk, case) if saved is None else read_saved(desk.workspace, saved)
    given = {"case": case.number}
    drawn: dict[str, Any] | None = None
    if view.sources:
        material = material_of(desk, case, view)
        drawn = as_json(material, view, draw_view(material, view, is_new=True))
    shown = {
        "title": Phrase("web.canvas.title"),
        "crumbs": crumbs(case),
        "view": view.as_json(),
        "graph": drawn,
        "urls": {name: reverse(f"canvas_{name}", kwargs=given) for name in URLS},
        **around(case, view),
        "saved": None if saved is None else saved.number,
        "views": views_told(desk, case),
        "acts": person_of(request).acts,
        "drafts": drafts_section(desk, case, acts=person_of(request).acts),
    }
    return render(request, "kancil/canvas.html", shown)


@page(
    "cases/<str:case>/money/<str:trace>/graph/", "trace_canvas", may=EVERYONE, of="case",
    sample=TRACE_SAMPLE,
)  # fmt: skip
def trace_canvas(request: HttpRequest, case: Case, trace: str) -> HttpResponse:
    """Open a recorded trace on the canvas."""
    found = trace_of(case, trace)
    where = reverse("canvas", kwargs={"case": case.number})
    return redirect(f"{where}?trace={found.number}")


@page("cases/<str:case>/canvas/draw/", "canvas_draw", may=EVERYONE, of="case", methods=("POST",))
def canvas_draw(request: HttpRequest, case: Case) -> JsonResponse:
    """Do one act to a view and draw it; an error is told in words."""

    def answer() -> dict[str, Any]:
        given = sent(request)
        view = read_view(given.get("view"))
        material = material_of(unit_desk(), case, view)
        return after_act(material, view, given.get("act"))

    return told(answer)
