"""Requests of others: registered in a case, checked, carried out or refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.custody.errors import RequestNotFound
from kancil.desk.cases import queries
from kancil.desk.cases.queries import Case
from kancil.desk.people.queries import case_ids_of
from kancil.desk.requests.actions import record_request_event
from kancil.desk.requests.checking import checks_of, open_questions
from kancil.desk.requests.due import due_of
from kancil.desk.requests.incoming import Receipt, check_request, receive_request
from kancil.desk.requests.queries import Request, incoming, request_named, requests_of
from kancil.ground.clock import now
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.legal.incoming import ANSWERS, questions
from kancil.legal.request_events import Event, What, may_follow
from kancil.legal.requests import kinds
from kancil.web.cases.pages import crumbs
from kancil.web.cells import Section, empty, facts, form, link, show, table
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.page import ACTING, EVERYONE, page
from kancil.web.parts import Cell
from kancil.web.signed_in import person_of
from kancil.web.studies.result_page import said
from kancil.web.unit_desk import unit_desk

from .due import due_sections
from .events import happened_sections

OFFICES = (
    "police", "central-authority", "network-24-7", "fiu", "court", "bank", "payment-service",
    "exchange", "issuer", "provider",
)  # fmt: skip
_WITHIN = "requests_due"
_SAMPLE = {"number": "none"}


class ReceiptForm(WordsForm):
    """A letter that came in, as it stands on its paper."""

    received_kind = forms.ChoiceField()
    sender = text(200)
    sender_kind = forms.ChoiceField()
    sender_country = forms.RegexField("^[A-Za-z]{2}$", max_length=2)
    received_on = day(required=True)
    received_answer_by = day()
    received_reference = text(100, required=False)
    received_urgency = text(300, required=False)
    received_letter = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """Offer the kinds, the offices and the exhibits of the case."""
        super().__init__(*args, **kwargs)
        choose(
            self, "received_kind", [(each, words(f"name.request-{each}")) for each in kinds().names]
        )
        choose(self, "sender_kind", [(each, words(f"name.office-{each}")) for each in OFFICES])
        choose(self, "received_letter", _exhibits(case))


class CheckForm(WordsForm):
    """What was looked at, question by question."""

    def __init__(self, *args: Any, held: Request, **kwargs: Any) -> None:
        """Ask the questions of its kind; the answers of the last check stand in them."""
        super().__init__(*args, **kwargs)
        made = checks_of(held)
        for each in questions(kinds().named(held.kind)):
            self.fields[each.id] = forms.ChoiceField(
                choices=[(one, words(f"name.incoming-answer-{one}")) for one in ANSWERS],
                initial=made.get(each.id, ANSWERS[-1]),
                label=words(f"name.incoming-{each.id}"),
                help_text=each.source,
            )


class EventForm(WordsForm):
    """What became of a request of others."""

    received_what = forms.ChoiceField()
    received_day = day()
    received_until = day()
    received_reason = text(1000, required=False, lines=2)
    received_exhibit = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, held: Request, case: Case, **kwargs: Any) -> None:
        """Offer what may follow; that it is acknowledged, the check records."""
        super().__init__(*args, **kwargs)
        allowed = [each for each in may_follow(held.events) if each is not What.ACKNOWLEDGED]
        choose(
            self,
            "received_what",
            [(each.value, words(f"name.request-event-{each}")) for each in allowed],
        )
        choose(self, "received_exhibit", _exhibits(case))


def _exhibits(case: Case) -> list[tuple[str, str]]:
    found = case.exhibits.order_by("-number")
    return [("", ""), *((f"E{each.number}", f"E{each.number} {each.title}") for each in found)]


@page("requests/received/", "requests_received", may=EVERYONE, within=_WITHIN)
def requests_received(request: HttpRequest) -> HttpResponse:
    """The requests of others, in the cases that one belongs to."""
    ids = case_ids_of(person_of(request))
    numbers = queries.case_numbers(set(ids))
    held = incoming(requests_of(unit_desk().ledger, *(CaseId(each) for each in ids)))
    title = Phrase("web.room.requests-received")
    if not held:
        return show(request, title, [empty("web.received.empty", url=reverse("cases"))])
    rows: list[tuple[Cell, ...]] = []
    for each in held:
        case, to = numbers[each.history.case], each.first.body["addressee"]
        url = _url(case, each)
        rows.append((
            link(url, each.label), f"C{case}", Phrase(f"name.request-{each.kind}"), to["office"],
            to["country"], each.first.body["received_on"],
            Phrase(f"name.request-state-{each.state}"),
        ))  # fmt: skip
    columns = (
        "due-request",
        "case",
        "received-kind",
        "sender",
        "sender-country",
        "received-on",
        "state",
    )
    return show(request, title, [table("web.received.requests", columns, rows)])


@page("cases/<str:case>/requests/received/new/", "request_receive", may=ACTING, of="case",
      methods=("GET", "POST"))  # fmt: skip
def request_receive(request: HttpRequest, case: Case) -> HttpResponse:
    """Register a request that came in; the letter itself enters as an exhibit first."""
    asked = ReceiptForm(request.POST or None, case=case)
    if request.method == "POST" and asked.is_valid():
        given, desk = asked.cleaned_data, unit_desk()
        with asked.telling():
            receipt = Receipt(
                given["received_kind"], given["sender"], given["sender_kind"],
                given["sender_country"].upper(), given["received_on"], given["received_answer_by"],
                given["received_reference"], given["received_urgency"], given["received_letter"],
            )  # fmt: skip
            held = receive_request(
                desk.ledger, desk.workspace, case=CaseId(case.id), receipt=receipt,
                by=desk.server(request),
            )  # fmt: skip
            messages.success(request, words("done.request-received", request=held.label))
            return redirect(_url(case.number, held))
    sections = [form("web.received.new", asked, submit="web.received.register",
                     text="web.received.new-text")]  # fmt: skip
    return show(request, Phrase("web.received.new"), sections, crumbs=crumbs(case))


_ONE = "cases/<str:case>/requests/received/<str:number>/"


@page(_ONE, "request_received", may=EVERYONE, of="case", sample=_SAMPLE)
def request_received(request: HttpRequest, case: Case, number: str) -> HttpResponse:
    """A request of others: what was checked, what is due, what became of it."""
    return _shown(request, case, _held(case, number))


@page(f"{_ONE}check/", "request_received_check", may=ACTING, of="case", methods=("POST",),
      sample=_SAMPLE)  # fmt: skip
def request_received_check(request: HttpRequest, case: Case, number: str) -> HttpResponse:
    """Record what was looked at; with it the request is acknowledged."""
    held = _held(case, number)
    asked, desk = CheckForm(request.POST, held=held), unit_desk()
    if asked.is_valid():
        with asked.telling():
            check_request(
                desk.ledger, case=CaseId(case.id), request=held.history.id,
                answers=asked.cleaned_data, by=desk.server(request),
            )  # fmt: skip
            return redirect(_url(case.number, held))
    return _shown(request, case, held, check=asked)


@page(f"{_ONE}event/", "request_received_event", may=ACTING, of="case", methods=("POST",),
      sample=_SAMPLE)  # fmt: skip
def request_received_event(request: HttpRequest, case: Case, number: str) -> HttpResponse:
    """Record what became of it: in execution, answered, refused and why."""
    held = _held(case, number)
    asked, desk = EventForm(request.POST, held=held, case=case), unit_desk()
    if asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            event = Event(
                What(given["received_what"]),
                now(),
                given["received_day"],
                given["received_until"],
                "",
                given["received_reason"],
            )
            record_request_event(
                desk.ledger, case=CaseId(case.id), request=held.history.id, event=event,
                exhibit=given["received_exhibit"], by=desk.server(request),
            )  # fmt: skip
            return redirect(_url(case.number, held))
    return _shown(request, case, held, event=asked)


def _held(case: Case, number: str) -> Request:
    held = request_named(unit_desk().ledger, CaseId(case.id), number[:40])
    if not held.history.is_incoming:
        raise RequestNotFound(name=number[:40])
    return held


def _url(case: int, held: Request) -> str:
    return reverse("request_received", kwargs={"case": case, "number": held.history.number})


def _shown(
    request: HttpRequest, case: Case, held: Request, *, check: CheckForm | None = None,
    event: EventForm | None = None,
) -> HttpResponse:  # fmt: skip
    allowed, acts, here = may_follow(held.events), person_of(request).acts, _url(case.number, held)
    may_check = acts and What.ACKNOWLEDGED in allowed
    sections = [*_answer(case, held), *_due(case, held), *([] if may_check else [_checked(held)])]
    sections += happened_sections(unit_desk(), case, held, ())
    if may_check:
        asked = check or CheckForm(held=held)
        sections.append(form("web.received.check", asked, submit="web.received.record-check",
                             text="web.received.check-text", action=f"{here}check/"))  # fmt: skip
    if acts and allowed:
        asked_of = event or EventForm(held=held, case=case)
        sections.append(form("web.received.event", asked_of, submit="web.received.record",
                             action=f"{here}event/"))  # fmt: skip
    title = Phrase("web.received.title", {"request": held.label})
    there = reverse("requests", kwargs={"case": case.number})
    way = crumbs(case, (there, Phrase("web.room.requests")))
    return show(request, title, sections, crumbs=way)


def _answer(case: Case, held: Request) -> list[Section]:
    """Who asks for what and where it stands, in sentences; then the facts of the letter."""
    body, missing = held.first.body, open_questions(held)
    to = body["addressee"]
    first = Phrase("web.received.answer", {
        "office": to["office"], "country": to["country"] or "?",
        "kind": Phrase(f"name.request-{held.kind}"),
        "state": Phrase(f"name.request-state-{held.state}"),
    })  # fmt: skip
    stands = Phrase("web.received.open", {"count": len(missing)})
    letter = next((each for each in case.exhibits.filter(id=body["exhibit"] or "")), None)
    shown: list[tuple[str, Cell]] = [
        ("sender", to["office"]),
        ("sender-kind", Phrase(f"name.office-{to['kind']}")),
        ("received-on", body["received_on"]),
        ("received-answer-by", body["until"]),
        ("received-reference", body["reference"]),
        ("received-urgency", body["urgency"]),
    ]
    if letter is not None:
        url = reverse("exhibit", kwargs={"case": case.number, "exhibit": letter.number})
        shown.append(("received-letter", link(url, f"E{letter.number} {letter.title}")))
    told = [first, stands if missing else Phrase("web.received.may-go")]
    return [said(told), facts("web.received.letter", [each for each in shown if each[1]])]


def _due(case: Case, held: Request) -> list[Section]:
    desk = unit_desk()
    due = due_of(desk.ledger, desk.workspace, [CaseId(case.id)], now())
    return due_sections([each for each in due if each.request.history.id == held.history.id])


def _checked(held: Request) -> Section:
    made = checks_of(held)
    rows: list[tuple[Cell, ...]] = [
        (
            Phrase(f"name.incoming-{each.id}"),
            Phrase(f"name.incoming-answer-{made.get(each.id, ANSWERS[-1])}"),
            each.source,
        )
        for each in questions(kinds().named(held.kind))
    ]
    return table("web.received.checks", ("check-question", "check-answer", "check-source"), rows)
