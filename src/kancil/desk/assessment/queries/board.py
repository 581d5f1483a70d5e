"""The cross-government board: who is responsible, how often they meet, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.desk.assessment.access import CountrySight
from kancil.desk.assessment.models import Body
from kancil.desk.assessment.queries.countries import require_books
from kancil.ground.days import months_after
from kancil.ground.filled import filled


@dataclass(frozen=True, slots=True)
class MatterRow:
    """What is before a body."""

    id: str
    title: str
    owner: str
    due_on: date | None
    closed_on: date | None
    outcome: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body of the response."""

    id: str
    name: str
    sector: str
    responsible: str
    mandate: str
    meets_every_months: int | None
    last_met_on: date | None
    ended_on: date | None
    next_due_on: date | None
    """By when it should meet again, by its own rhythm; None: not known."""
    is_late: bool
    matters: tuple[MatterRow, ...]
    """Open ones first, by date."""


def board_of(sight: CountrySight, today: date) -> list[BodyRow]:
    """List a country's bodies by sector and name, each with its matters."""
    require_books(sight)
    found = Body.objects.filter(country_id=sight.country).prefetch_related("matters")
    return [_body(row, today) for row in found]


def _body(row: Body, today: date) -> BodyRow:
    matters = sorted(
        (
            filled(
                MatterRow,
                each,
                is_late=each.closed_on is None and each.due_on is not None and each.due_on < today,
            )
            for each in row.matters.all()
        ),
        key=lambda each: (each.closed_on is not None, each.due_on or date.max, each.title),
    )
    due = None
    if row.ended_on is None and row.meets_every_months and row.last_met_on:
        due = months_after(row.last_met_on, row.meets_every_months)
    return filled(
        BodyRow,
        row,
        next_due_on=due,
        is_late=due is not None and due < today,
        matters=tuple(matters),
    )
