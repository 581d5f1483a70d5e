"""The canvas of a chain alone, outside any case: nothing of it is saved or recorded."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from kancil.desk.studies.queries import open_chain
from kancil.ground.phrase import Phrase
from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.telling import as_json
from kancil.studies.canvas.view import ChainSource, View, read_view
from kancil.web.cells import note, show
from kancil.web.page import EVERYONE, page
from kancil.web.studies.graphs import labels_of, runs_of
from kancil.web.studies.worths import worth_now
from kancil.web.unit_desk import unit_desk

from .answering import after_act, sent, told
from .around import clusters_url
from .files import csv_answer, sent_view
from .words import outside

_SAMPLE = {"chain": "main"}


@page("chains/<str:chain>/graph/", "graph", may=EVERYONE, sample=_SAMPLE)
def graph_page(request: HttpRequest, chain: str) -> HttpResponse:
    """Explore a transaction or an address: the chain alone, whole outputs, no policy."""
    start = request.GET.get("start", "").strip()[:200]
    title = Phrase("web.graph.title", {"start": start or chain})
    if not start:
        return show(request, title, [note("info", "web.graph.no-start")])
    view = View(sources=(ChainSource(chain, (start,)),))
    material = _material(chain)
    shown = {
        "title": title,
        "view": view.as_json(),
        "graph": as_json(material, view, draw_view(material, view)),
        "urls": {
            name: reverse(f"graph_{name}", kwargs={"chain": chain}) for name in ("draw", "csv")
        },
        **outside(),
        "clusters_url": clusters_url(),
    }
    return render(request, "kancil/canvas.html", shown)


@page(
    "chains/<str:chain>/graph/draw/", "graph_draw", may=EVERYONE, methods=("POST",), sample=_SAMPLE
)
def graph_draw(request: HttpRequest, chain: str) -> JsonResponse:
    """Do one act to a view of a chain and draw it."""

    def answer() -> dict[str, Any]:
        given = sent(request)
        return after_act(_material(chain), read_view(given.get("view")), given.get("act"))

    return told(answer)


@page("chains/<str:chain>/graph/csv/", "graph_csv", may=EVERYONE, methods=("POST",), sample=_SAMPLE)
def graph_csv(request: HttpRequest, chain: str) -> HttpResponse:
    """The picture of a view of a chain as a table."""
    return csv_answer(_material(chain), sent_view(request))


def _material(name: str) -> Material:
    chain = open_chain(unit_desk().workspace, name)
    return Material(
        chain=chain, labels=labels_of(chain), worth=worth_now(chain), runs=runs_of(chain)
    )
