"""Donors: who pays, and which people read for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.programme.actions.donors import (
    DonorDraft,
    add_donor,
    change_donor,
    set_donor_seats,
)
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.queries.donors import (
    DonorRow,
    donor_of,
    donor_readers,
    donors,
    seats_of,
)
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, show_wide
from kancil.web.cells import Section, empty, link, number, table
from kancil.web.drafts import DraftedForm
from kancil.web.forms import choose, text
from kancil.web.meanwhile import laid_beside, version_read
from kancil.web.parts import Cell
from kancil.web.programme_page import MONEY, page
from kancil.web.signed_in import person_of

from .words import way

_SAMPLE = {"donor": "none"}
_TYPES = ("10", "11", "15", "21", "23", "24", "40", "60", "70", "80", "90")
"""Of IATI's codelist OrganisationType."""


class DonorForm(DraftedForm):
    """A donor."""

    act = "donor"
    money_name = text(200)
    money_country = forms.CharField(min_length=2, max_length=2, required=False)
    money_iati = text(80, required=False)
    money_type = forms.ChoiceField(choices=())
    version = version_read()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the types of organisations."""
        super().__init__(*args, **kwargs)
        choose(self, "money_type", [(each, words(f"web.donor-type.{each}")) for each in _TYPES])

    def draft(self) -> DonorDraft:
        """What was typed."""
        given = self.cleaned_data
        return DonorDraft(
            given["money_name"], given["money_country"], given["money_iati"], given["money_type"]
        )


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


@page("grants/donors/", "donors", may=MONEY, methods=("GET", "POST"))
def all_donors(request: HttpRequest) -> HttpResponseBase:
    """Every donor, and a form for one more."""
    found = donors(desk_of(person_of(request)))
    asked = DonorForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            made = add_donor(by=person_of(request), draft=asked.draft())
            messages.success(request, words("web.money.saved"))
            return redirect("donor", donor=made)
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("donor", kwargs={"donor": each.id}), each.name),
            each.country_code or "–",
            each.iati_ref or "–",
            number(each.grants),
            ", ".join(name for _, name in each.readers) or "–",
        )
        for each in found
    ]
    columns = ("money-donor", "country", "money-iati", "money-grants>", "money-readers")
    listed = table("web.room.donors", columns, rows) if rows else empty("web.money.no-donor-yet")
    new = asked.section("web.money.donor-new", submit="web.money.save")
    return show_wide(request, Phrase("web.room.donors"), [listed, new], crumbs=way())


@page("grants/donors/<str:donor>/", "donor", may=MONEY, methods=("GET", "POST"), sample=_SAMPLE)
def one_donor(request: HttpRequest, donor: str) -> HttpResponseBase:
    """One donor: correct it, and say who reads for it."""
    desk = desk_of(person_of(request))
    row = donor_of(desk, donor)
    initial = {"money_name": row.name, "money_country": row.country_code,
               "money_iati": row.iati_ref, "money_type": row.iati_type,
               "version": row.version}  # fmt: skip
    asked = DonorForm.asked(request, initial=initial)
    reading = [str(number) for number, _ in row.readers]
    known = donor_readers() if desk.may_write else []
    readers = ReadersForm.asked(request, known=known, initial={"money_readers": reading})
    if asked.is_ready:
        with asked.telling():
            change_donor(by=person_of(request), donor=row.id, draft=asked.draft(),
                         version=asked.cleaned_data["version"] or 0)  # fmt: skip
            return _saved(request, row)
    if readers.is_ready:
        with readers.telling():
            _set_readers(request, row, set(readers.cleaned_data["money_readers"]))
            return _saved(request, row)
    there = f"{reverse('grants')}?money_donor={row.id}"
    sections: list[Section] = [
        {
            "kind": "way",
            "url": there,
            "text": Phrase("web.money.its-grants", {"count": row.grants}),
        },
        *laid_beside(request, asked),
        asked.section("web.money.donor-change", submit="web.money.save"),
    ]
    if known:
        sections.append(
            readers.section(
                "web.money.readers", submit="web.money.save", text="web.money.readers-text"
            )
        )
    crumbs = way(("donors", {}, Phrase("web.room.donors")))
    return show_wide(request, Phrase("web.money.donor-title", {"name": row.name}), sections,
                crumbs=crumbs)  # fmt: skip


def _saved(request: HttpRequest, row: DonorRow) -> HttpResponseBase:
    messages.success(request, words("web.money.saved"))
    return redirect("donor", donor=row.id)


def _set_readers(request: HttpRequest, row: DonorRow, wanted: set[str]) -> None:
    by, reading = person_of(request), {str(number) for number, _ in row.readers}
    for each in sorted(wanted ^ reading):
        seats = seats_of(int(each)) ^ {row.id}
        set_donor_seats(by=by, person=int(each), donors=seats)
