"""Participants: adults who take part, found, added, changed, joined, and forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.people.queries import Person
from kancil.desk.programme.access import Desk
from kancil.desk.programme.actions.forgetting import forget_participant
from kancil.desk.programme.actions.people import (
    add_participant,
    change_participant,
    join_participants,
    separate_participant,
)
from kancil.desk.programme.queries.entering import desk_of
from kancil.desk.programme.queries.participants import (
    Joined,
    ParticipantRow,
    Suggested,
    Wanted,
    count_participants,
    joined_to,
    leaving_participants,
    participant,
    participants,
    suggested_for,
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
    named,
)
from kancil.web.assessment.acting import ActForm, today
from kancil.web.assessment.tables import csv_answer
from kancil.web.cells import (
    Section,
    asking,
    button,
    empty,
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
from kancil.web.parts import Cell
from kancil.web.programme.meanwhile import laid_beside
from kancil.web.programme_page import OFFICERS, REGISTERING, page
from kancil.web.signed_in import person_of

from .forms import ForgetForm, JoinForm, ParticipantForm, PeopleFilter, participant_as_typed
from .organisations import way

_ROWS = 20
_FILE_COLUMNS = (
    "number", "name", "country", "organisation", "office", "email", "role", "sex", "age_band",
    "consent_on", "consent_to",
)  # fmt: skip


@page("participants/", "participants", may=REGISTERING, menu="site", order=22)
def all_participants(request: HttpRequest) -> HttpResponse:
    """Who takes part in activities, or those who are looked for."""
    person = person_of(request)
    desk = desk_of(person)
    asked = PeopleFilter(request.GET or None, person=person, desk=desk)
    wanted = _wanted(asked)
    count = count_participants(desk, wanted)
    buttons = [
        button(reverse("participant_new"), "web.prog-people.new", main=True),
        button(reverse("organisations"), "web.room.organisations"),
    ]
    if desk.may_write:
        buttons += [
            button(reverse("participants_twice"), "web.room.participants-twice"),
            button(reverse("participants_restricted"), "web.room.participants-restricted"),
        ]
    title = Phrase("web.room.participants")
    if not count and wanted == Wanted():
        return show(request, title, [empty("web.prog-people.nobody", url=buttons[0]["url"])],
                    buttons=buttons)  # fmt: skip
    find = asking("web.prog-people.find", asked, submit="web.prog-people.find-do")
    if not count:
        none = empty("web.prog-people.none-fitting", url=reverse("participants"), icon="search")
        return show(request, title, [find, none], buttons=buttons)
    pages = Paginator(range(count), _ROWS).get_page(request.GET.get("page"))
    rows = participants(desk, wanted, pages.start_index() - 1, _ROWS)
    kept = request.GET.copy()
    kept.pop("page", None)
    listed = {
        **table("web.prog-people.found", _COLUMNS, [_cells(each) for each in rows], pages=pages),
        "heading": Phrase("web.prog-people.found", {"count": count}),
        "query": f"{kept.urlencode()}&" if kept else "",
    }
    if desk.may_write:
        there = f"{reverse('participants_file')}?{kept.urlencode()}"
        listed["more"] = {"url": there, "text": Phrase("web.prog-people.file")}
    return show(request, title, [find, listed], buttons=buttons)


_COLUMNS = (
    "name", "country", "person-organisation", "person-office", "person-role", "person-consent",
)  # fmt: skip


def _cells(each: ParticipantRow) -> tuple[Cell, ...]:
    return (
        link(reverse("participant", kwargs={"number": each.id}), each.name),
        each.country_name or "–",
        each.organisation_name or "–",
        each.office or "–",
        named(Profession(each.role)),
        _consent(each),
    )


def _consent(each: ParticipantRow) -> Cell:
    if each.consent_on is None:
        return tag("warn", "web.prog-people.no-consent")
    return tag("intact", "web.prog-people.consented", day=each.consent_on.isoformat())


def _wanted(asked: PeopleFilter) -> Wanted:
    if not (asked.is_bound and asked.is_valid()):
        return Wanted()
    given = asked.cleaned_data
    return Wanted(
        given["person_text"],
        given.get("person_country", ""),
        given["person_organisation"],
        given["person_role"],
        given["person_sort"] or "name",
    )


@page("participants/participants.csv", "participants_file", may=OFFICERS)
def participants_file(request: HttpRequest) -> HttpResponse:
    """The same as a file; without consent neither name nor address leaves."""
    person = person_of(request)
    desk = desk_of(person)
    wanted = _wanted(PeopleFilter(request.GET or None, person=person, desk=desk))
    rows = [_file_row(each) for each in leaving_participants(desk, wanted)]
    return csv_answer("participants", _FILE_COLUMNS, rows)


def _file_row(each: ParticipantRow) -> list[str | int | None]:
    consent = each.consent_on.isoformat() if each.consent_on else ""
    return [
        each.id, each.name, each.country, each.organisation_name, each.office, each.email,
        each.role, each.sex, each.age_band, consent, each.consent_to,
    ]  # fmt: skip


@page("participants/new/", "participant_new", may=REGISTERING, methods=("GET", "POST"))
def participant_new(request: HttpRequest) -> HttpResponse:
    """Add an adult who takes part."""
    person = person_of(request)
    asked = ParticipantForm.asked(request, person=person, desk=desk_of(person))
    if asked.is_ready:
        with asked.telling():
            made = add_participant(by=person, draft=asked.draft())
            return redirect("participant", number=made)
    title = "web.prog-people.new"
    sections = [asked.section(title, text="web.prog-people.new-text")]
    return show(request, Phrase(title), sections, crumbs=way())


@page(
    "participants/<int:number>/", "participant", may=REGISTERING, methods=("GET", "POST"),
    sample={"number": 1},
)  # fmt: skip
def participant_page(request: HttpRequest, number: int) -> HttpResponse:
    """One participant: what they took part in, their consent, and what is done."""
    person = person_of(request)
    desk = desk_of(person)
    row = participant(desk, number)
    forms: dict[str, ActForm] = {}
    same = suggested_for(desk, number) if desk.may_write else []
    if desk.may_write:
        first = {"join_with": same[0].other.id, "join_reason": same[0].because} if same else {}
        forms["join"] = JoinForm.asked(request, initial=first)
        forms["forget"] = ForgetForm.asked(request, initial={"forget_asked_on": today()})
    for form in forms.values():
        if form.is_ready:
            with form.telling():
                return _carry_out(request, person, number, form)
    if request.method == "POST" and request.POST.get("do", "").startswith("separate-"):
        separate_participant(by=person, participant=_number(request.POST["do"]))
        return redirect("participant", number=number)
    sections = [_about(row), *_took_part(desk, number)]
    if desk.may_write:
        sections += [*_joined(joined_to(desk, number)), *_suggested(same)]
    for name, form in forms.items():
        sections.append(
            form.section(f"web.prog-people.{name}", text=f"web.prog-people.{name}-text")
        )
    if desk.may_write:
        sections.append(limits([Phrase("web.prog-people.limit-texts"),
                                Phrase("web.prog-people.limit-backups")]))  # fmt: skip
    title = Phrase("web.prog-people.named", {"name": row.name})
    edit = reverse("participant_edit", kwargs={"number": number})
    buttons = [button(edit, "web.prog-people.change", main=True)]
    return show(request, title, sections, crumbs=way(), buttons=buttons)


@page(
    "participants/<int:number>/edit/", "participant_edit", may=REGISTERING,
    methods=("GET", "POST"), sample={"number": 1},
)  # fmt: skip
def participant_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Write a participant anew, and what they consented to."""
    person = person_of(request)
    desk = desk_of(person)
    row = participant(desk, number)
    given = participant_as_typed(row)
    asked = ParticipantForm.asked(request, person=person, desk=desk, initial=given)
    if asked.is_ready:
        with asked.telling():
            change_participant(by=person, participant=number, draft=asked.draft(),
                               version=asked.cleaned_data["version"] or 0)  # fmt: skip
            messages.success(request, words("web.prog-people.kept"))
            return redirect("participant", number=number)
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
            return redirect("participant", number=stands)
        case _:
            until = forget_participant(by=by, participant=number, asked_on=given["forget_asked_on"])
            key = "restricted" if until else "forgotten"
            day = until.isoformat() if until else ""
            messages.success(request, words(f"web.prog-people.{key}", day=day))
            return redirect("participants")


def _about(row: ParticipantRow) -> Section:
    return facts(
        "web.prog-people.about",
        [
            ("number", str(row.id)),
            ("country", row.country_name or Phrase("web.prog-people.international")),
            ("person-organisation", row.organisation_name or "–"),
            ("person-office", row.office or "–"),
            ("person-email", row.email or "–"),
            ("person-role", named(Profession(row.role))),
            ("person-sex", named(Sex(row.sex))),
            ("person-age", named(AgeBand(row.age_band))),
            ("person-consent", _consent(row)),
            ("person-consent-to", row.consent_to or "–"),
            ("added-by", row.by),
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
            link(reverse("participant", kwargs={"number": each.other.id}), each.other.name),
            each.other.organisation_name or "–",
            named(each.because),
        )
        for each in rows
    ]
    return [
        note("info", "web.prog-people.suggested", count=len(rows)),
        table("web.prog-people.same-perhaps", columns, cells),
    ]
