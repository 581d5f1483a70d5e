"""What comes next, by whom and when: from the road map, the plan and the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.assessment.planning.plan import ItemState
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render
from kancil.reports.programme.country.board import board_of
from kancil.reports.programme.country.road import stage_name


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to be done."""

    what: str
    owner: str
    on: date | None
    is_late: bool


def next_steps(papers: RoundPapers) -> list[NextStep]:
    """List what is to be done next, the earliest first, what has no date last."""
    found = [*_roads(papers), *_plan(papers), *_board(papers)]
    return sorted(found, key=lambda each: (each.on is None, each.on or date.max, each.what))


def _roads(papers: RoundPapers) -> list[NextStep]:
    return [
        NextStep(
            render("note.brief-step-road", subject=road.subject, stage=stage_name(road.next.stage)),
            road.next.owner,
            road.next.due_on,
            road.next in road.overdue,
        )
        for road in papers.whole.roads
        if road.next is not None
    ]


def _plan(papers: RoundPapers) -> list[NextStep]:
    return [
        NextStep(
            render(_begins(each.begins_on, papers.today), title=each.title),
            each.owner,
            each.begins_on,
            False,  # whether it has begun is not known here
        )
        for each in papers.whole.plan
        if each.item.state is ItemState.APPROVED
    ]


def _begins(on: date | None, today: date) -> str:
    is_past = on is not None and on < today
    return "note.brief-step-was-to-begin" if is_past else "note.brief-step-begin"


def _board(papers: RoundPapers) -> list[NextStep]:
    found = []
    for body in board_of(papers.whole):
        if body.next_due_on is not None:
            found.append(
                NextStep(
                    render("note.brief-step-meet", body=body.name),
                    body.responsible,
                    body.next_due_on,
                    body.is_late,
                )
            )
        found += [
            NextStep(
                render("note.brief-step-matter", body=body.name, title=each.title),
                each.owner,
                each.due_on,
                each.is_late,
            )
            for each in body.matters
            if each.closed_on is None
        ]
    return found
