"""For the programme officer alone: who may stand in the books twice, and who is kept for audit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.people.alike import suggestions
from kancil.desk.programme.people.forgetting import forget_due, restricted_people
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.records.described import named
from kancil.web.acting import ActForm
from kancil.web.cells import Section, empty, link, note, show, table, when
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, page
from kancil.web.signed_in import person_of

from .organisations import way


@page("participants/twice/", "participants_twice", may=OFFICERS)
def participants_twice(request: HttpRequest) -> HttpResponse:
    """Who may stand in the books twice; a named officer decides on the page of one of them."""
    found = suggestions(desk_of(person_of(request)))
    rows: list[tuple[Cell, ...]] = [
        (
            _one(each.one),
            _one(each.other),
            each.one.country.shown_name if each.one.country else "–",
            named(each.because),
        )
        for each in found
    ]
    columns = ("one", "other", "country", "person-why-same")
    sections: list[Section] = [empty("web.prog-people.nobody-twice", url=reverse("participants"))]
    if rows:
        sections = [table("web.room.participants-twice", columns, rows)]
    return show(request, Phrase("web.room.participants-twice"), sections, crumbs=way())


def _one(each: Any) -> Cell:
    return link(reverse("participant", kwargs={"participant": each.id}), f"{each.name} ({each.id})")


class _Due(ActForm):
    """The button that forgets those whose term is over."""

    act = "due"


@page(
    "participants/restricted/", "participants_restricted", may=OFFICERS, methods=("GET", "POST"),
)  # fmt: skip
def participants_restricted(request: HttpRequest) -> HttpResponse:
    """Who asked to be forgotten and is kept until an audit term ends; shown nowhere else."""
    person = person_of(request)
    if request.method == "POST":
        count = forget_due(by=person)
        messages.success(request, words("web.prog-people.due-done", count=count))
        return redirect("participants_restricted")
    rows: list[tuple[Cell, ...]] = [
        (
            str(each.id),
            each.name,
            each.country or "–",
            when(each.restricted_at),
            each.restricted_until.isoformat(),
            ", ".join(each.grants) or "–",
        )
        for each in restricted_people(desk_of(person))
    ]
    columns = ("number", "name", "country", "person-asked-at", "person-until", "person-grants")
    title = "web.room.participants-restricted"
    sections: list[Section] = [empty("web.prog-people.nobody-restricted",
                                     url=reverse("participants"))]  # fmt: skip
    if rows:
        data: dict[str, Any] = {"submit": "web.prog-people.due", "text": "web.prog-people.due-text"}
        sections = [note("warn", "web.prog-people.restricted-why"), table(title, columns, rows),
                    _Due().section("web.prog-people.due", **data)]  # fmt: skip
    return show(request, Phrase(title), sections, crumbs=way())
