"""Organisations: agencies that are helped, and partners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.programme.access import Desk
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
from kancil.programme.people import ParticipantSearch
from kancil.programme.vocabulary import OrganisationKind
from kancil.records.described import named
from kancil.web.cells import Section, facts, link, number, tag
from kancil.web.parts import Cell
from kancil.web.programme.registers import Beside, RegisterPages
from kancil.web.programme_page import OFFICERS, REGISTERING
from kancil.web.signed_in import person_of

from .forms import EndForm


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


def _about(desk: Desk, row: Any) -> list[Section]:
    people = PARTICIPANTS.found(desk, ParticipantSearch(organisation=row.id)).count()
    there = f"{reverse('participants')}?organisation={row.id}"
    said: list[tuple[str, Cell]] = [
        ("country", country_name(row)),
        ("kind", named(OrganisationKind(row.kind))),
        ("person-standing", _standing(row)),
        ("state", _state(row)),
        ("person-people", link(there, f"{people:,}") if people else number(0)),
    ]
    return [facts("web.prog-people.about", said)]


def _ending(request: HttpRequest, row: Any) -> list[Beside]:
    person = person_of(request)
    if person.role not in OFFICERS:
        return []
    asked = EndForm.asked(request, desk=desk_of(person), stands=row)

    def end() -> None:
        end_organisation(by=person, on=row.id, given=asked.typed)

    return [Beside(asked, end, "web.prog-people.organisation-end")]


RegisterPages(
    register=ORGANISATIONS, plural="organisations", address="organisations/", way=way,
    may=REGISTERING, add=add_organisation, change=change_organisation,
    cells={"country": country_name, "beneficiary": _standing, "ended_on": _state}, about=_about,
    beside=_ending, is_served=True,
)  # fmt: skip
