"""Participants: adults who take part, found, added, changed, joined, and forgotten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.people.alike import (
    Joined,
    Suggested,
    join_participants,
    joined_to,
    separate_participant,
    suggested_for,
)
from kancil.desk.programme.people.forgetting import forget_participant
from kancil.desk.programme.people.organisations import country_name
from kancil.desk.programme.people.participants import (
    PARTICIPANTS,
    add_participant,
    change_participant,
    took_part,
)
from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import render as words
from kancil.programme.vocabulary import (
    AgeBand,
    JoinReason,
    Part,
    Profession,
    RegistrationState,
    Sex,
)
from kancil.records.described import named
from kancil.web.acting import ActForm, today
from kancil.web.cells import (
    Section,
    button,
    facts,
    limits,
    link,
    note,
    number,
    show,
    table,
    tag,
    when,
)
from kancil.web.described import list_file, list_page
from kancil.web.meanwhile import laid_beside
from kancil.web.parts import Cell
from kancil.web.programme_page import OFFICERS, REGISTERING, page
from kancil.web.signed_in import person_of

from .forms import ForgetForm, JoinForm, ParticipantForm
from .organisations import way


def _consent(each: Any) -> Cell:
    if each.consent_on is None:
        return tag("warn", "web.prog-people.no-consent")
    return tag("intact", "web.prog-people.consented", day=each.consent_on.isoformat())


@page("participants/", "participants", may=REGISTERING, menu="site", order=22)
def all_participants(request: HttpRequest) -> HttpResponse:
    """Who takes part in activities, or those who are looked for."""
    desk = desk_of(person_of(request))
    beside = ["organisations"]
    if desk.may_write:
        beside += ["participants_twice", "participants_restricted"]
    buttons = [button(reverse(each), f"web.room.{each.replace('_', '-')}") for each in beside]
    cells = {"country": country_name, "consent_on": _consent}
    return list_page(request, PARTICIPANTS, desk, plural="participants", cells=cells,
                     may_add=True, may_file=desk.may_write, buttons=buttons)  # fmt: skip


@page("participants/participants.csv", "participants_file", may=OFFICERS)
def participants_file(request: HttpRequest) -> HttpResponse:
    """The same as a file; without consent neither name nor address leaves."""
    return list_file(request, PARTICIPANTS, desk_of(person_of(request)), plural="participants")


@page("participants/new/", "participant_new", may=REGISTERING, methods=("GET", "POST"))
def participant_new(request: HttpRequest) -> HttpResponse:
    """Add an adult who takes part."""
    person = person_of(request)
    asked = ParticipantForm.asked(request, desk=desk_of(person))
    if asked.is_ready:
        with asked.telling():
            made = add_participant(by=person, given=asked.typed)
            return redirect("participant", participant=made.pk)
    title = "web.list-participants.new"
    sections = [asked.section(title, text="web.list-participants.new-text")]
    return show(request, Phrase(title), sections, crumbs=way())


@page(
    "participants/<int:participant>/", "participant", may=REGISTERING, methods=("GET", "POST"),
    sample={"participant": 1},
)  # fmt: skip
def participant_page(request: HttpRequest, participant: int) -> HttpResponse:
    """One participant: what they took part in, their consent, and what is done."""
    person = person_of(request)
    desk = desk_of(person)
    row = PARTICIPANTS.row(desk, participant)
    forms: dict[str, ActForm] = {}
    same = suggested_for(desk, participant) if desk.may_write else []
    if desk.may_write:
        first = {"join_with": same[0].other.id, "join_reason": same[0].because} if same else {}
        forms["join"] = JoinForm.asked(request, initial=first)
        forms["forget"] = ForgetForm.asked(request, initial={"forget_asked_on": today()})
    for form in forms.values():
        if form.is_ready:
            with form.telling():
                return _carry_out(request, person, participant, form)
    if request.method == "POST" and request.POST.get("do", "").startswith("separate-"):
        separate_participant(by=person, participant=_number(request.POST["do"]))
        return redirect("participant", participant=participant)
    sections = [_about(row), *_took_part(desk, participant)]
    if desk.may_write:
        sections += [*_joined(joined_to(desk, participant)), *_suggested(same)]
    for name, form in forms.items():
        sections.append(
            form.section(f"web.prog-people.{name}", text=f"web.prog-people.{name}-text")
        )
    if desk.may_write:
        sections.append(limits([Phrase("web.prog-people.limit-texts"),
                                Phrase("web.prog-people.limit-backups")]))  # fmt: skip
    title = Phrase("web.prog-people.named", {"name": row.name})
    edit = reverse("participant_edit", kwargs={"participant": participant})
    buttons = [button(edit, "web.prog-people.change", main=True)]
    return show(request, title, sections, crumbs=way(), buttons=buttons)


@page(
    "participants/<int:participant>/edit/", "participant_edit", may=REGISTERING,
    methods=("GET", "POST"), sample={"participant": 1},
)  # fmt: skip
def participant_edit(request: HttpRequest, participant: int) -> HttpResponse:
    """Write a participant anew, and what they consented to."""
    person = person_of(request)
    desk = desk_of(person)
    row = PARTICIPANTS.row(desk, participant)
    asked = ParticipantForm.asked(request, desk=desk, stands=row)
    if asked.is_ready:
        with asked.telling():
            change_participant(by=person, on=participant, version=asked.seen, given=asked.typed)
            messages.success(request, words("web.prog-people.kept"))
            return redirect("participant", participant=participant)
    title = Phrase("web.prog-people.named", {"name": row.name})
    sections = laid_beside(request, asked)
    sections.append(asked.section("web.prog-people.change", text="web.prog-people.change-text"))
    return show(request, title, sections, crumbs=way())


def _number(act: str) -> int:
    digits = act.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


def _carry_out(request: HttpRequest, by: Person, number: int, form: ActForm) -> HttpResponse:
    given = form.cleaned_data
    match form:
        case JoinForm():
            because, stands = JoinReason(given["join_reason"]), given["join_with"]
            join_participants(by=by, participant=number, stands=stands, because=because)
            return redirect("participant", participant=stands)
        case _:
            until = forget_participant(by=by, participant=number, asked_on=given["forget_asked_on"])
            key = "restricted" if until else "forgotten"
            day = until.isoformat() if until else ""
            messages.success(request, words(f"web.prog-people.{key}", day=day))
            return redirect("participants")


def _about(row: Any) -> Section:
    return facts(
        "web.prog-people.about",
        [
            ("number", str(row.id)),
            ("country", country_name(row)),
            ("person-organisation", row.organisation.name if row.organisation else "–"),
            ("person-office", row.office or "–"),
            ("person-email", row.email or "–"),
            ("person-role", named(Profession(row.role))),
            ("person-sex", named(Sex(row.sex))),
            ("person-age", named(AgeBand(row.age_band))),
            ("person-consent", _consent(row)),
            ("person-consent-to", row.consent_to or "–"),
            ("added-by", row.by.name),
            ("added-at", when(row.at)),
        ],
    )


def _took_part(desk: Desk, number_: int) -> list[Section]:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("activity", kwargs={"activity": each.activity}), each.title),
            each.begins_on.isoformat(),
            named(Part(each.part)),
            named(RegistrationState(each.state)),
            number(each.days_attended) if each.days_attended else
            Phrase("web.prog-people.attended") if each.attended else "–",
        )
        for each in took_part(desk, number_)
    ]  # fmt: skip
    columns = ("person-activity", "person-day", "part", "state", "person-days>")
    return [table("web.prog-people.took-part", columns, rows)] if rows else []


def _joined(rows: list[Joined]) -> list[Section]:
    found: list[Section] = []
    for each in rows:
        said: dict[str, Param] = {
            "name": each.name, "number": each.id, "by": each.by,
                "because": named(JoinReason(each.because))}  # fmt: skip
        form = _Separate(each.id)
        found.append({
            "kind": "form", "heading": Phrase("web.prog-people.joined"), "form": form,
            "text": Phrase("web.prog-people.joined-text", said), "keep": "", "action": "",
            "submit": Phrase("web.prog-people.separate"), "also": (), "is_multipart": False,
        })  # fmt: skip
    return found


class _Separate(ActForm):
    """The button that takes a row for a person of its own again."""

    def __init__(self, id: int) -> None:
        self.act = f"separate-{id}"  # type: ignore[misc]  # one a row
        super().__init__()


def _suggested(rows: list[Suggested]) -> list[Section]:
    if not rows:
        return []
    columns = ("number", "name", "person-organisation", "person-why-same")
    cells: list[tuple[Cell, ...]] = [
        (
            str(each.other.id),
            link(reverse("participant", kwargs={"participant": each.other.id}), each.other.name),
            each.other.organisation.name if each.other.organisation else "–",
            named(each.because),
        )
        for each in rows
    ]
    return [
        note("info", "web.prog-people.suggested", count=len(rows)),
        table("web.prog-people.same-perhaps", columns, cells),
    ]
