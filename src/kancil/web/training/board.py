"""The trainer's board: who is where with each lab of a class, asked anew every ten seconds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kancil.desk.training import access
from kancil.desk.training.moments import SLACK, moment_now
from kancil.desk.training.queries.classes import (
    STUCK_MINUTES,
    LabRun,
    Place,
    Standing,
    runs_of,
)
from kancil.desk.training.queries.classes import (
    board as standings_of,
)
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, empty, link, note, table
from kancil.web.page import page
from kancil.web.parts import Cell, Done, Minute, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .acting import TRAINERS, lab_title
from .classes import place_cell, way

_COLUMNS = ("name", "state", "answered", "last-act", "case", "hints>")


@page(
    "training/classes/<str:training_class>/board/", "board", may=TRAINERS,
    sample={"training_class": "none"},
)  # fmt: skip
def board(request: HttpRequest, training_class: str) -> HttpResponse:
    """Who works, who is stuck, who has handed in."""
    found = access.find_class(person_of(request), training_class)
    desk = unit_desk()
    moment = moment_now(desk.ledger)
    sections: list[Section] = []
    if moment.behind > SLACK:
        sections.append(note("warn", "web.training.clock-back"))
    runs = runs_of(found)
    if not runs:
        sections.append(empty("web.training.no-runs"))
    for run in reversed(runs):
        rows = standings_of(desk.workspace, run, moment.at)
        sections.append(_table(run, rows))
    shown: dict[str, Any] = {
        "title": Phrase("web.training.board-of", {"title": found.title}),
        "lead": Phrase("web.training.board-lead", {"minutes": STUCK_MINUTES}),
        "crumbs": way(found),
        "sections": sections,
        "now": moment.at,
    }
    return render(request, "kancil/training_board.html", shown)


def _table(run: LabRun, rows: list[Standing]) -> Section:
    """One lab: the stuck first, then who works, then the others, by name."""
    order = (
        Place.STUCK, Place.WORKING, Place.NOT_BEGUN, Place.NOT_JOINED, Place.NOT_MADE,
        Place.HANDED_IN, Place.TIME_OVER,
    )  # fmt: skip
    shown = sorted(rows, key=lambda each: (order.index(each.place), each.name))
    done = sum(each.place in (Place.HANDED_IN, Place.TIME_OVER) for each in rows)
    told = {"lab": lab_title(run.lab), "done": done, "of": len(rows)}
    made = table("web.training.board-lab", _COLUMNS, [_row(each) for each in shown])
    return {**made, "heading": Phrase("web.training.board-lab", told)}


def _row(each: Standing) -> tuple[Cell, ...]:
    case: Cell = ""
    if each.case_number is not None:
        case = link(reverse("overview", kwargs={"case": each.case_number}), f"C{each.case_number}")
    place = place_cell(each.place)
    if each.clock_back_seconds:
        place = Several((place, Phrase("web.training.clock-was-back")))
    return (
        each.name,
        place,
        Done(each.answered, each.questions) if each.questions else "",
        Minute(each.last_at) if each.last_at else "",
        case,
        str(each.hints),
    )
