"""Donors: who pays, and which people read for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.money.donors import (
    DONORS,
    add_donor,
    change_donor,
    donor_readers,
    seats_of,
    set_donor_seats,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.programme.funding import DonorInput
from kancil.web.acting import ActForm, show_wide
from kancil.web.cells import Section
from kancil.web.described import DescribedForm, list_file, list_page
from kancil.web.forms import choose
from kancil.web.meanwhile import laid_beside
from kancil.web.programme.imports.filled import IMPORT_BYTES, import_page
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .words import way

_WAY: tuple[str, dict[str, str], Phrase] = ("donors", {}, Phrase("web.room.donors"))


class DonorForm(DescribedForm):
    """A donor."""

    act = "donor"
    given = DonorInput


class ReadersForm(ActForm):
    """Who reads for a donor."""

    act = "readers"
    money_readers = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: list[tuple[int, str]], **kwargs: Any) -> None:
        """Offer the donor readers that there are."""
        super().__init__(*args, **kwargs)
        choose(self, "money_readers", [(str(number), name) for number, name in known])


@page("grants/donors/", "donors", may=MONEY)
def all_donors(request: HttpRequest) -> HttpResponse:
    """Every donor."""
    desk = desk_of(person_of(request))
    return list_page(request, DONORS, desk, plural="donors", may_add=True, may_import=True,
                     crumbs=way())  # fmt: skip


@page("grants/donors/donors.csv", "donors_file", may=MONEY)
def donors_file(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    return list_file(request, DONORS, desk_of(person_of(request)), plural="donors")


@page("grants/donors/import/", "donors_import", may=MONEY, methods=("GET", "POST"),
      body_bytes=IMPORT_BYTES)  # fmt: skip
def donors_import(request: HttpRequest) -> HttpResponse:
    """Add the donors of a list."""
    return import_page(request, add_donor, plural="donors", crumbs=way(_WAY))


@page("grants/donors/new/", "donor_new", may=MONEY, methods=("GET", "POST"))
def donor_new(request: HttpRequest) -> HttpResponse:
    """Add a donor."""
    person = person_of(request)
    asked = DonorForm.asked(request, desk=desk_of(person))
    if asked.is_ready:
        with asked.telling():
            return _saved(request, add_donor(by=person, given=asked.typed))
    title = "web.list-donors.new"
    return show_wide(request, Phrase(title), [asked.section(title)], crumbs=way(_WAY))


@page("grants/donors/<str:donor>/", "donor", may=MONEY, methods=("GET", "POST"),
      sample={"donor": "none"})  # fmt: skip
def one_donor(request: HttpRequest, donor: str) -> HttpResponse:
    """One donor: correct it, and say who reads for it."""
    person = person_of(request)
    desk = desk_of(person)
    row = DONORS.row(desk, donor)
    asked = DonorForm.asked(request, desk=desk, stands=row)
    reading = [str(each.person_id) for each in row.seats.all()]
    known = donor_readers() if desk.may_write else []
    readers = ReadersForm.asked(request, known=known, initial={"money_readers": reading})
    if asked.is_ready:
        with asked.telling():
            change_donor(by=person, on=donor, version=asked.seen, given=asked.typed)
            return _saved(request, row)
    if readers.is_ready:
        with readers.telling():
            for each in sorted(set(readers.cleaned_data["money_readers"]) ^ set(reading)):
                set_donor_seats(by=person, person=int(each), donors=seats_of(int(each)) ^ {row.id})
            return _saved(request, row)
    grants = Phrase("web.money.its-grants", {"count": row.grants.count()})
    sections: list[Section] = [
        {"kind": "way", "url": f"{reverse('grants')}?money_donor={row.id}", "text": grants},
        *laid_beside(request, asked),
        asked.section("web.money.donor-change", submit="web.money.save"),
    ]
    if known:
        sections.append(
            readers.section(
                "web.money.readers", submit="web.money.save", text="web.money.readers-text"
            )
        )
    title = Phrase("web.money.donor-title", {"name": row.name})
    return show_wide(request, title, sections, crumbs=way(_WAY))


def _saved(request: HttpRequest, row: Any) -> HttpResponse:
    messages.success(request, words("web.money.saved"))
    return redirect("donor", donor=row.id)
