"""Who works on a round: its team and the areas of each, respondents, its record, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import PARTS, Sight
from kancil.desk.assessment.actions.rounds import Member, add_respondent, set_team
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.rounds import MemberRow, acts, require, round_of
from kancil.desk.assessment.queries.site import Part
from kancil.desk.base.errors import PersonNotFound
from kancil.desk.people.queries import Person, Role, people
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.assessment.site.protocols import said
from kancil.web.assessment.site.record import act_table, older_than, page_before
from kancil.web.cells import Section, choosing, empty, form, link, show
from kancil.web.forms import WordsForm, choose, text
from kancil.web.parts import Cell, Choice
from kancil.web.programme_page import READING, TEAMS, page
from kancil.web.signed_in import person_of

from .rounds import OPENING, owes_in_words, respondents_of, way

_ACTS = 25


@page(
    "rounds/<str:round>/team/", "round_team", may=OPENING, of="round", methods=("GET", "POST"),
    menu="round", order=80,
)  # fmt: skip
def round_team(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Who is in the team, and as what."""
    require(sight.may_run, sight)
    now = {each.person: each for each in round_of(sight).team}
    asked = _TeamForm(request.POST or None, now=now)
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            set_team(by=person_of(request), round=sight.round, members=asked.members(now))
            messages.success(request, words("web.round.team-set"))
            return redirect("round_team", round=sight.round)
    title = Phrase("web.room.round-team")
    if not asked.fields:
        there = reverse("person_new") if sight.is_officer else ""
        return show(request, title, [empty("web.round.no-people", url=there)], crumbs=way(sight))
    return show(request, title, [_choosing(sight, asked, now)], crumbs=way(sight))


def _choosing(sight: Sight, asked: _TeamForm, now: Mapping[int, MemberRow]) -> Section:
    """Show everybody who may be in the team, the part of each in it, and what each owes."""
    rows: list[tuple[Cell, ...]] = []
    for each in asked.accounts:
        name = f"part_{each.pk}"
        owes: Cell = "–"
        change: Cell = "–"
        member = now.get(each.pk)
        if member is not None:
            owes = owes_in_words(sight, member.part, member.areas)
        if member is not None and member.part is not Part.REVIEWER:
            given = {"round": sight.round, "number": each.pk}
            change = link(reverse("round_areas", kwargs=given), Phrase("web.round.change-areas"))
        rows.append(
            (
                each.name,
                Phrase(f"web.role.{each.role}"),
                Choice(
                    name,
                    Phrase("web.round.part-of", {"name": each.name}),
                    [
                        ("", Phrase("web.part.none")),
                        *((one.value, Phrase(f"web.part.{one.value}")) for one in Part
                          if one in PARTS[Role(each.role)]),
                    ],
                    str(asked[name].value() or ""),
                ),
                owes,
                change,
            )
        )  # fmt: skip
    return choosing(
        "web.round.set-team",
        ("name", "role", "part", "areas", "change"),
        rows,
        submit="web.round.set-team",
        text=Phrase("web.round.team-text"),
        fields=_faults_of(asked),
    )


def _faults_of(asked: forms.Form) -> forms.Form | None:
    """A form that has nothing but the faults of another, whose fields stand in a table."""
    if not asked.errors:
        return None
    shown = WordsForm({})
    for faults in asked.errors.values():
        for fault in faults:
            shown.add_error(None, fault)
    return shown


class _TeamForm(WordsForm):
    """A part in the team, or none, for each account that may have one."""

    def __init__(self, *args: Any, now: Mapping[int, MemberRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts: list[Person] = []
        for each in people():
            parts = PARTS.get(Role(each.role), frozenset())
            if not parts or not (each.is_active or each.pk in now):
                continue
            self.accounts.append(each)
            choices = [("", words("web.part.none"))]
            choices += [(part.value, words(f"web.part.{part.value}")) for part in Part
                        if part in parts]  # fmt: skip
            self.fields[f"part_{each.pk}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                label=each.name,
                initial=now[each.pk].part.value if each.pk in now else "",
                error_messages={"invalid_choice": words("web.form.no-choice")},
            )

    def members(self, now: Mapping[int, MemberRow]) -> list[Member]:
        """Who was chosen; areas that somebody owes already stay theirs."""
        found = []
        for name, part in self.cleaned_data.items():
            if part:
                person = int(name.removeprefix("part_"))
                areas = now[person].areas if person in now else ()
                found.append(Member(person, Part(part), areas))
        return found


class _AreasForm(WordsForm):
    """The areas of each protocol that somebody owes answers for."""

    def __init__(
        self, *args: Any, asked: Iterable[Protocol], now: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        hers = list(now)
        self.names: dict[str, str] = {}
        for place, each in enumerate(asked):
            tops = [area for area in each.areas.values() if area.parent is None]
            below = [area for area in each.areas.values() if area.parent is not None]
            chosen = [one for one in hers if one.partition(":")[0] == each.name]
            extra = [one for one in below if f"{each.name}:{one.id}" in chosen]
            self.names[f"areas_{place}"] = each.name
            self.fields[f"areas_{place}"] = forms.MultipleChoiceField(
                choices=[(f"{each.name}:{one.id}", said(one.title)) for one in [*tops, *extra]],
                required=False,
                label=said(each.title),
                initial=chosen,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": words("web.form.no-choice")},
            )

    def chosen(self) -> tuple[str, ...]:
        """The areas that were ticked, of all protocols."""
        return tuple(one for name in self.names for one in self.cleaned_data[name])


@page(
    "rounds/<str:round>/team/<int:number>/", "round_areas", may=OPENING, of="round",
    methods=("GET", "POST"), sample={"number": 1},
)  # fmt: skip
def round_areas(request: HttpRequest, sight: Sight, number: int) -> HttpResponse:
    """Which areas somebody of the team owes answers for."""
    require(sight.may_run, sight)
    team = round_of(sight).team
    found = next((each for each in team if each.person == number), None)
    if found is None or found.part is Part.REVIEWER:
        raise PersonNotFound(name=str(number)[:20])
    asked = _AreasForm(request.POST or None, asked=protocols_in(sight), now=found.areas)
    # A form without a tick sends nothing but its token, and means: all areas.
    if request.method == "POST" and asked.is_valid():
        members = [
            Member(each.person, each.part, asked.chosen() if each is found else each.areas)
            for each in team
        ]
        with asked.telling():
            set_team(by=person_of(request), round=sight.round, members=members)
            messages.success(request, words("web.round.areas-set", name=found.name))
            return redirect("round_team", round=sight.round)
    title = Phrase("web.round.areas-of", {"name": found.name})
    there = reverse("round_team", kwargs={"round": sight.round})
    crumbs = [*way(sight), {"url": there, "name": Phrase("web.room.round-team")}]
    one = form("web.round.areas-of", asked, submit="web.round.set-areas",
               text="web.round.areas-text")  # fmt: skip
    return show(request, title, [{**one, "heading": title}], crumbs=crumbs)


class RespondentForm(WordsForm):
    """An institution that answers."""

    organisation = text(200)
    sector = forms.ChoiceField(choices=())
    office = text(200, required=False)


@page(
    "rounds/<str:round>/respondents/", "round_respondents", may=READING, of="round",
    methods=("GET", "POST"), menu="round", order=85,
)  # fmt: skip
def round_respondents(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Show the institutions that answer, and add one."""
    may = (sight.may_run or sight.may_answer) and sight.is_open
    asked = RespondentForm(request.POST or None)
    sectors = {
        name: said(each.title)
        for protocol in protocols_in(sight)
        for name, each in protocol.sectors.items()
    }
    choose(asked, "sector", [("", words("web.form.choose")), *sectors.items()])
    if request.method == "POST":
        require(may, sight)
        if asked.is_valid():
            with asked.telling():
                add_respondent(by=person_of(request), round=sight.round, **asked.cleaned_data)
                messages.success(request, words("web.round.respondent-added"))
                return redirect("round_respondents", round=sight.round)
    there = round_of(sight).respondents
    sections: list[Section] = [respondents_of(sight, there)] if there or not may else []
    if may:
        key = "web.round.add-respondent"
        sections.append(form(key, asked, submit=key, text="web.round.respondent-text"))
    return show(request, Phrase("web.room.round-respondents"), sections, crumbs=way(sight))


@page("rounds/<str:round>/record/", "round_record", may=TEAMS, of="round", menu="round", order=95)
def round_record(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Who did what in a round, the newest first."""
    before = page_before(request)
    found = acts(sight, most=_ACTS + 1, before=before)
    sections: list[Section] = [act_table("web.round.record", found[:_ACTS])]
    if not found:
        sections = [empty("web.record.none")]
    if len(found) > _ACTS:
        sections[0]["more"] = older_than(found[_ACTS - 1])
    lead = Phrase("web.round.record-lead")
    title = Phrase("web.room.round-record")
    return show(request, title, sections, crumbs=way(sight), lead=lead)
