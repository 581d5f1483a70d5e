"""Seizing a thing, and copying bytes from it: photographs and copies are sent as files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.acting import SERVER_ROLE
from kancil.custody.exhibits import Item
from kancil.custody.roll import Roll
from kancil.desk.cases import queries
from kancil.desk.cases.actions import (
    Copying,
    Photographs,
    Seizure,
    acquire_exhibit,
    seize_exhibit,
)
from kancil.desk.cases.queries import Case
from kancil.desk.custody.store import folds_held
from kancil.ground.clock import from_person, now
from kancil.ground.ids import CaseId, ExhibitId, OfficerId, is_id, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import form, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .custody_acts import ActForm, begun, done, known, show_act
from .intake import INTAKE_FORM_BYTES, FilesField, laid_down
from .pages import crumbs


class SeizeForm(WordsForm):
    """A thing as it was seen when it was seized; what was not seen is left empty."""

    exhibit_title = text()
    make = text(100, required=False)
    model = text(100, required=False)
    serial = text(100, required=False)
    seal = text(100, required=False)
    seized_place = text()
    seized_from = text(required=False)
    seized_by = forms.ChoiceField(choices=())
    seized_at = forms.CharField(
        required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    photographs = FilesField(max_length=4096, required=False)
    new_exhibit = forms.CharField(widget=forms.HiddenInput, required=False)
    """Id that the exhibit is to have, so that a form sent twice records nothing twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the unit's officers, also those who have retired since."""
        super().__init__(*args, **kwargs)
        choose(self, "seized_by", _officers())
        zone = unit_desk().workspace.unit.zone.key
        self.fields["seized_at"].help_text = words("web.seize.when", zone=zone)

    def moment(self) -> datetime | None:
        """When it was seized; None once an error is told at the field."""
        typed = self.cleaned_data["seized_at"]
        if not typed:
            return now()
        with self.telling("seized_at"):
            moment = from_person(typed, unit_desk().workspace.zone)
            if moment <= now():
                return moment
            self.add_error("seized_at", words("web.seize.not-yet"))
        return None

    def seizure(self, moment: datetime) -> Seizure:
        """What was stated."""
        given = {name: value or None for name, value in self.cleaned_data.items()}
        title = self.cleaned_data["exhibit_title"]
        return Seizure(
            title,
            Item(title, given["make"], given["model"], given["serial"], given["seal"]),
            self.cleaned_data["seized_place"],
            moment,
            given["seized_from"],
            OfficerId(self.cleaned_data["seized_by"]),
        )


def _officers() -> list[tuple[str, str]]:
    with folds_held():
        roll = unit_desk().ledger.folded(Roll)
        return [
            (each.id, f"{each.name} ({each.label})")
            for each in roll.officers.values()
            if each.role != SERVER_ROLE
        ]


@page(
    "cases/<str:case>/exhibits/seize/",
    "seize",
    may=ACTING,
    of="case",
    methods=("GET", "POST"),
    body_bytes=INTAKE_FORM_BYTES,
)
def seize(request: HttpRequest, case: Case) -> HttpResponse:
    """Record a thing that was seized, as a new exhibit."""
    first = {"new_exhibit": new_id(), "seized_by": person_of(request).officer}
    asked = SeizeForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and asked.is_valid():
        moment = asked.moment()
        if moment is not None:
            with asked.telling():
                number = _seized(request, case, asked, moment)
                messages.success(request, words("web.seize.done", exhibit=f"E{number}"))
                return redirect("exhibit", case=case.number, exhibit=number)
    where = reverse("exhibits", kwargs={"case": case.number})
    sections = [form("web.seize.do", asked, submit="web.seize.record", text="web.seize.text")]
    way = crumbs(case, (where, Phrase("web.room.exhibits")))
    return show(request, Phrase("web.seize.do"), sections, crumbs=way)


def _seized(request: HttpRequest, case: Case, asked: SeizeForm, moment: datetime) -> int:
    desk, given = unit_desk(), asked.cleaned_data
    identity = given["new_exhibit"] if is_id(given["new_exhibit"]) else new_id()
    found = queries.find_exhibit(case, identity)
    if found is not None:
        return found.number
    with laid_down(given["photographs"]) as paths:
        pictures = Photographs(paths, lambda label: words("note.photographs", label=label))
        entry = seize_exhibit(
            desk.ledger,
            desk.vault,
            case=CaseId(case.id),
            seizure=asked.seizure(moment),
            by=desk.server(request),
            exhibit=ExhibitId(identity),
            photographs=pictures if paths else None,
        )
    return int(entry.body["number"])


class AcquireForm(ActForm):
    """What was copied from the thing, and by what."""

    sent_files = FilesField(max_length=4096)
    tool = text(200)
    tool_version = text(100)
    write_blocker = text(200, required=False)
    source_digest = text(200, required=False)

    def copying(self) -> Copying:
        """By what it was copied."""
        return Copying(
            self.cleaned_data["tool"],
            self.cleaned_data["tool_version"],
            self.given("write_blocker"),
            self.given("source_digest"),
        )


@page(
    "cases/<str:case>/exhibits/<str:exhibit>/acquire/", "exhibit_acquire", may=ACTING,
    of="case", methods=("GET", "POST"), body_bytes=INTAKE_FORM_BYTES,
)  # fmt: skip
def exhibit_acquire(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Take in what was copied from the exhibit."""
    at, desk = known(case, exhibit), unit_desk()
    asked = AcquireForm(request.POST or None, request.FILES or None, initial=begun(at))
    if request.method == "POST" and asked.is_valid():
        with asked.telling(), laid_down(asked.cleaned_data["sent_files"]) as paths:
            entry = acquire_exhibit(
                desk.ledger,
                desk.vault,
                exhibit=at.id,
                paths=paths,
                copying=asked.copying(),
                by=desk.server(request),
                seen=asked.cleaned_data["seen"],
            )
            return done(request, at, entry)
    return show_act(request, at, "acquired", asked)
