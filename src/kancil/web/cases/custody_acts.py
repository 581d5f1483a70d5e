"""What happens to an exhibit: seals, storage, hand-over, a court, its owner, disposal.

Each act is one form on a page of its own and one entry of the ledger. The page says what the
exhibit was when it was opened; where something else has been recorded since, nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.acting import serving_people
from kancil.custody.entry import Entry
from kancil.custody.exhibits import DisposalOrder
from kancil.custody.reading import READING
from kancil.custody.roll import Officer, Roll
from kancil.desk.cases import queries
from kancil.desk.cases.actions import Event, dispose_exhibit, hand_over, record_event
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case, Exhibit
from kancil.desk.custody.store import folds_held
from kancil.ground.digests import digest_stream
from kancil.ground.ids import ExhibitId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.cells import Section, facts, form, note, number, show
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, choose, secret, text
from kancil.web.page import ACTING, page
from kancil.web.paging import FILE_FORM_BYTES
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .history import what_happened, who_acted
from .pages import crumbs

Key = TypeVar("Key")
_GONE = ("returned", "disposed")


class ActForm(WordsForm):
    """An act on an exhibit, as it was when the form was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    """Number of the exhibit's last entry then."""

    def given(self, name: str) -> str | None:
        """What was typed; None where nothing was, or where there is no such field."""
        return self.cleaned_data.get(name) or None


@dataclass(frozen=True)
class Known:
    """The exhibit at hand, and the last that was recorded of it."""

    case: Case
    row: Exhibit
    last: Entry

    @property
    def id(self) -> ExhibitId:
        """The exhibit's id."""
        return ExhibitId(self.row.id)

    @property
    def label(self) -> str:
        """Its short number: `E3`."""
        return f"E{self.row.number}"

    @property
    def is_gone(self) -> bool:
        """Whether nothing more may be done with it."""
        return self.row.status in _GONE


def known(case: Case, name: str) -> Known:
    """Find an exhibit of the case; raises PageNotFound."""
    found = queries.find_exhibit(case, name)
    if found is None:
        raise PageNotFound
    entries = unit_desk().ledger.exhibit_entries(ExhibitId(found.id))
    *_, last = (each for each in entries if each.kind not in READING)
    return Known(case, found, last)


def begun(at: Known) -> dict[str, Any]:
    """Begin a form with what it is of."""
    return {"seen": at.last.n}


def done(request: HttpRequest, at: Known, entry: Entry) -> HttpResponse:
    """What was recorded, and go back to the exhibit."""
    kind = what_happened(entry)
    said = words("web.act.done", exhibit=at.label, kind=kind, n=entry.n)
    messages.success(request, said)
    return redirect("exhibit", case=at.case.number, exhibit=at.row.number)


def show_act(
    request: HttpRequest, at: Known, act: str, asked: ActForm | None, *before: Section,
    also_gone: bool = False,
) -> HttpResponse:  # fmt: skip
    """Show the page of an act, whose words are `web.custody-act.<act>`.

    `asked`: None where `before` says why there is no form. `also_gone`: the act is there also for
    an exhibit that was returned or disposed of.
    """
    key = f"web.custody-act.{act}"
    sections: list[Section] = [_now(at), *before]
    if at.is_gone and not also_gone:
        sections = [_now(at), note("warn", "web.act.gone", exhibit=at.label)]
    elif asked is not None:
        if asked.is_bound and asked.data.get("seen") != str(at.last.n):
            asked.data = {**asked.data.dict(), "seen": str(at.last.n)}  # type: ignore[attr-defined]  # a QueryDict
        sections.append(form(key, asked, submit=f"{key}-do", text=f"{key}-text"))
    given = {"case": at.case.number, "exhibit": at.row.number}
    way = crumbs(
        at.case,
        (reverse("exhibits", kwargs={"case": at.case.number}), Phrase("web.room.exhibits")),
        (reverse("exhibit", kwargs=given), f"{at.label} {at.row.title}"),
    )
    return show(request, Phrase(key), sections, crumbs=way)


def _now(at: Known) -> Section:
    """What the exhibit is now, so that nobody signs for another one."""
    names = queries.officer_names()
    last = Phrase(
        "web.act.last",
        {
            "kind": what_happened(at.last),
            "who": who_acted(at.last, names),
            "n": at.last.n,
        },
    )
    return facts(
        "web.act.now",
        [
            ("title", f"{at.label} {at.row.title}"),
            ("status", Phrase(f"thing.exhibit-{at.row.status}")),
            ("holder", names.get(at.row.holder or "", at.row.holder or Phrase("web.act.nobody"))),
            ("seal", at.row.seal or Phrase("note.not-stated")),
            ("files", number(at.row.file_count)),
            ("last", last),
        ],
    )


# --- what happened to it, signed by the server for whoever is signed in ---


class SealForm(ActForm):
    """A new seal."""

    seal = text(100)
    place = text()


class StoreForm(ActForm):
    """Where it is kept from now on."""

    place = text()
    seal = text(100, required=False)
    reason_of_act = text(500, required=False)


class OpenForm(ActForm):
    """That its seal was opened."""

    seal_found = text(100, required=False)
    place = text()
    reason_of_act = text(500)


class DepositForm(ActForm):
    """With which court it was deposited."""

    court = text()
    place = text()
    seal = text(100, required=False)
    reason_of_act = text(500, required=False)


class ReturnForm(ActForm):
    """To whom it was given back."""

    given_to = text()
    place = text()
    seal = text(100, required=False)
    reason_of_act = text(500, required=False)


def _event(
    request: HttpRequest, case: Case, exhibit: str, event: Event, kind: type[ActForm]
) -> HttpResponse:
    at, desk = known(case, exhibit), unit_desk()
    asked = kind(request.POST or None, initial=begun(at))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            entry = record_event(
                desk.ledger,
                exhibit=at.id,
                event=event,
                place=asked.cleaned_data["place"],
                seal=asked.given("seal") or asked.given("seal_found"),
                reason=asked.given("reason_of_act"),
                to=asked.given("court") or asked.given("given_to"),
                by=desk.server(request),
                seen=asked.cleaned_data["seen"],
            )
            return done(request, at, entry)
    return show_act(request, at, event, asked)


ACT: dict[str, Any] = {"may": ACTING, "of": "case", "methods": ("GET", "POST")}
"""What the page of each act declares."""
OF_EXHIBIT = "cases/<str:case>/exhibits/<str:exhibit>"
"""Beginning of the address of each."""


@page(f"{OF_EXHIBIT}/seal/", "exhibit_seal", **ACT)
def exhibit_seal(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record a new seal."""
    return _event(request, case, exhibit, "sealed", SealForm)


@page(f"{OF_EXHIBIT}/store/", "exhibit_store", **ACT)
def exhibit_store(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record where it is kept."""
    return _event(request, case, exhibit, "stored", StoreForm)


@page(f"{OF_EXHIBIT}/open/", "exhibit_open", **ACT)
def exhibit_open(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record that its seal was opened."""
    return _event(request, case, exhibit, "opened", OpenForm)


@page(f"{OF_EXHIBIT}/deposit/", "exhibit_deposit", **ACT)
def exhibit_deposit(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record that it was deposited with a court."""
    return _event(request, case, exhibit, "deposited", DepositForm)


@page(f"{OF_EXHIBIT}/return/", "exhibit_return", **ACT)
def exhibit_return(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record that it was given back to its owner."""
    return _event(request, case, exhibit, "returned", ReturnForm)


# --- what needs the officer's own key ---


class HandOverForm(ActForm):
    """Who receives it, and the passphrases of the two who sign."""

    receiver = forms.ChoiceField(choices=())
    place = text()
    seal = text(100, required=False)
    receiver_passphrase = secret(required=False)
    presence = text(500, required=False)
    passphrase = secret()

    def __init__(self, *args: Any, officers: list[Officer], **kwargs: Any) -> None:
        """Offer the officers who may receive."""
        super().__init__(*args, **kwargs)
        name_own_key(self)
        named = [(each.id, f"{each.name} ({each.label})") for each in officers]
        choose(self, "receiver", [("", words("web.act.choose")), *named])


def name_own_key(asked: forms.Form) -> None:
    """At the passphrase whose it is, and what it signs."""
    field = asked.fields["passphrase"]
    field.label, field.help_text = words("web.field.own-passphrase"), words("web.act.own-key")


def _receivers(giver: OfficerId) -> list[Officer]:
    """List who may receive: officers who serve and have a key, but the giver."""
    with folds_held():
        roll = unit_desk().ledger.folded(Roll)
        return [
            each
            for each in serving_people(roll)
            if each.id != giver and roll.active_key(each.id) is not None
        ]


@page(f"{OF_EXHIBIT}/hand-over/", "exhibit_hand_over", **ACT)
def exhibit_hand_over(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Hand it over to an officer: both sign, each with their own key."""
    at, giver = known(case, exhibit), OfficerId(person_of(request).officer or "")
    officers = _receivers(giver)
    asked = HandOverForm(request.POST or None, initial=begun(at), officers=officers)
    ask_who(request, asked)
    if request.method == "POST" and asked.is_valid():
        entry = _handed_over(request, at, asked, officers)
        if entry is not None:
            return done(request, at, entry)
    why = _why_not(at, giver, officers)
    if why is not None:
        return show_act(request, at, "transferred", None, why)
    return show_act(request, at, "transferred", asked, *factor_note(request, asked))


def _why_not(at: Known, giver: OfficerId, officers: list[Officer]) -> Section | None:
    if not giver:
        return no_own_key()
    if at.row.holder != giver:
        return not_holder(at)
    return None if officers else note("warn", "web.act.no-receiver")


def not_holder(at: Known) -> Section:
    """Who holds it, and that only the holder can give it away."""
    holder = queries.officer_names().get(at.row.holder or "", at.row.holder or "-")
    return note("warn", "web.act.not-holder", exhibit=at.label, holder=holder)


def no_own_key() -> Section:
    """That this needs a key of one's own, and where one is made."""
    return note("warn", "web.act.no-own-key", url=reverse("own_key"), do="web.act.no-own-key-do")


def _handed_over(
    request: HttpRequest, at: Known, asked: HandOverForm, officers: list[Officer]
) -> Entry | None:
    desk, given = unit_desk(), asked.cleaned_data
    to = next(each for each in officers if each.id == given["receiver"])
    by = unlocked(asked, "passphrase", lambda: desk.own_key(request, given["passphrase"]))
    receiver = unlocked(
        asked,
        "receiver_passphrase" if given["receiver_passphrase"] else "presence",
        lambda: desk.receiving_key(request, to, given["receiver_passphrase"], given["presence"]),
    )
    if by is None or receiver is None:
        return None
    entry = None
    with asked.telling():
        entry = hand_over(
            desk.ledger,
            exhibit=at.id,
            to=to.id,
            place=given["place"],
            seal=asked.given("seal"),
            receiver=receiver,
            presence=asked.given("presence"),
            by=by,
            seen=given["seen"],
        )
    return entry


def unlocked(asked: WordsForm, field: str, unlock: Callable[[], Key]) -> Key | None:
    """Open a key, or tell at its field why it does not open."""
    key = None
    with asked.telling(field):
        key = unlock()
    return key


class DisposeForm(ActForm):
    """The order, and the number of the exhibit once more."""

    ordered_by = text()
    order_number = text(100, required=False)
    order_date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    order_document = forms.FileField(required=False)
    typed_number = text(20)
    passphrase = secret()

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        """Take the number that must be typed."""
        super().__init__(*args, **kwargs)
        self._label = label
        name_own_key(self)
        self.fields["typed_number"].label = words("web.act.type-number", exhibit=label)

    def clean_typed_number(self) -> str:
        """Hold what was typed to be the number of this very exhibit."""
        number = str(self.cleaned_data["typed_number"])
        if number.upper() != self._label:
            raise forms.ValidationError(words("web.act.other-number", exhibit=self._label))
        return number

    def order(self) -> DisposalOrder:
        """The order that was stated; of its document the digest alone is kept."""
        document = self.cleaned_data["order_document"]
        return DisposalOrder(
            self.cleaned_data["ordered_by"],
            self.given("order_number"),
            self.cleaned_data["order_date"],
            digest_stream(document).sha256 if document else None,
        )


@page(f"{OF_EXHIBIT}/dispose/", "exhibit_dispose", **ACT, body_bytes=FILE_FORM_BYTES)
def exhibit_dispose(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Remove its bytes under an order; digests and history stay."""
    at, desk = known(case, exhibit), unit_desk()
    asked = DisposeForm(
        request.POST or None, request.FILES or None, initial=begun(at), label=at.label
    )
    ask_who(request, asked)
    if request.method == "POST" and asked.is_valid():
        by = unlocked(
            asked,
            "passphrase",
            lambda: desk.own_key(request, asked.cleaned_data["passphrase"]),
        )
        if by is not None:
            with asked.telling():
                entry, _ = dispose_exhibit(
                    desk.ledger,
                    desk.vault,
                    exhibit=at.id,
                    order=asked.order(),
                    by=by,
                    seen=asked.cleaned_data["seen"],
                )
                return done(request, at, entry)
    if not person_of(request).officer:
        return show_act(request, at, "disposed", None, no_own_key())
    warned = note("danger", "web.act.disposal-warning", exhibit=at.label)
    return show_act(request, at, "disposed", asked, warned, *factor_note(request, asked))
