"""The road map of a round: how a law or a treaty gets into force, step by step, by whom and when.

Steps come as people set them. No clause is drafted here: what a bill is to say is for those who
write the law.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kancil.assessment.law import road as craft
from kancil.assessment.protocol import Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.actions.legal import (
    Step,
    add_step,
    change_step,
    finish_step,
    move_step,
)
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.legal import StepRow, road
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.assessment.queries.site import StepStage
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.web.acting import ActForm, today
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said
from kancil.web.cells import Section, button, empty, facts, link, note, show, table, tag
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page
from kancil.web.signed_in import person_of

_ADDRESS = "rounds/<str:round>/road/"
_SAMPLE = {"step": "none"}


def _craft(row: StepRow, position: int) -> craft.Step:
    return filled(
        craft.Step,
        row,
        stage=craft.Stage(row.stage),
        instrument=row.instrument or None,
        position=position,
    )


def roads_of(sight: Sight) -> list[craft.Road]:
    """The roads of a round, each with its steps in order."""
    return craft.roads([_craft(row, place) for place, row in enumerate(road(sight))], today())


def instruments_of(sight: Sight) -> dict[str, str]:
    """Name the instruments of the round's protocols of provisions, by id."""
    return {
        id: said(each.short)
        for protocol in of_shape(sight, Shape.PROVISIONS)
        for id, each in protocol.instruments.items()
    }


@page(_ADDRESS, "road", may=READING, of="round", menu="round", order=60)
def road_map(request: HttpRequest, sight: Sight) -> HttpResponse:
    """Every road of the round, what is next on it, and what is late."""
    names = instruments_of(sight)
    found = roads_of(sight)
    new = reverse("road_new", kwargs={"round": sight.round})
    buttons = [button(new, "web.road.add", main=True)] if sight.may_map_road else []
    sections: list[Section] = [note("info", "web.road.no-clauses")]
    if not found:
        sections.append(empty("web.road.none", url=new if sight.may_map_road else ""))
    sections += [_section(sight, each, names) for each in found]
    return show(request, Phrase("web.road.title"), sections, crumbs=way(sight), buttons=buttons)


def _section(sight: Sight, each: craft.Road, names: dict[str, str]) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            link(
                reverse("road_step", args=[sight.round, step.id]),
                Phrase(f"web.road.{step.stage.value}"),
            ),
            step.owner,
            step.due_on.isoformat() if step.due_on else Phrase("web.road.no-day"),
            step.done_on.isoformat() if step.done_on else "–",
            _state(each, step),
            step.note or "–",
        )
        for step in each.steps
    ]
    columns = ("road-step", "road-owner", "road-due", "road-done", "state", "road-note")
    one = table("web.road.road", columns, rows)
    to = next((names.get(step.instrument, step.instrument) for step in each.steps
               if step.instrument), None)  # fmt: skip
    heading: Phrase | str = each.subject
    if to is not None:
        heading = Phrase("web.road.to", {"subject": each.subject, "instrument": to})
    add = reverse("road_new", kwargs={"round": sight.round})
    more = {"url": f"{add}?after={each.steps[-1].id}", "text": Phrase("web.road.add-here")}
    return {**one, "heading": heading, "more": more if sight.may_map_road else None}


def _state(each: craft.Road, step: craft.Step) -> Cell:
    if step in each.out_of_turn:
        return tag("warn", "web.road.out-of-turn")
    if step.done_on is not None:
        return tag("intact", "web.road.is-done")
    if step in each.overdue:
        return tag("danger", "web.road.overdue")
    if step is each.next:
        return tag("service", "web.road.next")
    return tag("plain", "web.road.later")


class StepForm(ActForm):
    """One step: what it leads to, which stage it is, who sees to it, and by when."""

    act = "step"
    begins = "road_"
    road_subject = text(200)
    road_stage = forms.TypedChoiceField(choices=(), coerce=StepStage)
    road_owner = text(200)
    road_instrument = forms.ChoiceField(choices=(), required=False)
    road_due_on = day()
    road_note = text(2000, required=False, lines=2)

    def __init__(self, *args: Any, instruments: dict[str, str], **kwargs: Any) -> None:
        """Offer the stages in their order, and the instruments of the round."""
        super().__init__(*args, **kwargs)
        stages = [(each.value, words(f"web.road.{each.value}")) for each in StepStage]
        choose(self, "road_stage", stages)
        none = [("", words("web.road.no-instrument"))]
        choose(self, "road_instrument", none + list(instruments.items()))


@page(f"{_ADDRESS}new/", "road_new", may=READING, of="round", methods=("GET", "POST"))
def road_new(request: HttpRequest, sight: Sight) -> HttpResponseBase:
    """Add a step, to a road that is there or as the first of a new one."""
    require(sight.may_map_road, sight)
    after = next((row for row in road(sight) if row.id == request.GET.get("after")), None)
    initial = {"road_subject": after.subject, "road_instrument": after.instrument} if after else {}
    asked = StepForm.asked(request, initial=initial, instruments=instruments_of(sight))
    if asked.is_ready:
        with asked.telling():
            add_step(by=person_of(request), round=sight.round, step=Step(**asked.by_name()))
            messages.success(request, words("web.road.added"))
            return redirect("road", round=sight.round)
    sections = [note("info", "web.road.no-clauses"), asked.section("web.road.add")]
    return show(request, Phrase("web.road.add"), sections, crumbs=_way(sight))


def _way(sight: Sight) -> list[dict[str, Any]]:
    there = reverse("road", kwargs={"round": sight.round})
    return [*way(sight), {"url": there, "name": Phrase("web.room.road")}]


class FinishForm(ActForm):
    """On which day a step was done; nothing: it was not after all."""

    act = "finish"
    past = ("road_done",)
    road_done = day()


class EarlierForm(ActForm):
    """Put a step before the one that stands before it in its stage."""

    act = "earlier"


class LaterForm(ActForm):
    """Put a step after the one that stands after it in its stage."""

    act = "later"


@page(
    f"{_ADDRESS}<str:step>/", "road_step", may=READING, of="round", methods=("GET", "POST"),
    sample=_SAMPLE,
)  # fmt: skip
def one_step(request: HttpRequest, sight: Sight, step: str) -> HttpResponseBase:
    """One step, with what can be done to it."""
    rows, names = road(sight), instruments_of(sight)
    row = next((each for each in rows if each.id == step), None)
    if row is None:
        raise no_such("step")
    same = [each for each in rows if each.subject == row.subject]
    changed = StepForm.asked(request, initial=StepForm.as_it_stands(row), instruments=names)
    finished = FinishForm.asked(request, initial={"road_done": row.done_on})
    if request.method == "POST":
        require(sight.may_map_road, sight)
        about: dict[str, Any] = {"by": person_of(request), "round": sight.round, "id": row.id}
        if _is_done(request.POST.get("do", ""), about, row, same, changed, finished):
            messages.success(request, words("web.road.changed"))
            return redirect("road", round=sight.round)
    sections: list[Section] = [facts("web.road.about", _told(row, names))]
    if sight.may_map_road:
        sections += [
            finished.section("web.road.finish", text="web.road.finish-text"),
            *_moves(row, same),
        ]
        sections.append(changed.section("web.road.change"))
    title = Phrase(
        "web.road.step-title",
        {"stage": Phrase(f"web.road.{row.stage}"), "subject": row.subject},
    )
    return show(request, title, sections, crumbs=_way(sight))


def _is_done(
    do: str,
    about: dict[str, Any],
    row: StepRow,
    same: list[StepRow],
    changed: StepForm,
    finished: FinishForm,
) -> bool:
    """Do what was sent; what is wrong with it is told at its form."""
    if changed.is_ready:
        with changed.telling():
            change_step(**about, step=Step(**changed.by_name()))
            return True
    elif finished.is_ready:
        with finished.telling("road_done"):
            finish_step(**about, done_on=finished.cleaned_data["road_done"])
            return True
    elif do in (EarlierForm.act, LaterForm.act):
        beside = _beside(row, same)[do == LaterForm.act]
        if beside is not None:
            move_step(**about, position=same.index(beside))
            return True
    return False


def _beside(row: StepRow, same: list[StepRow]) -> tuple[StepRow | None, StepRow | None]:
    """The steps of the same stage before and after one."""
    stage = [each for each in same if each.stage == row.stage]
    place = stage.index(row)
    return (
        stage[place - 1] if place else None,
        stage[place + 1] if place + 1 < len(stage) else None,
    )


def _moves(row: StepRow, same: list[StepRow]) -> list[Section]:
    before, after = _beside(row, same)
    found = []
    if before is not None:
        found.append(EarlierForm().section("web.road.earlier"))
    if after is not None:
        found.append(LaterForm().section("web.road.after"))
    return found


def _told(row: StepRow, names: dict[str, str]) -> list[tuple[str, Cell]]:
    instrument = names.get(row.instrument, row.instrument)
    return [
        ("road-subject", row.subject),
        ("law-instrument", instrument or "–"),
        ("road-owner", row.owner),
        ("road-due", row.due_on.isoformat() if row.due_on else Phrase("web.road.no-day")),
        ("road-done", row.done_on.isoformat() if row.done_on else "–"),
        ("state", tag("danger", "web.road.overdue") if row.is_late(today()) else "–"),
        ("road-note", row.note or "–"),
    ]
