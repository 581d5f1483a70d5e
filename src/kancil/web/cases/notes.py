"""Officers' notes on pages: written where one works, listed with the case, withdrawn by reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.notes.actions import add_note, withdraw_note
from kancil.desk.notes.queries import KINDS, Note
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.studies.moneygraph.parts import Subject
from kancil.web.cells import Section, form, identifier, show
from kancil.web.forms import WordsForm, text
from kancil.web.page import ACTING, page
from kancil.web.parts import Cell, Minute
from kancil.web.unit_desk import unit_desk

from .history import who_acted
from .pages import crumbs

LONGEST = 4000


class NoteForm(WordsForm):
    """What an officer writes down, and what about; nothing: the case."""

    text = text(LONGEST, lines=4)
    kind = forms.ChoiceField(
        choices=[("", ""), *((each, each) for each in KINDS)],
        required=False,
        widget=forms.HiddenInput(),
    )
    chain = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())
    value = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput())
    next = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput())

    @property
    def subject(self) -> Subject | None:
        """What the note is about; None: the case."""
        given = self.cleaned_data
        if not (given["kind"] and given["value"]):
            return None
        return Subject(given["kind"], given["chain"], given["value"])


class WithdrawForm(WordsForm):
    """Why a note is taken back."""

    reason = text(1000)


@page("cases/<str:case>/notes/new/", "note_new", may=ACTING, of="case", methods=("GET", "POST"))
def note_new(request: HttpRequest, case: Case) -> HttpResponse:
    """Write a note about the case, or about something in it."""
    asked = NoteForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling():
            add_note(
                desk.ledger, case=CaseId(case.id), text=asked.cleaned_data["text"],
                subject=asked.subject, by=desk.server(request),
            )  # fmt: skip
            messages.success(request, words("web.note.added"))
            return redirect(way_on(request, asked.cleaned_data["next"], case))
    title = Phrase("web.note.new")
    sections = [form("web.note.new", asked, submit="web.note.add", text="web.note.text")]
    return show(request, title, sections, crumbs=crumbs(case))


@page(
    "cases/<str:case>/notes/<str:note>/withdraw/", "note_withdraw", may=ACTING, of="case",
    methods=("GET", "POST"), sample={"note": "none"},
)  # fmt: skip
def note_withdraw(request: HttpRequest, case: Case, note: str) -> HttpResponse:
    """Take a note back; it stays in the ledger and is shown as withdrawn."""
    asked = WithdrawForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        desk = unit_desk()
        with asked.telling():
            withdraw_note(
                desk.ledger, case=CaseId(case.id), note=note[:40],
                reason=asked.cleaned_data["reason"], by=desk.server(request),
            )  # fmt: skip
            return redirect(reverse("overview", kwargs={"case": case.number}) + "#notes")
    title = Phrase("web.note.withdraw")
    sections = [form("web.note.withdraw", asked, submit="web.note.withdraw")]
    return show(request, title, sections, crumbs=crumbs(case))


def way_on(request: HttpRequest, asked: str, case: Case) -> str:
    """Where somebody came from, if that is a page of this site; else the case."""
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return reverse("overview", kwargs={"case": case.number}) + "#notes"


def notes_section(
    case: Case, notes: Sequence[Note], *, acts: bool, subject: Subject | None = None, back: str = ""
) -> Section:
    """Notes as a list, with a form for the next one where the reader may write.

    `subject`: what all of them, and the next one, are about; None: the case. `back`: the page.
    """
    names = queries.officer_names()
    given: dict[str, Any] = {"next": back}
    if subject is not None:
        given |= {"kind": subject.kind, "chain": subject.chain, "value": subject.value}
    rows = [
        {
            "text": each.text,
            "who": who_acted(each.entry, names),
            "at": Minute(each.at),
            "about": None if subject or each.subject is None else subject_cell(each.subject),
            "reason": each.reason,
            "is_withdrawn": each.withdrawal is not None,
            "withdraw": reverse("note_withdraw", kwargs={"case": case.number, "note": each.id})
            if acts and each.withdrawal is None
            else "",
        }
        for each in notes
    ]
    return {
        "kind": "notes",
        "heading": Phrase("web.note.notes"),
        "anchor": "notes",
        "rows": rows,
        "form": NoteForm(initial=given) if acts else None,
        "action": reverse("note_new", kwargs={"case": case.number}),
    }


def subject_cell(subject: Subject) -> Cell:
    """What a note is about, as a link where it has a page."""
    given = {"chain": subject.chain}
    url = ""
    if subject.chain and subject.kind in ("address", "cluster"):
        url = reverse(subject.kind, kwargs={**given, "address": subject.value})
    elif subject.chain and subject.kind in ("transaction", "output"):
        url = reverse("tx", kwargs={**given, "txid": subject.value.partition(":")[0]})
    return identifier(subject.value, url, short=True)
