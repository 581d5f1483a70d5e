"""Recording what became of a letter: authorised, sent, answered, refused, renewed, ended.

An answer enters as an exhibit by the front door first, and is chosen here. Kancil sends nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.kept import sign_and_keep
from kancil.custody.roll import Officer, Roll
from kancil.desk.cases import queries
from kancil.desk.cases.errors import PageNotFound
from kancil.desk.cases.queries import Case
from kancil.desk.people.queries import Person
from kancil.desk.requests.actions import authorise_request, record_request_event
from kancil.desk.requests.amounts import AMOUNTS, Amount
from kancil.desk.requests.queries import Request, last_post, problems_of, read_version
from kancil.ground.clock import now
from kancil.ground.ids import CaseId, OfficerId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.legal.errors import EventCannotFollow
from kancil.legal.request_events import REFUSALS, Event, What
from kancil.reports.casework.request.make import LetterFormat
from kancil.web.cases.history import who_acted
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, beginning, form, note, show, table
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import WordsForm, choose, day, say_own_key, secret, text
from kancil.web.page import ACTING, page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import UnitDesk, unit_desk

from .drafting import outgoing
from .letter_text import field_name
from .letters import PRINTED, made_letter
from .pages import url_of_request

_FIELDS: dict[What, tuple[str, ...]] = {
    What.SENT: ("happened_on", "sent_by_channel", "sent_as", "their_reference", "proof_exhibit"),
    What.ACKNOWLEDGED: ("happened_on", "their_reference", "promised_by", "proof_exhibit"),
    What.INFORMATION_ASKED: ("happened_on", "what_is_asked", "wanted_by", "proof_exhibit"),
    What.IN_EXECUTION: ("happened_on", "their_reference", "promised_by"),
    What.ANSWERED_IN_PART: ("happened_on", "answer_exhibit", "their_reference", "amounts",
                            "held_until"),
    What.ANSWERED: ("happened_on", "answer_exhibit", "their_reference", "amounts", "held_until"),
    What.REFUSED: ("happened_on", "refusal", "reason_more", "their_reference", "answer_exhibit"),
    What.RENEWED: ("happened_on", "new_end", "their_reference", "proof_exhibit"),
    What.HOLD_SET: ("happened_on", "held_until", "amounts", "their_reference", "proof_exhibit"),
    What.ORDER_SERVED: ("happened_on", "their_reference", "proof_exhibit"),
    What.HOLD_ENDED: ("happened_on", "reason_more", "amounts", "proof_exhibit"),
    What.LIFTED: ("happened_on", "reason_more", "amounts", "proof_exhibit"),
    What.WITHDRAWN: ("happened_on", "reason_needed"),
    What.CLOSED: ("happened_on", "reason_more"),
    What.ESCALATED: ("happened_on", "escalated_to", "proof_exhibit"),
}  # fmt: skip
"""What is asked of each; words `web.field.<name>`."""
_OPTIONS = ("their_reference", "amounts", "reason_more", "promised_by", "held_until",
            "proof_exhibit", "wanted_by")  # fmt: skip
_NEEDED = {What.RENEWED: ("new_end",), What.WITHDRAWN: ("reason_needed",)}
_UNTIL = ("promised_by", "wanted_by", "held_until", "new_end")
_REASON = ("what_is_asked", "reason_more", "reason_needed", "escalated_to")
_EXHIBIT = ("answer_exhibit", "proof_exhibit")


class EventForm(WordsForm):
    """What happened, as far as this kind of event has it."""

    happened_on = day()
    sent_by_channel = text(100, required=False)
    sent_as = forms.ChoiceField(choices=(), required=False)
    answer_exhibit = forms.ChoiceField(choices=(), required=False)
    refusal = forms.ChoiceField(choices=())
    what_is_asked = text(4000, lines=3)
    escalated_to = text(300)
    reason_needed = text(2000, lines=3)
    new_end = day(required=True)
    their_reference = text(200, required=False)
    promised_by = day()
    wanted_by = day()
    held_until = day()
    amounts = text(2000, required=False, lines=2)
    reason_more = text(2000, required=False, lines=2)
    proof_exhibit = forms.ChoiceField(choices=(), required=False)

    def __init__(
        self, *args: Any, what: What, exhibits: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        """Keep the fields of this event, and offer the exhibits of the case."""
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in _FIELDS[what]]:
            del self.fields[name]
        for name in _EXHIBIT:
            if name in self.fields:
                choose(self, name, [("", words("web.request.no-exhibit")), *exhibits])
        if "sent_as" in self.fields:
            files = [(each.value, words(f"web.request-file.{each.value}")) for each in PRINTED]
            choose(self, "sent_as", [*files, ("", words("web.request.sent-otherwise"))])
        if "refusal" in self.fields:
            choose(self, "refusal", [(each, words(f"name.request-refusal-{each}"))
                                     for each in REFUSALS])  # fmt: skip

    def clean_amounts(self) -> list[Amount]:
        """Each line: what, amount, asset; `held 150000 THB`."""
        found = []
        for line in self.cleaned_data["amounts"].splitlines():
            if line.strip():
                what, amount, asset = [*line.split(maxsplit=2), "", "", ""][:3]
                named = {words(f"web.request-amount.{each}").casefold(): each for each in AMOUNTS}
                found.append(Amount(named.get(what.casefold(), what), amount, asset))
        return found

    def first(self, names: tuple[str, ...]) -> Any:
        """The value of the field of these that the form has."""
        return next((self.cleaned_data[name] for name in names if name in self.cleaned_data), None)

    @property
    def reason(self) -> str:
        """A documented reason, with what was added to it."""
        code, more = self.cleaned_data.get("refusal", ""), self.first(_REASON) or ""
        return f"{code}: {more}" if code and more else code or more


@page(
    "cases/<str:case>/requests/<int:number>/record/<str:what>/", "request_record", may=ACTING,
    of="case", methods=("GET", "POST"), sample={"what": "sent"},
)  # fmt: skip
def request_record(request: HttpRequest, case: Case, number: int, what: str) -> HttpResponse:
    """Record one thing that happened to a letter."""
    desk = unit_desk()
    held = outgoing(desk, case, number)
    if what not in {each.value for each in _FIELDS}:
        raise PageNotFound
    kind = What(what)
    given = {"happened_on": now().astimezone(desk.workspace.zone).date(),
             "answer_exhibit": request.GET.get("exhibit", "")}  # fmt: skip
    exhibits = _exhibits(desk, case)
    asked = EventForm(request.POST or None, initial=given, what=kind, exhibits=exhibits)
    asked.options = tuple(name for name in asked.fields if name in _OPTIONS)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            try:
                _record(request, desk, case, held, kind, asked)
            except EventCannotFollow:
                _tell_who_did(desk, case, held, kind, asked)
                raise
            messages.success(request, words("web.request.recorded", request=held.label))
            return redirect(url_of_request(case, held) + "?tab=happened")
    key = f"web.request-did.{what}"
    sections: list[Section] = []
    if "answer_exhibit" in asked.fields:
        add = reverse("intake", kwargs={"case": case.number})
        sections.append(note("info", "web.request.add-first", url=add, do="web.intake.do"))
    sections.append(form(key, asked, submit="web.request.record-do", text=f"{key}-text"))
    return show(request, Phrase(key), sections, crumbs=_way(case, held))


def _record(
    request: HttpRequest, desk: UnitDesk, case: Case, held: Request, what: What, asked: EventForm
) -> None:
    given = asked.cleaned_data
    form = given.get("sent_as", "")
    sha256 = made_letter(desk, held, LetterFormat(form)).sha256 if form else ""
    event = Event(what, now(), given.get("happened_on"), asked.first(_UNTIL),
                  given.get("their_reference", ""), asked.reason)  # fmt: skip
    record_request_event(
        desk.ledger, case=CaseId(case.id), request=held.history.id, event=event,
        exhibit=asked.first(_EXHIBIT) or "", amounts=given.get("amounts", []),
        channel=given.get("sent_by_channel", ""), letter_sha256=sha256, by=desk.server(request),
    )  # fmt: skip


def _tell_who_did(desk: UnitDesk, case: Case, held: Request, what: What, asked: EventForm) -> None:
    """At the form, who has recorded the same: two officers may have sent one letter."""
    held = outgoing(desk, case, held.history.number)
    last = held.history.entries[-1]
    if last.body.get("what") == what.value:
        who = who_acted(last, queries.officer_names())
        asked.add_error(None, words("web.request.recorded-by", who=who,
                                    what=Phrase(f"name.request-event-{what}")))  # fmt: skip


def _exhibits(desk: UnitDesk, case: Case) -> list[tuple[str, str]]:
    """The exhibits of the case, the newest first."""
    roll = desk.ledger.folded(Roll)
    found = [roll.exhibits[each] for each in roll.cases[CaseId(case.id)].exhibits][::-1]
    return [(each.label, f"{each.label} {beginning(each.title, 80)}") for each in found]


def _way(case: Case, held: Request) -> list[dict[str, Any]]:
    there = reverse("requests", kwargs={"case": case.number})
    return crumbs(case, (there, Phrase("web.room.requests")),
                  (url_of_request(case, held), held.label))  # fmt: skip


def _officer_of(desk: UnitDesk, person: Person) -> Officer | None:
    """The officer as whom a person signs."""
    roll = desk.ledger.folded(Roll)
    return roll.officers.get(OfficerId(person.officer)) if person.officer else None


def _is_drafter(desk: UnitDesk, held: Request, person: Person) -> bool:
    """Whether the person made the newest version."""
    entry, officer = held.versions[-1], _officer_of(desk, person)
    behalf = entry.on_behalf or {}
    drafter = behalf.get("officer") if behalf else entry.officer
    return behalf.get("account") == person.username or (
        officer is not None and drafter == officer.id
    )  # fmt: skip


class AuthoriseForm(WordsForm):
    """The post of whoever lets the letter leave, who signs it with a key of their own."""

    authority_post = text(200)
    passphrase = secret()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the key at its passphrase, and what it signs."""
        super().__init__(*args, **kwargs)
        say_own_key(self)
        self.fields["passphrase"].help_text = words("web.hint.authorising-key")


@page(
    "cases/<str:case>/requests/<int:number>/authorise/", "request_authorise", may=ACTING,
    of="case", methods=("GET", "POST"),
)  # fmt: skip
def request_authorise(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """The authority who is signed in lets the newest version leave, by an entry of their own key.

    Refused with the problems. Whoever drafted it is warned: another should authorise.
    """
    desk, person = unit_desk(), person_of(request)
    held = outgoing(desk, case, number)
    letter = read_version(desk.workspace, held)
    stops = [each for each in problems_of(desk.ledger, CaseId(case.id), letter) if each.stops]
    officer = _officer_of(desk, person)
    given = {"authority_post": last_post(desk.ledger, officer.id) if officer else ""}
    asked = ask_who(request, AuthoriseForm(request.POST or None, initial=given))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            authorise_request(
                desk.ledger, desk.workspace, desk.vault, case=CaseId(case.id),
                request=held.history.id, authority=officer.name if officer else person.name,
                post=asked.cleaned_data["authority_post"],
                by=desk.own_key(request, asked.cleaned_data["passphrase"]),
            )  # fmt: skip
            sign_and_keep(desk.ledger, desk.workspace, desk.keys.unit_signer(), now())
            messages.success(request, words("web.request.authorised", request=held.label))
            return redirect(url_of_request(case, held) + "?tab=letter")
    sections: list[Section] = []
    if not stops and _is_drafter(desk, held, person):
        sections.append(note("warn", "web.request.own-draft"))
    if stops:
        edit = reverse("request_edit", kwargs={"case": case.number, "number": number})
        rows = [(field_name(each.field), each.said) for each in stops]
        sections.append(note("danger", "web.request.cannot-authorise", url=edit,
                             do="web.request.edit", count=len(stops)))  # fmt: skip
        sections.append(table("web.request.problems", ("field", "sentence"), rows))
    if not stops or asked.is_bound:
        text_key = "web.request.authorise-signs"
        sections += [*factor_note(request, asked),
                     form("web.request.authorise", asked, submit="web.request.authorise",
                          text=text_key)]  # fmt: skip
    title = Phrase("web.request.authorise-title", {"request": held.label})
    return show(request, title, sections, crumbs=_way(case, held))
