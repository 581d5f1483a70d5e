"""Rounds: which there are for me, how far one is and who owes what, and all it asks.

Its team, its respondents, its record and its end stand in `teams`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.export import RespondentSaid
from kancil.assessment.protocol import Protocol
from kancil.desk.assessment.access import Sight, may_open_round
from kancil.desk.assessment.actions.rounds import open_round
from kancil.desk.assessment.kept_protocols import protocol_in, protocols_in
from kancil.desk.assessment.queries.answers import Progress, progress_of_all
from kancil.desk.assessment.queries.countries import CountryRow, countries
from kancil.desk.assessment.queries.rounds import (
    MemberRow,
    RoundRow,
    RoundView,
    round_of,
    rounds,
)
from kancil.desk.assessment.queries.site import Part, kept_protocols
from kancil.desk.base.opening import day_of
from kancil.desk.people.queries import Person, Role
from kancil.ground.days import span
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import today
from kancil.web.assessment.places import offer_regions
from kancil.web.assessment.site.home import round_state, round_table
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import (
    Section,
    asking,
    button,
    empty,
    facts,
    link,
    note,
    number,
    show,
    table,
)
from kancil.web.cells import form as form_section
from kancil.web.forms import WordsForm, choose, day, text
from kancil.web.parts import Cell, Done
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

from .voice import voice_here

OPENING = frozenset({Role.PROGRAMME_OFFICER, Role.TEAM_LEAD})
_ROWS = 50


_STATES: Mapping[str, Callable[[RoundRow, date], bool]] = {
    "open": lambda row, _: row.closed_at is None,
    "period-over": lambda row, day: row.closed_at is None and row.period_to < day,
    "closed": lambda row, _: row.closed_at is not None,
}
"""By which states rounds are looked for."""


class FilterForm(WordsForm):
    """Which rounds are looked for."""

    in_region = forms.ChoiceField(choices=(), required=False)
    in_country = forms.ChoiceField(choices=(), required=False)
    round_state = forms.ChoiceField(choices=(), required=False)
    with_protocol = forms.ChoiceField(choices=(), required=False)

    def __init__(
        self, *args: Any, mine: list[RoundRow], known: Mapping[str, CountryRow], **kwargs: Any
    ) -> None:
        """Offer what there is among the rounds that a person sees; `known`: countries by code."""
        super().__init__(*args, **kwargs)
        self._known = known
        offer_regions(self, [known[row.country] for row in mine if row.country in known])
        any_ = ("", words("web.round.any"))
        there = sorted({(row.country, row.country_name) for row in mine}, key=lambda one: one[1])
        used = sorted({name for row in mine for name in row.protocols})
        states = [(name, words(f"web.round.{name}")) for name in _STATES]
        choose(self, "in_country", [any_, *there])
        choose(self, "round_state", [any_, *states])
        choose(self, "with_protocol", [any_, *((each, each) for each in used)])

    def fitting(self, mine: list[RoundRow]) -> list[RoundRow]:
        """The rounds that were looked for."""
        asked = self.cleaned_data
        name, day = asked.get("in_region", ""), today()
        return [
            row
            for row in mine
            if asked["in_country"] in ("", row.country)
            and (not name or name == self._known[row.country].region)
            and (not asked["round_state"] or _STATES[asked["round_state"]](row, day))
            and (not asked["with_protocol"] or asked["with_protocol"] in row.protocols)
        ]


@page("rounds/", "rounds", may=READING, menu="site", order=20)
def all_rounds(request: HttpRequest) -> HttpResponse:
    """Every round that I see, or those that are looked for."""
    person = person_of(request)
    mine = rounds(person)
    title = Phrase("web.room.rounds")
    may_open = may_open_round(person)
    there = reverse("round_new") if may_open else ""
    if not mine:
        return show(request, title, [empty("web.round.none" if there else "web.round.none-mine",
                                           url=there)])  # fmt: skip
    known = {row.code: row for row in countries(person)}
    asked = FilterForm(request.GET or None, mine=mine, known=known)
    found = asked.fitting(mine) if asked.is_bound and asked.is_valid() else mine
    buttons = [button(there, "web.round.new", main=True)] if there else []
    sections: list[Section] = []
    if len(mine) > 1:
        sections.append(asking("web.round.look-for", asked, submit="web.round.look"))
    if not found:
        sections.append(empty("web.round.none-fitting", url=reverse("rounds"), icon="search"))
        return show(request, title, sections, buttons=buttons)
    pages = Paginator(found, _ROWS).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    one = {
        **round_table(list(pages)),
        "pages": pages,
        "query": f"{kept.urlencode()}&" if kept else "",
    }
    return show(request, title, [*sections, one], buttons=buttons)


class RoundForm(WordsForm):
    """A new round."""

    country = forms.ChoiceField(choices=())
    round_title = text(200)
    round_scope = text(2000, required=False, lines=3)
    period_from = day(required=True)
    period_to = day(required=True)
    protocols = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple)
    round_instruments = forms.MultipleChoiceField(
        choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    older_round = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        """Offer the countries and rounds that a person sees, and the protocols of the site."""
        super().__init__(*args, **kwargs)
        older = [
            (row.id, f"{row.country_name}: {row.title} ({span(row.period_from, row.period_to)})")
            for row in rounds(person)
        ]
        kept = [each.protocol for each in kept_protocols()]
        there = [(row.code, row.name) for row in countries(person)]
        choose(self, "country", [("", words("web.form.choose")), *there])
        named = [(each.name, f"{said(each.title)} ({each.version})") for each in kept]
        choose(self, "protocols", named)
        treaties = {id: said(one.short) for each in kept for id, one in each.instruments.items()}
        choose(self, "round_instruments", list(treaties.items()))
        if not treaties:
            del self.fields["round_instruments"]
        choose(self, "older_round", [("", words("web.round.no-older")), *older])


@page("rounds/new/", "round_new", may=OPENING, methods=("GET", "POST"))
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round on one or more protocols of this site."""
    person = person_of(request)
    crumbs = [{"url": reverse("rounds"), "name": Phrase("web.room.rounds")}]
    lacking = _lacking(person)
    if lacking:
        return show(request, Phrase("web.round.new"), lacking, crumbs=crumbs)
    first = {"country": request.GET.get("country", "")}
    asked = RoundForm(request.POST or None, person=person, initial=first)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        with asked.telling():
            opened = open_round(
                by=person,
                country=given["country"],
                title=given["round_title"].strip(),
                scope=given["round_scope"].strip(),
                period_from=given["period_from"],
                period_to=given["period_to"],
                protocols=given["protocols"],
                older=given["older_round"] or None,
                instruments=given.get("round_instruments") or (),
            )
            return redirect("round_team", round=opened)
    sections = [
        form_section("web.round.new", asked, submit="web.round.open-do", text="web.round.new-text")
    ]
    return show(request, Phrase("web.round.new"), sections, crumbs=crumbs)


def _lacking(person: Person) -> list[Section]:
    """What has to be there before a round can be opened."""
    if not countries(person):
        there = reverse("country_new") if person.role == Role.PROGRAMME_OFFICER else ""
        return [empty("web.round.needs-country" if there else "web.round.needs-a-team", url=there)]
    if not kept_protocols():
        there = reverse("protocol_new") if person.role == Role.PROGRAMME_OFFICER else ""
        return [empty("web.round.needs-protocol", url=there)]
    return []


def way(sight: Sight, *further: Protocol) -> list[dict[str, Any]]:
    """The steps above a page of a round."""
    given = {"round": sight.round}
    found: list[dict[str, Any]] = [
        {"url": reverse("rounds"), "name": Phrase("web.room.rounds")},
        {"url": reverse("round", kwargs=given), "name": sight.title},
    ]
    for each in further:
        there = reverse("questions", kwargs={**given, "protocol": each.name})
        found.append({"url": there, "name": said(each.title)})
    return found


@page("rounds/<str:round>/", "round", may=READING, of="round", menu="round", order=0)
def overview(request: HttpRequest, sight: Sight) -> HttpResponse:
    """A round: its team, how far each area is, and who owes what."""
    view = round_of(sight)
    far = progress_of_all(sight)
    older = next(
        (row for row in rounds(person_of(request), sight.country) if row.id == view.row.older), None
    )
    sections = [*_to_do(sight, view, far), *voice_here(sight, view.row.period_to)]
    sections.append(_about(sight, view.row, far, older))
    sections.append(_protocols(sight, far))
    if any(each.people for _, each in far):
        sections.append(_owed(sight, far))
    sections += [_areas(sight, asked, each, is_open=len(far) == 1) for asked, each in far]
    if sight.sees_answers:
        sections.append(_team(sight, list(view.team)))
    sections.append(respondents_of(sight, view.respondents))
    title = Phrase("web.round.title", {"title": sight.title, "country": view.row.country_name})
    return show(request, title, sections, crumbs=way(sight)[:1], buttons=_buttons(sight))


def _buttons(sight: Sight) -> list[dict[str, Any]]:
    if not (sight.is_lead and sight.is_open):
        return []
    return [button(reverse("round_close", kwargs={"round": sight.round}), "web.round.close")]


def _to_do(
    sight: Sight, view: RoundView, far: Iterable[tuple[Protocol, Progress]]
) -> list[Section]:
    """Above all what comes next for whoever looks."""
    if not sight.is_open:
        closed = view.row.closed_at
        closed_on = day_of(closed).isoformat() if closed else ""
        return [note("info", "web.round.closed-note", day=closed_on)]
    if not any(each.part.value == "lead" for each in view.team):
        there = reverse("round_team", kwargs={"round": sight.round}) if sight.may_run else ""
        return [note("warn", "web.round.no-team", url=there, do="web.room.round-team")]
    for asked, each in far:
        mine = next((one for one in each.people if one.person == sight.person), None)
        if sight.may_answer and mine is not None and mine.missing:
            first = {"round": sight.round, "protocol": asked.name, "indicator": mine.missing[0]}
            there = reverse("question", kwargs=first)
            do = "web.home.answer-next" if mine.given else "web.round.answer-first"
            left = sum(
                len(one.missing)
                for _, every in far
                for one in every.people
                if one.person == sight.person
            )
            return [note("info", "web.round.you-owe", url=there, do=do, count=left)]
    return []


def _about(
    sight: Sight,
    row: RoundRow,
    far: list[tuple[Protocol, Progress]],
    older: RoundRow | None,
) -> Section:
    asked = sum(area.asked for _, each in far for area in each.areas)
    answered = sum(area.answered for _, each in far for area in each.areas)
    disputed = sum(area.disputed for _, each in far for area in each.areas)
    there = reverse("country", kwargs={"country": row.country})
    told: list[tuple[str, Cell]] = [
        ("country", link(there, row.country_name)),
        ("period", span(row.period_from, row.period_to)),
        ("state", round_state(row)),
        ("answered", Done(answered, asked)),
    ]
    if disputed:
        disputes = reverse("disputes", kwargs={"round": sight.round})
        is_own = sight.sees_answers
        told.append(("disputed", link(disputes, str(disputed)) if is_own else str(disputed)))
    if older is not None:
        before = reverse("round", kwargs={"round": older.id})
        told.append(("older-round", link(before, older.title)))
    elif row.older is not None:
        told.append(("older-round", Phrase("web.round.older-unseen")))
    told.append(("round-scope", row.scope or "–"))
    return facts("web.round.about", told)


def _protocols(sight: Sight, far: Iterable[tuple[Protocol, Progress]]) -> Section:
    """How far the round is with each protocol."""
    rows: list[tuple[Cell, ...]] = []
    for asked, found in far:
        there = reverse("questions", kwargs={"round": sight.round, "protocol": asked.name})
        areas = found.areas
        rows.append(
            (
                link(there, said(asked.title)),
                Done(sum(each.answered for each in areas), sum(each.asked for each in areas)),
                number(sum(each.agreed for each in areas)),
                number(sum(each.alone for each in areas)),
                _disputed(sight, there, sum(each.disputed for each in areas)),
            )
        )
    columns = ("protocol", "answered", "agreed>", "alone>", "disputed>")
    return table("web.round.progress", columns, rows)


def _disputed(sight: Sight, questions: str, count: int) -> Cell:
    """Count disputes; to the country with the way to which questions they are, and no more."""
    if sight.sees_answers or not count:
        return number(count)
    return link(f"{questions}?only=disputed", str(count))


def _areas(sight: Sight, asked: Protocol, far: Progress, *, is_open: bool) -> Section:
    """How far each area of a protocol is, folded where there are several protocols."""
    there = reverse("questions", kwargs={"round": sight.round, "protocol": asked.name})
    rows: list[tuple[Cell, ...]] = [
        (
            link(f"{there}#{each.area}", said(asked.areas[each.area].title)),
            Done(each.answered, each.asked),
            number(each.agreed),
            number(each.alone),
            number(each.disputed),
        )
        for each in far.areas
    ]
    columns = ("area", "answered", "agreed>", "alone>", "disputed>")
    return {
        **table("web.round.areas", columns, rows),
        "kind": "folded",
        "is_open": is_open,
        "heading": Phrase("web.round.areas-in", {"title": said(asked.title)}),
        "more": {"url": there, "text": Phrase("web.round.questions")},
    }


def _owed(sight: Sight, far: Iterable[tuple[Protocol, Progress]]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for asked, found in far:
        for each in found.people:
            if not each.owed:
                continue
            next_one: Cell = "–"
            if each.missing and each.person == sight.person and sight.may_answer:
                first = {"round": sight.round, "protocol": asked.name, "indicator": each.missing[0]}
                there = reverse("question", kwargs=first)
                next_one = link(there, Phrase("web.home.answer-next"))
            left = number(len(each.missing))
            rows.append((each.name, said(asked.title), Done(each.given, each.owed), left, next_one))
    columns: tuple[str, ...] = ("name", "protocol", "given", "owed>", "next")
    if not sight.may_answer:
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return table("web.round.owed", columns, rows)


def _team(sight: Sight, team: list[MemberRow]) -> Section:
    if not team:
        there = reverse("round_team", kwargs={"round": sight.round}) if sight.may_run else ""
        return empty("web.round.empty-team", url=there, icon="person")
    rows: list[tuple[Cell, ...]] = [
        (
            each.name,
            Phrase(f"web.part.{each.part.value}"),
            owes_in_words(sight, each.part, each.areas),
        )
        for each in team
    ]
    return table("web.round.team", ("name", "part", "areas"), rows)


def owes_in_words(sight: Sight, part: Part, areas: Iterable[str]) -> str | Phrase:
    """What somebody owes: the areas named for them, `protocol:area` each, or what none means."""
    named = []
    for each in areas:
        protocol, _, area = each.partition(":")
        if protocol in sight.protocols:
            asked = protocol_in(sight, protocol)
            found = asked.areas.get(area)
            named.append(f"{said(asked.title)}: {said(found.title) if found else area}")
    none = {Part.REVIEWER: "web.part.no-answers", Part.LEAD: "web.part.lead-answers"}
    if part is Part.REVIEWER or not named:
        return Phrase(none.get(part, "web.part.all"))
    return "; ".join(named)


def respondents_of(sight: Sight, respondents: Iterable[RespondentSaid]) -> Section:
    """Show the institutions that answer in a round."""
    names = {
        name: said(each.title)
        for asked in protocols_in(sight)
        for name, each in asked.sectors.items()
    }
    rows: list[tuple[Cell, ...]] = [
        (each.organisation, names.get(each.sector, each.sector), each.office or "–")
        for each in respondents
    ]
    if not rows:
        may = (sight.may_run or sight.may_answer) and sight.is_open
        there = reverse("round_respondents", kwargs={"round": sight.round}) if may else ""
        return empty("web.round.no-respondents", url=there)
    return table("web.round.respondents", ("organisation", "sector", "office"), rows)
