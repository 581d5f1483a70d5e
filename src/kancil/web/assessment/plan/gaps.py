"""Gaps of a round in the suggested order, each with its reasons in words, and what people set.

The order compares classes one after another; weights are in the size of a gap alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.giving import indicator_of
from kancil.assessment.planning.plan import Choice, Feasibility, Gap, ItemState, Wish
from kancil.assessment.protocol import Indicator, Protocol, ScaleKind, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.plans import set_choice, set_target
from kancil.desk.assessment.kept_protocols import of_shape, protocol_in
from kancil.desk.assessment.queries.plans import (
    WishRow,
    plan_of,
    planned_for,
    shortfall_of,
    wishes,
)
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.cases.errors import PageNotFound
from kancil.ground.phrase import Phrase
from kancil.ground.words import direction, render_phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, show_wide, today
from kancil.web.assessment.rounds.given import address_of, said_value
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, empty, facts, link, minute, note, show, table, tag
from kancil.web.forms import choose, text
from kancil.web.parts import Cell, Link
from kancil.web.parts import Kind as Sort
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

SHAPES = (Shape.INDICATORS, Shape.RESPONSE, Shape.PROVISIONS)
"""Of the protocols in which something can be short of a target."""
_ADDRESS = "rounds/<str:round>/plan/gaps/<str:protocol>/"
_SAMPLE = {"protocol": "none-2026.1"}
_A_PAGE = 12
_CHOICE = "choice_gap_choice"
"""The box in which the country says what it wants, on a gap's page."""
_CHOICES: dict[Choice, Sort] = {
    Choice.FIRST: "intact",
    Choice.OPEN: "plain",
    Choice.LATER: "unknown",
    Choice.REJECTED: "danger",
}


def plan_way(sight: Sight, *protocols: Protocol) -> list[dict[str, Any]]:
    """The steps above a page of the plan."""
    found = way(sight)
    found.append({"url": reverse("plan", args=[sight.round]), "name": Phrase("web.room.plan")})
    for each in protocols:
        there = reverse("gaps", args=[sight.round, each.name])
        name = Phrase("web.gap.of", {"title": said(each.title)})
        found.append({"url": there, "name": name})
    return found


def with_gaps(sight: Sight) -> list[Protocol]:
    """The protocols of a round in which something can be short, capability first."""
    return [each for shape in SHAPES for each in of_shape(sight, shape)]


def choice_cell(choice: Choice) -> Cell:
    """What the country itself wants."""
    return tag(_CHOICES[choice], f"web.gap-choice-{choice.name.lower()}")


def stage_name(protocol: Protocol, each: Indicator, value: int | None) -> Cell:
    """Name a stage as its scale does; None is unknown."""
    scale = protocol.scales.get(each.scale or "")
    if value is None or scale is None:
        return None
    return said_value(scale, value)


def reasons(gap: Gap) -> str:
    """The reasons for a gap's place, as sentences."""
    return " ".join(render_phrase(each) for each in gap.reasons)


def gap_rows(
    sight: Sight,
    protocol: Protocol,
    found: Iterable[Gap],
    planned: Iterable[str],
    *,
    first: int = 1,
) -> list[tuple[Cell, ...]]:
    """Show gaps as rows: place, question, where it is and where to, why, and what is planned.

    `first`: place of the first one. Whoever chooses for the country has a button for it in each.
    """
    known = set(planned)
    return [
        (
            str(place),
            link(
                address_of(sight, protocol.name, gap.indicator, "gap"),
                said(protocol.indicators[gap.indicator].question),
            ),
            _from_to(protocol, gap),
            reasons(gap),
            choice_cell(gap.wish.choice),
            tag("intact", "web.gap.planned")
            if gap.indicator in known
            else tag("unknown", "web.gap.unplanned"),
            *_choosing(sight, protocol, gap),
        )
        for place, gap in enumerate(found, start=first)
    ]


def _choosing(sight: Sight, protocol: Protocol, gap: Gap) -> tuple[Cell, ...]:
    if not sight.chooses:
        return ()
    there = address_of(sight, protocol.name, gap.indicator, "gap")
    return (Link(f"{there}#{_CHOICE}", Phrase("web.gap.choose-do"), is_act=True),)


def gap_columns(sight: Sight) -> tuple[str, ...]:
    """The columns of `gap_rows`."""
    own = ("gap-choose",) if sight.chooses else ()
    return (
        "gap-place>", "gap-question", "gap-now", "gap-reasons", "gap-choice", "gap-planned", *own,
    )  # fmt: skip


def _from_to(protocol: Protocol, gap: Gap) -> Cell:
    each = protocol.indicators[gap.indicator]
    now = stage_name(protocol, each, gap.current) or words("web.unknown")
    target = stage_name(protocol, each, gap.target) or str(gap.target)
    return f"{now} {'←' if direction() == 'rtl' else '→'} {target}"


@page(_ADDRESS, "gaps", may=READING, of="round", sample=_SAMPLE)
def gaps(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """All gaps of a round on a protocol, in the suggested order."""
    asked = protocol_in(sight, protocol)
    if asked.shape not in SHAPES:
        raise PageNotFound
    found, unanswered = shortfall_of(sight, asked.name)
    sections: list[Section] = [note("info", "web.gap.order")]
    if found:
        part = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
        planned = planned_for(sight, asked.name)
        rows = gap_rows(sight, asked, part.object_list, planned, first=part.start_index())
        sections.append(table("web.gap.list", gap_columns(sight), rows, pages=part))
    else:
        sections.append(empty("web.gap.none"))
    sections += not_answered(unanswered)
    title = Phrase("web.gap.title", {"title": said(asked.title)})
    return show_wide(request, title, sections, crumbs=plan_way(sight))


def not_answered(unanswered: list[str]) -> list[Section]:
    """How many questions nobody answered: none of them is counted as a gap."""
    count = len(unanswered)
    return [note("info", "web.gap.unanswered", count=count)] if count else []


class TargetForm(ActForm):
    """Up to which stage a gap is to be closed, and how soon that can be done."""

    act = "target"
    gap_target = forms.ChoiceField(choices=(), required=False)
    gap_feasibility = forms.ChoiceField(choices=())

    def __init__(self, *args: Any, stages: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the stages, and the protocol's own target."""
        super().__init__(*args, **kwargs)
        choose(self, "gap_target", [("", words("web.gap.own-target")), *stages])
        ways = [(each.name, words(_feasibility(each).key)) for each in Feasibility]
        choose(self, "gap_feasibility", ways)


class ChoiceForm(ActForm):
    """What the country itself wants of a gap."""

    act = "choice"
    gap_choice = forms.ChoiceField(choices=())
    gap_reason = text(2000, required=False, lines=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what a country can say."""
        super().__init__(*args, **kwargs)
        ways = [(each.name, words(f"web.gap-choice-{each.name.lower()}")) for each in Choice]
        choose(self, "gap_choice", ways)


def _feasibility(each: Feasibility) -> Phrase:
    return Phrase(f"web.gap-feasibility-{each.name.lower().replace('_', '-')}")


@page(
    f"{_ADDRESS}<str:indicator>/", "gap", may=READING, of="round", methods=("GET", "POST"),
    sample={**_SAMPLE, "indicator": "none"},
)  # fmt: skip
def one_gap(request: HttpRequest, sight: Sight, protocol: str, indicator: str) -> HttpResponseBase:
    """One gap: why it stands where it stands, what is wanted, and what is planned for it."""
    asked = protocol_in(sight, protocol)
    each = indicator_of(asked, indicator)
    scale = asked.scales.get(each.scale or "")
    if asked.shape not in SHAPES or scale is None or scale.kind is not ScaleKind.ORDERED:
        raise PageNotFound
    row = wishes(sight, asked.name).get(each.id)
    stages = [(str(one.value), said_value(scale, one.value)) for one in scale.values]
    target = TargetForm.asked(request, initial=_wanted(row), stages=stages)
    choice = ChoiceForm.asked(request, initial=_chosen(row))
    if request.method == "POST":
        require(sight.may_choose if choice.is_bound else sight.may_plan, sight)
        if _is_set(request, sight, asked, each, target, choice):
            messages.success(request, words("web.gap.set"))
            return redirect("gap", round=sight.round, protocol=asked.name, indicator=each.id)
    found, unanswered = shortfall_of(sight, asked.name)
    place = next((n for n, one in enumerate(found, 1) if one.indicator == each.id), None)
    sections: list[Section] = []
    if place is None:
        is_open = each.id in unanswered
        sections.append(
            note("info", "web.gap.not-answered") if is_open else note("intact", "web.gap.closed")
        )
    else:
        sections.append(facts("web.gap.about", _told(asked, each, found[place - 1], place, row)))
    if sight.chooses:
        sections.append(
            choice.section("web.gap.choose", submit="web.gap.keep", text="web.gap.choose-text")
        )
    if place is not None:
        sections += _held(sight, asked, each, found[place - 1])
    sections += _planned(sight, asked, each)
    if sight.writes_plan:
        sections.append(
            target.section(
                "web.gap.set-target", submit="web.gap.keep", text="web.gap.set-target-text"
            )
        )
    buttons = [button(address_of(sight, asked.name, each.id), "web.gap.to-question")]
    if sight.writes_plan and place is not None:
        new = f"{reverse('item_new', args=[sight.round])}?protocol={asked.name}"
        buttons.insert(0, button(f"{new}&indicator={each.id}", "web.gap.plan-help", main=True))
    if sight.chooses:
        buttons.insert(0, button(f"#{_CHOICE}", "web.gap.choose-for", main=True))
    title = Phrase("web.gap.one-title", {"question": said(each.question)})
    return show(request, title, sections, crumbs=plan_way(sight, asked), buttons=buttons)


def _is_set(
    request: HttpRequest,
    sight: Sight,
    asked: Protocol,
    each: Indicator,
    target: TargetForm,
    choice: ChoiceForm,
) -> bool:
    about: dict[str, Any] = {
        "by": person_of(request), "round": sight.round, "protocol": asked.name,
        "indicator": each.id,
    }  # fmt: skip
    if target.is_ready:
        given = target.cleaned_data
        wanted = int(given["gap_target"]) if given["gap_target"] else None
        with target.telling():
            set_target(**about, target=wanted, feasibility=Feasibility[given["gap_feasibility"]])
            return True
    if choice.is_ready:
        given = choice.cleaned_data
        with choice.telling("gap_reason"):
            set_choice(**about, choice=Choice[given["gap_choice"]], reason=given["gap_reason"])
            return True
    return False


def _wanted(row: WishRow | None) -> dict[str, Any]:
    if row is None:
        return {"gap_feasibility": Feasibility.NOT_ASSESSED.name}
    target = "" if row.target is None else str(row.target)
    return {"gap_target": target, "gap_feasibility": row.wish.feasibility.name}


def _chosen(row: WishRow | None) -> dict[str, Any]:
    if row is None:
        return {"gap_choice": Choice.OPEN.name}
    return {"gap_choice": row.wish.choice.name, "gap_reason": row.wish.reason}


def _told(
    asked: Protocol, each: Indicator, gap: Gap, place: int, row: WishRow | None
) -> list[tuple[str, Cell]]:
    told: list[tuple[str, Cell]] = [
        ("gap-place", str(place)),
        ("gap-current", stage_name(asked, each, gap.current)),
        ("gap-target", stage_name(asked, each, gap.target)),
        ("gap-reasons", reasons(gap)),
        ("gap-weight", f"{each.weight:g}"),
        ("gap-feasibility", _feasibility(gap.wish.feasibility)),
        ("gap-choice", choice_cell(gap.wish.choice)),
    ]
    if gap.wish.reason:
        told.append(("gap-reason", gap.wish.reason))
    is_set = row is not None and (row.target is not None or row.wish != Wish())
    if row is not None and is_set:
        told.append(("gap-last-set", minute(row.at)))
    if row is not None and is_set and row.by:
        told.append(("gap-set-by", row.by))
    helps = [said(asked.assistance[one].title) for one in gap.assistance if one in asked.assistance]
    if helps:
        told.append(("gap-assistance", ", ".join(helps)))
    return told


def _held(sight: Sight, asked: Protocol, each: Indicator, gap: Gap) -> list[Section]:
    """Of a gap that blocks intrusive help that a rejection lifts nothing, and what is held."""
    if not any(one.key == "why.gap-critical" for one in gap.reasons):
        return []
    is_rejected = gap.wish.choice is Choice.REJECTED
    if not is_rejected and not sight.may_choose:
        return []
    titles = [
        row.title
        for row in plan_of(sight, today())
        if row.protocol == asked.name
        and row.state in (ItemState.PROPOSED, ItemState.APPROVED)
        and any(one.key.startswith("why.plan-intrusive") for one in row.obstacles)
    ]
    key = "web.gap.still-blocks" if is_rejected else "web.gap.would-still-block"
    held = "; ".join(titles) or words("web.gap.nothing-held")
    return [note("warn", key, items=held)]


def _planned(sight: Sight, asked: Protocol, each: Indicator) -> list[Section]:
    items = planned_for(sight, asked.name).get(each.id, [])
    if not items:
        return [note("warn", "web.gap.nothing-planned")]
    rows: list[tuple[Cell, ...]] = [
        (Link(reverse("item", args=[sight.round, id]), title), Phrase(f"thing.item-{state}"))
        for id, title, state in items
    ]
    return [table("web.gap.items", ("title", "state"), rows)]
