"""The road map: the steps to ratification and to new law, with owner and dates."""

from __future__ import annotations

from kancil.assessment.law.road import Road, Stage, Step
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.document.blocks import (
    Block,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    cell,
    muted,
    section,
    strong,
    table,
)

from .saying import DASH, day


def road_section(papers: RoundPapers) -> Section | None:
    """The steps to ratification and to new law; None: there are none."""
    roads = papers.whole.roads
    if not roads:
        return None
    blocks: list[Block] = [Paragraph(render("note.paper-road"), "muted")]
    for road in roads:
        blocks += [Heading(road.subject), Paragraph(_how_far(road)), _steps(road)]
    return section(render("name.paper-road"), *blocks)


def _how_far(road: Road) -> str:
    if road.is_in_force:
        return render("note.paper-road-in-force")
    if road.next is None:
        return render("note.paper-road-complete")
    return render(
        "note.paper-road-next",
        stage=stage_name(road.next.stage),
        owner=road.next.owner,
        on=day(road.next.due_on),
    )


def stage_name(stage: Stage) -> str:
    """Name a stage of a road."""
    return render(f"name.paper-stage-{stage.value}")


def _steps(road: Road) -> Block:
    return table(
        road.subject,
        (
            Column(render("name.paper-col-step"), 0.22),
            Column(render("name.paper-col-owner"), 0.26),
            Column(render("name.paper-col-due"), 0.14),
            Column(render("name.paper-col-done"), 0.14),
            Column(render("name.paper-col-note"), 0.24),
        ),
        [
            (
                cell(strong(stage_name(each.stage))),
                cell(each.owner),
                cell(day(each.due_on)),
                cell(day(each.done_on)),
                cell(*_step_notes(road, each)) or cell(DASH),
            )
            for each in road.steps
        ],
    )


def _step_notes(road: Road, step: Step) -> list[Line]:
    found = []
    if step in road.overdue:
        found.append(strong(render("name.paper-late")))
    if step in road.out_of_turn:
        found.append(Line(render("name.paper-out-of-turn")))
    return [*found, muted(step.note)] if step.note else found
