"""The table of a picture as a file: every arrow, hidden or not, and a caption of what it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kancil.desk.cases.queries import Case
from kancil.studies.canvas.caption import whole_caption
from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.view import View, read_view
from kancil.studies.moneygraph.twin import write_csv
from kancil.web.page import EVERYONE, page
from kancil.web.studies.graphs import read_sent
from kancil.web.unit_desk import unit_desk

from .around import caption_case
from .material import material_of


@page("cases/<str:case>/canvas/csv/", "canvas_csv", may=EVERYONE, of="case", methods=("POST",))
def canvas_csv(request: HttpRequest, case: Case) -> HttpResponse:
    """The picture of a view as a table."""
    view = sent_view(request)
    return csv_answer(material_of(unit_desk(), case, view), view, caption_case(case))


def sent_view(request: HttpRequest) -> View:
    """The view that a form sent; raises ViewNotReadable."""
    return read_view(read_sent(request.POST.get("view", "")))


def csv_answer(material: Material, view: View, case: str = "") -> HttpResponse:
    """A picture as a file of all its arrows; no cell runs as a formula."""
    graph = draw_view(material, view)
    answer = HttpResponse(
        write_csv(graph, whole_caption(material, view, graph, case)),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="graph.csv"'
    return answer
