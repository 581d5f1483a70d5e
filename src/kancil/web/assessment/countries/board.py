"""The cross-government board: the five sectors, who is in each, who meets when, what is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.actions.board import (
    SECTORS,
    BodyInput,
    add_body,
    add_matter,
    change_body,
    close_matter,
    end_body,
    record_meeting,
)
from kancil.desk.assessment.errors import ActNotYours
from kancil.desk.assessment.queries.board import BodyRow, MatterRow, board_of
from kancil.desk.assessment.queries.evidence import no_such
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, today
from kancil.web.assessment.law.standing import country_name, country_way, iso
from kancil.web.cells import Section, button, empty, facts, link, note, number, show, table, tag
from kancil.web.described import DescribedForm
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

_ADDRESS = "countries/<str:country>/board/"
_SAMPLE = {"body": "none"}


def _require(sight: CountrySight) -> None:
    """Refuse to change the board; raises ActNotYours."""
    if not sight.may_keep_board:
        raise ActNotYours(name=sight.name)


def sector_name(sector: str) -> Phrase:
    """Name a sector."""
    return Phrase(f"web.board-sector-{sector.replace('_', '-')}")


@page(_ADDRESS, "board", may=READING, of="country")
def board(request: HttpRequest, sight: CountrySight) -> HttpResponse:
    """Every sector with its bodies, and all that is open before them."""
    name, bodies = country_name(request, sight), board_of(sight, today())
    new = reverse("body_new", kwargs={"country": sight.country})
    buttons = [button(new, "web.board.add", main=True)] if sight.may_keep_board else []
    sections: list[Section] = []
    if not bodies:
        sections.append(empty("web.board.none", url=new if sight.may_keep_board else ""))
    open_ones = [
        (each, matter) for each in bodies for matter in each.matters if matter.closed_on is None
    ]
    if open_ones:
        sections.append(_open_matters(sight, open_ones))
    sections += [
        _sector(sight, sector, [each for each in bodies if each.sector == sector])
        for sector in SECTORS
    ]
    others = [each for each in bodies if each.sector not in SECTORS]
    if others:
        sections.append(_bodies(sight, Phrase("web.board.others"), others))
    title = Phrase("web.board.title", {"country": name})
    return show(request, title, sections, crumbs=country_way(name, sight), buttons=buttons)


def _sector(sight: CountrySight, sector: str, bodies: list[BodyRow]) -> Section:
    key = f"web.board-includes-{sector.replace('_', '-')}"
    heading = Phrase("web.board.sector", {"sector": sector_name(sector), "who": Phrase(key)})
    if bodies:
        return _bodies(sight, heading, bodies)
    none: list[tuple[Cell, ...]] = [(tag("unknown", "web.board.no-body"),)]
    return {**table("web.board.sector", ("board-body",), none), "heading": heading}


def _bodies(sight: CountrySight, heading: Phrase, bodies: list[BodyRow]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(reverse("body", args=[sight.country, each.id]), each.name),
            each.responsible,
            rhythm(each),
            iso(each.last_met_on),
            _meeting(each),
            number(sum(matter.closed_on is None for matter in each.matters)),
        )
        for each in bodies
    ]
    columns = (
        "board-body", "board-responsible", "board-meets", "board-last-met", "state", "board-open>",
    )  # fmt: skip
    return {**table("web.board.sector", columns, rows), "heading": heading}


def rhythm(each: BodyRow) -> Cell:
    """How often a body meets."""
    months = each.meets_every_months
    if months is None:
        return Phrase("web.board.no-rhythm")
    return Phrase("web.board.monthly") if months == 1 else Phrase(
        "web.board.every-months", {"months": months}
    )  # fmt: skip


def _meeting(each: BodyRow) -> Cell:
    if each.ended_on is not None:
        return tag("plain", "web.board.ended", day=each.ended_on.isoformat())
    if each.last_met_on is None:
        return tag("unknown", "web.board.never-met")
    if each.is_late and each.next_due_on is not None:
        return tag("danger", "web.board.overdue", day=each.next_due_on.isoformat())
    if each.next_due_on is not None:
        return tag("service", "web.board.next", day=each.next_due_on.isoformat())
    return tag("plain", "web.board.met")


def _open_matters(sight: CountrySight, found: Iterable[tuple[BodyRow, MatterRow]]) -> Section:
    ordered = sorted(found, key=lambda one: (one[1].due_on or date.max, one[1].title))
    rows: list[tuple[Cell, ...]] = [
        (
            matter.title,
            link(reverse("body", args=[sight.country, each.id]), each.name),
            matter.owner,
            _due(matter),
        )
        for each, matter in ordered
    ]
    columns = ("board-matter", "board-body", "board-owner", "board-due")
    return table("web.board.open", columns, rows)


def _due(matter: MatterRow) -> Cell:
    if matter.due_on is None:
        return Phrase("web.board.no-day")
    if matter.is_late:
        return tag("danger", "web.board.overdue", day=matter.due_on.isoformat())
    return matter.due_on.isoformat()


class BodyForm(DescribedForm):
    """A body: its name, its sector, the office that is responsible, and how often it meets."""

    act = "body"
    given = BodyInput
    sector = forms.ChoiceField(choices=())
    meets_every_months = forms.IntegerField(required=False, min_value=1, max_value=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the five sectors."""
        super().__init__(*args, desk=None, **kwargs)
        choose(self, "sector", [(each, words(sector_name(each).key)) for each in SECTORS])


@page(f"{_ADDRESS}new/", "body_new", may=READING, of="country", methods=("GET", "POST"))
def body_new(request: HttpRequest, sight: CountrySight) -> HttpResponseBase:
    """Add a body."""
    _require(sight)
    asked = BodyForm.asked(request)
    if asked.is_ready:
        with asked.telling():
            made = add_body(by=person_of(request), country=sight.country, given=asked.typed)
            messages.success(request, words("web.board.saved"))
            return redirect("body", country=sight.country, body=made)
    way = country_way(country_name(request, sight), sight, "board")
    return show(request, Phrase("web.board.add"), [asked.section("web.board.add")], crumbs=way)


class MeetingForm(ActForm):
    """When a body met."""

    act = "met"
    past = ("board_met",)
    board_met = day(required=True)


class MatterForm(ActForm):
    """What is brought before a body."""

    act = "matter"
    board_matter = text(300)
    board_owner = text(200)
    board_due = day()


class ClosedForm(ActForm):
    """Which matter is closed, when, and with what outcome; without a day it is open again."""

    act = "close"
    past = ("board_closed",)
    board_which = forms.ChoiceField(choices=())
    board_closed = day()
    board_outcome = text(500, required=False)

    def __init__(self, *args: Any, matters: Iterable[MatterRow], **kwargs: Any) -> None:
        """Offer the body's matters."""
        super().__init__(*args, **kwargs)
        choose(self, "board_which", [(each.id, each.title) for each in matters])


class EndForm(ActForm):
    """Since when a body is no more."""

    act = "end"
    past = ("board_ended",)
    board_ended = day(required=True)


@page(
    f"{_ADDRESS}<str:body>/", "body", may=READING, of="country", methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def one_body(request: HttpRequest, sight: CountrySight, body: str) -> HttpResponseBase:
    """One body: its meetings, its matters, and what can be done to it."""
    row = next((each for each in board_of(sight, today()) if each.id == body), None)
    if row is None:
        raise no_such("body")
    asked = _Acts(request, row)
    if request.method == "POST":
        _require(sight)
        if asked.are_done(person_of(request), sight.country, row.id):
            messages.success(request, words("web.board.saved"))
            return redirect("body", country=sight.country, body=row.id)
    sections: list[Section] = [facts("web.board.about", _told(row)), *_matters(row)]
    if sight.may_keep_board:
        sections += asked.sections(row)
    way = country_way(country_name(request, sight), sight, "board")
    return show(request, Phrase("web.board.body-title", {"name": row.name}), sections, crumbs=way)


class _Acts:
    """The forms of a body's page; at most one of them was sent."""

    def __init__(self, request: HttpRequest, row: BodyRow) -> None:
        self.met = MeetingForm.asked(request)
        self.matter = MatterForm.asked(request)
        self.closed = ClosedForm.asked(request, matters=row.matters)
        self.changed = BodyForm.asked(request, stands=row)
        self.ended = EndForm.asked(request)

    def are_done(self, by: Any, country: str, body: str) -> bool:
        """Do what was sent; what is wrong with it is told at its form."""
        about: dict[str, Any] = {"by": by, "country": country}
        for each in (self.met, self.matter, self.closed, self.changed, self.ended):
            if each.is_ready:
                with each.telling():
                    self._do(about, body, each.cleaned_data)
                    return True
        return False

    def _do(self, about: dict[str, Any], body: str, given: dict[str, Any]) -> None:
        match given["do"]:
            case MeetingForm.act:
                record_meeting(**about, body=body, met_on=given["board_met"])
            case MatterForm.act:
                add_matter(
                    **about,
                    body=body,
                    title=given["board_matter"],
                    owner=given["board_owner"],
                    due_on=given["board_due"],
                )
            case ClosedForm.act:
                close_matter(
                    **about,
                    matter=given["board_which"],
                    closed_on=given["board_closed"],
                    outcome=given["board_outcome"],
                )
            case BodyForm.act:
                change_body(**about, body=body, given=self.changed.typed)
            case EndForm.act:
                end_body(**about, body=body, ended_on=given["board_ended"])

    def sections(self, row: BodyRow) -> list[Section]:
        """Show the forms that fit."""
        found = [self.matter.section("web.board.add-matter")]
        if row.matters:
            found.append(
                self.closed.section("web.board.close-matter", text="web.board.close-matter-text")
            )
        if row.ended_on is None:
            found.insert(0, self.met.section("web.board.record-meeting"))
        found.append(self.changed.section("web.board.change"))
        if row.ended_on is None:
            found.append(
                self.ended.section(
                    "web.board.end", submit="web.board.end-do", text="web.board.end-text"
                )
            )
        return found


def _told(row: BodyRow) -> list[tuple[str, Cell]]:
    return [
        ("board-sector", sector_name(row.sector) if row.sector in SECTORS else row.sector),
        ("board-responsible", row.responsible),
        ("board-mandate", row.mandate or "–"),
        ("board-meets", rhythm(row)),
        ("board-last-met", iso(row.last_met_on)),
        ("state", _meeting(row)),
    ]


def _matters(row: BodyRow) -> list[Section]:
    if not row.matters:
        return [note("info", "web.board.no-matters")]
    rows: list[tuple[Cell, ...]] = [
        (
            each.title,
            each.owner,
            _due(each),
            tag("intact", "web.board.closed", day=each.closed_on.isoformat())
            if each.closed_on
            else tag("service", "web.board.is-open"),
            each.outcome or "–",
        )
        for each in row.matters
    ]
    columns = ("board-matter", "board-owner", "board-due", "state", "board-outcome")
    return [table("web.board.matters", columns, rows)]
