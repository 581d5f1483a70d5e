"""Saving a view of the canvas, and the list of those that are saved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from kancil.desk.canvas.actions import save_view
from kancil.desk.canvas.queries import SavedView, saved_views
from kancil.desk.cases.queries import Case
from kancil.ground.clock import to_text
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render as words
from kancil.studies.canvas.errors import ViewNotReadable
from kancil.studies.canvas.picture import draw_view
from kancil.studies.canvas.summary import hidden_of
from kancil.studies.canvas.view import LONGEST_NAME, read_view
from kancil.web.page import ACTING, page
from kancil.web.unit_desk import UnitDesk, unit_desk

from .answering import sent, told
from .material import material_of

LONGEST_NOTE = 2_000


@page("cases/<str:case>/canvas/save/", "canvas_save", may=ACTING, of="case", methods=("POST",))
def canvas_save(request: HttpRequest, case: Case) -> JsonResponse:
    """Save a view under a name; what others saved of the same one is told, and kept."""

    def answer() -> dict[str, Any]:
        given, desk = sent(request), unit_desk()
        view = read_view(given.get("view"))
        material = material_of(desk, case, view)
        saving = save_view(
            desk.ledger,
            desk.workspace,
            case=CaseId(case.id),
            view=view,
            hidden=hidden_of(material.chain, view, draw_view(material, view)),
            name=_text(given.get("name"), "name", LONGEST_NAME),
            note=_text(given.get("note", ""), "note", LONGEST_NOTE, may_be_empty=True),
            base=_base(given.get("base")),
            by=desk.server(request),
        )
        saved, beside = saving.saved, saving.beside
        said = [words("note.canvas-saved", view=saved.label, hidden=saved.hidden.sentence)]
        if beside:
            names = ", ".join(f"{each.label} ({each.by})" for each in beside)
            said.append(words("note.canvas-saved-beside", views=names))
        return {
            "saved": _told(case, saved),
            "beside": [_told(case, each) for each in beside],
            "views": views_told(desk, case),
            "said": " ".join(said),
        }

    return told(answer)


def views_told(desk: UnitDesk, case: Case) -> list[dict[str, Any]]:
    """The saved views of a case for the page, the newest first."""
    return [_told(case, each) for each in saved_views(desk.ledger, CaseId(case.id))]


def _told(case: Case, saved: SavedView) -> dict[str, Any]:
    where = reverse("canvas", kwargs={"case": case.number})
    return {
        "number": saved.number,
        "label": saved.label,
        "name": saved.name,
        "note": saved.note,
        "by": saved.by,
        "at": to_text(saved.entry.at),
        "sha256": saved.sha256,
        "hidden": {**plain(saved.hidden), "sentence": saved.hidden.sentence},
        "url": f"{where}?view={saved.number}",
    }


def _text(value: Any, part: str, most: int, *, may_be_empty: bool = False) -> str:
    text = value.strip() if isinstance(value, str) else ""
    is_right = len(text) <= most and "\x00" not in text and (text or may_be_empty)
    if not isinstance(value, str) or not is_right:
        raise ViewNotReadable(part=Phrase(f"thing.view-{part}"))
    return text


def _base(value: Any) -> int | None:
    if value is not None and (type(value) is not int or value < 1):
        raise ViewNotReadable(part=Phrase("thing.view-base"))
    return value
