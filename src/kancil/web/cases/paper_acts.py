"""Hand-overs to and from somebody outside the unit, who signs a paper in place of a key.

The SHA-256 of the paper's scan stands in the entry, and nothing about the signature on it is
checked. What a court, a laboratory or a person held comes back to the officer who signs here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import Entry
from kancil.custody.exhibits import TO_KINDS
from kancil.desk.cases import queries
from kancil.desk.cases.actions import hand_over_on_paper
from kancil.desk.cases.queries import Case
from kancil.ground.digests import digest_stream
from kancil.ground.words import render as words
from kancil.web.cells import Section, note
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import secret, text
from kancil.web.page import page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .custody_acts import (
    ACT,
    OF_EXHIBIT,
    ActForm,
    Known,
    begun,
    done,
    known,
    name_own_key,
    no_own_key,
    not_holder,
    show_act,
    unlocked,
)

_OUTSIDE = tuple(kind for kind in TO_KINDS if kind != "officer")


class PaperForm(ActForm):
    """Where it is handed over, the paper that was signed, and the officer's own key."""

    place = text()
    seal = text(100, required=False)
    paper = forms.FileField()
    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whose passphrase it is."""
        super().__init__(*args, **kwargs)
        name_own_key(self)


class HandOutForm(PaperForm):
    """Who outside the unit receives it."""

    field_order = ("outside_kind", "given_to")
    outside_kind = forms.ChoiceField(choices=())
    given_to = text()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of receivers."""
        super().__init__(*args, **kwargs)
        field = self.fields["outside_kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(kind, words(f"web.outside.{kind}")) for kind in _OUTSIDE]


@page(f"{OF_EXHIBIT}/hand-out/", "exhibit_hand_out", **ACT, body_bytes=FILE_FORM_BYTES)
def exhibit_hand_out(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Hand it over to somebody outside, who signs a paper."""
    at, mine = known(case, exhibit), person_of(request).officer or ""
    why = None if at.row.holder == mine else not_holder(at)
    return _on_paper(request, at, "handed-out", HandOutForm, why)


@page(f"{OF_EXHIBIT}/take-back/", "exhibit_take_back", **ACT, body_bytes=FILE_FORM_BYTES)
def exhibit_take_back(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Take it back from whoever outside holds it."""
    at = known(case, exhibit)
    is_outside = (at.row.holder or "") not in queries.officer_names()
    why = None if is_outside else note("info", "web.act.not-outside", exhibit=at.label)
    return _on_paper(request, at, "taken-back", PaperForm, why)


def _on_paper(
    request: HttpRequest, at: Known, act: str, kind: type[PaperForm], why: Section | None
) -> HttpResponse:
    asked = kind(request.POST or None, request.FILES or None, initial=begun(at))
    ask_who(request, asked)
    if request.method == "POST" and asked.is_valid():
        typed = asked.cleaned_data["passphrase"]
        by = unlocked(asked, "passphrase", lambda: unit_desk().own_key(request, typed))
        if by is not None:
            with asked.telling():
                return done(request, at, _recorded(at, asked, by))
    if not person_of(request).officer:
        why = no_own_key()
    if why is not None:
        return show_act(request, at, act, None, why)
    return show_act(request, at, act, asked, *factor_note(request, asked))


def _outside_giver(at: Known, by: ActingOfficer) -> str:
    """Whoever holds it; for a form that is sent twice, whoever held it before the first."""
    if at.row.holder != by.id:
        return str(at.row.holder)
    return str(at.last.body.get("from", ""))


def _recorded(at: Known, asked: PaperForm, by: ActingOfficer) -> Entry:
    given, ledger = asked.cleaned_data, unit_desk().ledger
    goes_out = isinstance(asked, HandOutForm)
    return hand_over_on_paper(
        ledger,
        exhibit=at.id,
        giver=by.id if goes_out else _outside_giver(at, by),
        to=given["given_to"] if goes_out else by.id,
        to_kind=given["outside_kind"] if goes_out else "officer",
        place=given["place"],
        seal=asked.given("seal"),
        document_sha256=digest_stream(given["paper"]).sha256,
        by=by,
        seen=given["seen"],
    )
