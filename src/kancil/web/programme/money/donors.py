"""Donors: who pays, and which people read for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.programme.access import Desk
from kancil.desk.programme.money.donors import (
    DONORS,
    add_donor,
    change_donor,
    donor_readers,
    seats_of,
    set_donor_seats,
)
from kancil.ground.phrase import Phrase
from kancil.web.acting import ActForm
from kancil.web.cells import Section
from kancil.web.forms import choose
from kancil.web.programme.registers import Beside, RegisterPages
from kancil.web.programme_page import MONEY, OFFICERS
from kancil.web.signed_in import person_of

from .words import way


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


def _about(_desk: Desk, row: Any) -> list[Section]:
    grants = Phrase("web.money.its-grants", {"count": row.grants.count()})
    return [{"kind": "way", "url": f"{reverse('grants')}?money_donor={row.id}", "text": grants}]


def _readers(request: HttpRequest, row: Any) -> list[Beside]:
    person = person_of(request)
    if person.role not in OFFICERS or not (known := donor_readers()):
        return []
    reading = {str(each.person_id) for each in row.seats.all()}
    asked = ReadersForm.asked(request, known=known, initial={"money_readers": sorted(reading)})

    def seat() -> None:
        for each in sorted(set(asked.cleaned_data["money_readers"]) ^ reading):
            set_donor_seats(by=person, person=int(each), donors=seats_of(int(each)) ^ {row.id})

    return [Beside(asked, seat, "web.money.readers", "web.money.readers-text", "web.money.save")]


RegisterPages(
    register=DONORS, plural="donors", address="grants/donors/", way=way, may=MONEY,
    add=add_donor, change=change_donor, about=_about, beside=_readers,
    is_served=True,
)  # fmt: skip
