"""Organisations: agencies that are helped, and partners."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.actions.people import (
    add_organisation,
    change_organisation,
    end_organisation,
)
from kancil.desk.programme.queries.entering import desk_of
from kancil.desk.programme.queries.participants import (
    OrganisationRow,
    Wanted,
    count_participants,
    organisation,
    organisations,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.vocabulary import OrganisationKind, named
from kancil.web.assessment.tables import csv_answer
from kancil.web.cells import Section, asking, button, empty, facts, link, number, show, table, tag
from kancil.web.parts import Cell
from kancil.web.programme.meanwhile import laid_beside
from kancil.web.programme_page import OFFICERS, REGISTERING, page
from kancil.web.signed_in import person_of

from .forms import EndForm, OrganisationFilter, OrganisationForm, organisation_as_typed

_ROWS = 50
_SAMPLE = {"organisation": "01a00000-0000-7000-8000-000000000000"}


@page("organisations/", "organisations", may=REGISTERING)
def all_organisations(request: HttpRequest) -> HttpResponse:
    """Whom the programme helps and works with."""
    person = person_of(request)
    desk = desk_of(person)
    asked, found = _asked(request)
    given = asked.is_bound and asked.is_valid()
    pages = Paginator(found, _ROWS).get_page(request.GET.get("page"))
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("organisation", kwargs={"organisation": each.id}), each.name),
            each.country_name or Phrase("web.prog-people.international"),
            named(OrganisationKind(each.kind)),
            _standing(each),
            _state(each),
        )
        for each in pages
    ]
    new = reverse("organisation_new") if desk.may_write else ""
    buttons = [button(new, "web.prog-people.organisation-new", main=True)] if new else []
    columns = ("person-organisation", "country", "kind", "person-standing", "state")
    if not found and not given:
        none: list[Section] = [empty("web.prog-people.no-organisations", url=new)]
        return show(request, Phrase("web.room.organisations"), none, buttons=buttons, crumbs=way())
    sections = [asking("web.prog-people.find-organisations", asked,
                       submit="web.prog-people.find-organisations")]  # fmt: skip
    kept = request.GET.copy()
    kept.pop("page", None)
    one = table("web.room.organisations", columns, rows, pages=pages)
    there = f"{reverse('organisations_file')}?{kept.urlencode()}"
    sections.append({**one, "query": f"{kept.urlencode()}&" if kept else "",
                     "more": {"url": there, "text": Phrase("web.prog-people.file")}})  # fmt: skip
    return show(request, Phrase("web.room.organisations"), sections, buttons=buttons, crumbs=way())


def _asked(request: HttpRequest) -> tuple[OrganisationFilter, list[OrganisationRow]]:
    person = person_of(request)
    desk = desk_of(person)
    asked = OrganisationFilter(request.GET or None, person=person, desk=desk)
    given = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    return asked, organisations(
        desk, given.get("organisation_country", ""), kind=given.get("organisation_kind", ""),
        sort=given.get("person_sort") or "name",
    )  # fmt: skip


_FILE_COLUMNS = (
    "organisation", "name", "country", "kind", "beneficiary", "partner", "ended_on",
)  # fmt: skip


@page("organisations/organisations.csv", "organisations_file", may=REGISTERING)
def organisations_file(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    _, found = _asked(request)
    rows = [
        [each.id, each.name, each.country, each.kind, "yes" if each.is_beneficiary else "no",
         "yes" if each.is_partner else "no", each.ended_on.isoformat() if each.ended_on else ""]
        for each in found
    ]  # fmt: skip
    return csv_answer("organisations", _FILE_COLUMNS, rows)


def way(*further: tuple[str, str]) -> list[dict[str, object]]:
    """The way to a page of people; `further`: address and key of each step after the first."""
    steps = (("participants", "web.room.participants"), *further)
    return [{"url": reverse(name), "name": Phrase(key)} for name, key in steps]


def _standing(each: OrganisationRow) -> Cell:
    both = each.is_beneficiary and each.is_partner
    key = "both" if both else "partner" if each.is_partner else "beneficiary"
    return Phrase(f"web.prog-people.is-{key}")


def _state(each: OrganisationRow) -> Cell:
    if each.ended_on is None:
        return tag("intact", "web.prog-people.in-use")
    return tag("unknown", "web.prog-people.ended", day=each.ended_on.isoformat())


@page("organisations/new/", "organisation_new", may=OFFICERS, methods=("GET", "POST"))
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    person = person_of(request)
    asked = OrganisationForm.asked(request, person=person, desk=desk_of(person))
    if asked.is_ready:
        with asked.telling():
            made = add_organisation(by=person, draft=asked.draft())
            return redirect("organisation", organisation=made)
    title = "web.prog-people.organisation-new"
    crumbs = way(("organisations", "web.room.organisations"))
    return show(request, Phrase(title), [asked.section(title)], crumbs=crumbs)


@page(
    "organisations/<str:organisation>/", "organisation", may=REGISTERING, methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def organisation_page(request: HttpRequest, organisation: str) -> HttpResponse:
    """One organisation, its people, and what is done to it."""
    person = person_of(request)
    desk = desk_of(person)
    row = _organisation(request, organisation)
    people = count_participants(desk, Wanted(organisation=row.id))
    there = f"{reverse('participants')}?person_organisation={row.id}"
    sections: list[Section] = [
        facts(
            "web.prog-people.about",
            [
                ("country", row.country_name or Phrase("web.prog-people.international")),
                ("kind", named(OrganisationKind(row.kind))),
                ("person-standing", _standing(row)),
                ("state", _state(row)),
                ("person-people", link(there, f"{people:,}") if people else number(0)),
            ],
        )
    ]
    if desk.may_write:
        given = organisation_as_typed(row)
        asked = OrganisationForm.asked(request, person=person, desk=desk, initial=given)
        ending = EndForm.asked(request, initial={"organisation_ended_on": row.ended_on})
        if asked.is_ready:
            with asked.telling():
                change_organisation(by=person, organisation=row.id, draft=asked.draft(),
                                    version=asked.cleaned_data["version"] or 0)  # fmt: skip
                return _done(request, row.id)
        if ending.is_ready:
            with ending.telling():
                ended_on = ending.cleaned_data["organisation_ended_on"]
                end_organisation(by=person, organisation=row.id, ended_on=ended_on)
                return _done(request, row.id)
        sections += laid_beside(request, asked)
        sections.append(asked.section("web.prog-people.organisation-change"))
        sections.append(ending.section("web.prog-people.organisation-end"))
    crumbs = way(("organisations", "web.room.organisations"))
    title = Phrase("web.prog-people.named", {"name": row.name})
    return show(request, title, sections, crumbs=crumbs)


def _organisation(request: HttpRequest, id: str) -> OrganisationRow:
    return organisation(desk_of(person_of(request)), id)


def _done(request: HttpRequest, id: str) -> HttpResponse:
    messages.success(request, words("web.prog-people.kept"))
    return redirect("organisation", organisation=id)
