"""Organisations: agencies that are helped, and partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.people.organisations import (
    ORGANISATIONS,
    add_organisation,
    change_organisation,
    country_name,
    end_organisation,
)
from kancil.desk.programme.people.participants import PARTICIPANTS
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.people import ParticipantSearch
from kancil.programme.vocabulary import OrganisationKind
from kancil.records.described import named
from kancil.web.cells import facts, link, number, show, tag
from kancil.web.described import list_file, list_page
from kancil.web.meanwhile import laid_beside
from kancil.web.parts import Cell
from kancil.web.programme.imports.filled import IMPORT_BYTES, import_page
from kancil.web.programme_page import OFFICERS, REGISTERING, page
from kancil.web.signed_in import person_of

from .forms import EndForm, OrganisationForm

_SAMPLE = {"organisation": "01a00000-0000-7000-8000-000000000000"}


def way(*further: tuple[str, str]) -> list[dict[str, object]]:
    """The way to a page of people; `further`: address and key of each step after the first."""
    steps = (("participants", "web.room.participants"), *further)
    return [{"url": reverse(name), "name": Phrase(key)} for name, key in steps]


def _standing(each: Any) -> Cell:
    both = each.is_beneficiary and each.is_partner
    key = "both" if both else "partner" if each.is_partner else "beneficiary"
    return Phrase(f"web.prog-people.is-{key}")


def _state(each: Any) -> Cell:
    if each.ended_on is None:
        return tag("intact", "web.prog-people.in-use")
    return tag("unknown", "web.prog-people.ended", day=each.ended_on.isoformat())


@page("organisations/", "organisations", may=REGISTERING)
def all_organisations(request: HttpRequest) -> HttpResponse:
    """Whom the programme helps and works with."""
    desk = desk_of(person_of(request))
    cells = {"country": country_name, "beneficiary": _standing, "ended_on": _state}
    return list_page(request, ORGANISATIONS, desk, plural="organisations", cells=cells,
                     may_add=desk.may_write, may_import=desk.may_write, crumbs=way())  # fmt: skip


@page("organisations/organisations.csv", "organisations_file", may=REGISTERING)
def organisations_file(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    desk = desk_of(person_of(request))
    return list_file(request, ORGANISATIONS, desk, plural="organisations")


@page("organisations/import/", "organisations_import", may=OFFICERS, methods=("GET", "POST"),
      body_bytes=IMPORT_BYTES)  # fmt: skip
def organisations_import(request: HttpRequest) -> HttpResponse:
    """Add the organisations of a list."""
    crumbs = way(("organisations", "web.room.organisations"))
    return import_page(request, add_organisation, plural="organisations", crumbs=crumbs)


@page("organisations/new/", "organisation_new", may=OFFICERS, methods=("GET", "POST"))
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    person = person_of(request)
    asked = OrganisationForm.asked(request, desk=desk_of(person))
    if asked.is_ready:
        with asked.telling():
            made = add_organisation(by=person, given=asked.typed)
            return redirect("organisation", organisation=made.id)
    crumbs = way(("organisations", "web.room.organisations"))
    title = "web.list-organisations.new"
    return show(request, Phrase(title), [asked.section(title)], crumbs=crumbs)


@page(
    "organisations/<str:organisation>/", "organisation", may=REGISTERING, methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def organisation_page(request: HttpRequest, organisation: str) -> HttpResponse:
    """One organisation, its people, and what is done to it."""
    person = person_of(request)
    desk = desk_of(person)
    row = ORGANISATIONS.row(desk, organisation)
    people = PARTICIPANTS.found(desk, ParticipantSearch(organisation=row.id)).count()
    there = f"{reverse('participants')}?organisation={row.id}"
    sections = [
        facts(
            "web.prog-people.about",
            [
                ("country", country_name(row)),
                ("kind", named(OrganisationKind(row.kind))),
                ("person-standing", _standing(row)),
                ("state", _state(row)),
                ("person-people", link(there, f"{people:,}") if people else number(0)),
            ],
        )
    ]
    if desk.may_write:
        asked = OrganisationForm.asked(request, desk=desk, stands=row)
        ending = EndForm.asked(request, desk=desk, stands=row)
        if asked.is_ready:
            with asked.telling():
                change_organisation(by=person, on=row.id, version=asked.seen, given=asked.typed)
                return _done(request, row.id)
        if ending.is_ready:
            with ending.telling():
                end_organisation(by=person, on=row.id, given=ending.typed)
                return _done(request, row.id)
        sections += laid_beside(request, asked)
        sections.append(asked.section("web.list-organisations.change"))
        sections.append(ending.section("web.prog-people.organisation-end"))
    crumbs = way(("organisations", "web.room.organisations"))
    title = Phrase("web.prog-people.named", {"name": row.name})
    return show(request, title, sections, crumbs=crumbs)


def _done(request: HttpRequest, id: str) -> HttpResponse:
    messages.success(request, words("web.prog-people.kept"))
    return redirect("organisation", organisation=id)
