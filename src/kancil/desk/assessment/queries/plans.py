"""From gap to plan: what is short, in which order, and what keeps an item from being approved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from kancil.assessment.planning import plan as craft
from kancil.assessment.planning.costs import CostLine
from kancil.assessment.planning.plan import Choice, Feasibility, Gap, ItemState, Threat, Wish
from kancil.assessment.planning.timing import Timed, too_early
from kancil.assessment.protocol import Protocol, Shape
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import of_shape
from kancil.desk.assessment.models import Act, DueDiligence, GapWish, PlanItem
from kancil.desk.assessment.queries.answers import everything, method_of
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.rows import Standing, without
from kancil.desk.people.models import Role
from kancil.ground.filled import filled
from kancil.ground.phrase import Phrase


@dataclass(frozen=True, slots=True)
class WishRow:
    """What people set for one gap, and who did so last."""

    indicator: str
    target: int | None
    wish: Wish
    by: str
    """Empty from the country's side, where nobody of the team is named."""
    at: datetime


def wishes(sight: Sight, protocol: str) -> dict[str, WishRow]:
    """What people set for the gaps of a protocol, by indicator."""
    found = GapWish.objects.filter(round_id=sight.round, protocol=protocol).select_related("by")
    return {
        row.indicator: WishRow(
            row.indicator,
            row.target,
            Wish(Choice(row.choice), row.reason, Feasibility(row.feasibility)),
            row.by.name if sight.sees_answers else "",
            row.at,
        )
        for row in found
    }


def threats_of(sight: Sight) -> list[Threat]:
    """The threats of a round as its answers to protocols of threats say, by what counts.

    What the person still has to answer alone is not known to them yet.
    """
    found = []
    for protocol in of_shape(sight, Shape.THREATS):
        _, standing = everything(sight, protocol.name)
        seen = without(standing.settled, standing.hidden_from(sight))
        found += [craft.threat_of(each, seen.get(each.id)) for each in protocol.indicators.values()]
    return found


class Shortfall(NamedTuple):
    """Where a round is short of a protocol."""

    gaps: list[Gap]
    """In the suggested order, each with its reasons; without what the person still has to answer
    alone, since a gap says what others gave."""
    unanswered: list[str]
    """What could have a gap and nobody has answered."""


def shortfall_of(sight: Sight, protocol: str) -> Shortfall:
    """Read once the gaps and what nobody has answered."""
    asked, standing = everything(sight, protocol)
    found = gaps_in(sight, asked, standing, threats_of(sight))
    return Shortfall(found, craft.unanswered(asked, standing.settled))


def gaps_in(
    sight: Sight, asked: Protocol, standing: Standing, threats: Iterable[Threat]
) -> list[Gap]:
    """List so the gaps of a standing and of threats that were read already."""
    set_ones = wishes(sight, asked.name)
    hidden = standing.hidden_from(sight)
    found = craft.gaps(
        asked,
        without(standing.settled, hidden),
        {name: each.target for name, each in set_ones.items() if each.target is not None},
        threats=threats,
        wishes={name: each.wish for name, each in set_ones.items()},
    )
    return [each for each in found if each.indicator not in hidden]


@dataclass(frozen=True, slots=True)
class DiligenceRow:
    """A Human Rights Due Diligence record."""

    risk: str
    mitigation: str
    decision: str
    decided_by: str
    review_on: date
    recorded_by: str
    """Empty from the country's side."""
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One item of a costed plan, and what keeps it from being approved, or from staying so."""

    id: str
    title: str
    language: str
    """Of its texts; empty: not stated."""
    protocol: str
    indicators: tuple[str, ...]
    assistance: str
    concepts: tuple[str, ...]
    owner: str
    partner: str
    donor: str
    begins_on: date | None
    months: int
    cost_minor: int | None
    currency: str
    cost_basis: str
    success: str
    to_security_forces: bool
    state: ItemState
    state_reason: str
    position_reason: str
    depends_on: tuple[str, ...]
    diligence: tuple[DiligenceRow, ...]
    """The newest first, which counts."""
    obstacles: tuple[Phrase, ...]
    not_forces_reason: str
    """Why it is no support to police or security forces, though it looks so."""
    looks_like_forces: bool
    """Whether its gaps or its kind of help are such as police or security forces get."""
    too_early_for: tuple[str, ...]
    """Ids of what it depends on that is not over when it begins."""
    decided_by: str
    """Who approved, rejected or finished it; empty: nobody, or nobody whom the person may know."""
    decided_for_country: bool
    """Whether that was the country's own focal point."""
    decided_at: datetime | None
    lines: tuple[CostLine, ...]
    """What makes up the cost; none: it is one sum."""
    output: str
    """What the item itself delivers."""
    outcome: str
    """What the owner does otherwise because of it."""
    impact: str
    """What changes for people, to which it contributes."""


def plan_of(sight: Sight, today: date) -> list[PlanRow]:
    """List a round's plan in order. `today`: by which a review of due diligence is overdue."""
    rows = list(
        PlanItem.objects.filter(round_id=sight.round).prefetch_related(
            "depends_on", "diligence__by", "cost_lines"
        )
    )
    items = [_item(row) for row in rows]
    scored = {name: _Scored(sight, name) for name in {row.protocol for row in rows}}
    around = _Around(
        early=too_early(
            Timed(row.id, row.begins_on, row.months, item.depends_on)
            for row, item in zip(rows, items, strict=True)
            if item.state is not ItemState.REJECTED
        ),
        decisions=_decisions(sight),
        looks={
            item.id: craft.looks_like_forces(item, scored[row.protocol].protocol)
            for row, item in zip(rows, items, strict=True)
        },
    )
    return [
        _row(sight, row, tuple(_obstacles(item, items, scored[row.protocol], row, today)), around)
        for row, item in zip(rows, items, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Around:
    """What is found out of all items of a plan together."""

    early: Mapping[str, tuple[str, ...]]
    decisions: Mapping[tuple[str, str], Act]
    """The last time that each item came into each state."""
    looks: Mapping[str, bool]


_DECIDED = ("approved", "rejected", "done")


def _decisions(sight: Sight) -> dict[tuple[str, str], Act]:
    """Find in the record who brought each item last into each state, by item and state."""
    kinds = [f"plan.{state}" for state in _DECIDED]
    acts = Act.objects.filter(round=sight.round, kind__in=kinds).select_related("person")
    return {
        (str(each.details.get("item", "")), each.kind.removeprefix("plan.")): each
        for each in acts.order_by("id")
    }


def planned_for(sight: Sight, protocol: str) -> dict[str, list[tuple[str, str, str]]]:
    """The items of the plan that name each indicator: id, title, state; no rejected one."""
    rows = PlanItem.objects.filter(round_id=sight.round, protocol=protocol)
    found: dict[str, list[tuple[str, str, str]]] = {}
    for id, title, state, indicators in rows.exclude(state=ItemState.REJECTED.value).values_list(
        "id", "title", "state", "indicators"
    ):
        for each in indicators:
            found.setdefault(each, []).append((id, title, state))
    return found


def obstacles_of(sight: Sight, item: str, today: date) -> tuple[Phrase, ...]:
    """What keeps an item from being approved; raises RecordNotFound."""
    found = next((each for each in plan_of(sight, today) if each.id == item), None)
    if found is None:
        raise no_such("item")
    return found.obstacles


class _Scored:
    """A protocol with the figures that keep help back, made of all there is."""

    def __init__(self, sight: Sight, name: str) -> None:
        self.protocol, standing = everything(sight, name)
        self.profile = method_of(self.protocol).profile(self.protocol, standing.settled)
        self.hidden = standing.hidden_from(sight)


def _obstacles(
    item: craft.Item, plan: Iterable[craft.Item], scored: _Scored, row: PlanItem, today: date
) -> Iterable[Phrase]:
    titles: Mapping[str, str] = {each.id: each.title for each in row.depends_on.all()}
    found = craft.obstacles(item, plan, scored.profile, scored.protocol, today.isoformat())
    for each in found:
        if each.key == "why.plan-depends":
            needed = str(each.params["item"])
            yield Phrase(each.key, {"item": titles.get(needed, needed)})
        elif each.key == "why.plan-intrusive-blocked":
            yield from _blocked(each, scored.hidden)
        else:
            yield each


def _blocked(found: Phrase, hidden: Collection[str]) -> Iterable[Phrase]:
    """Which critical indicators are too low; of what is hidden, that there are some."""
    names = str(found.params["indicators"]).split(", ")
    if shown := [name for name in names if name not in hidden]:
        yield Phrase(found.key, {"indicators": ", ".join(shown)})
    if len(shown) < len(names):
        yield Phrase("why.plan-intrusive-held")


def _item(row: PlanItem) -> craft.Item:
    newest = next(iter(_diligence(row)), None)
    return craft.Item(
        id=row.id,
        indicators=tuple(row.indicators),
        assistance=row.assistance,
        concepts=tuple(row.concepts),
        to_security_forces=row.to_security_forces,
        state=ItemState(row.state),
        depends_on=tuple(sorted(each.id for each in row.depends_on.all())),
        due_diligence=None
        if newest is None
        else craft.DueDiligence(
            newest.risk,
            newest.mitigation,
            newest.decision,
            newest.decided_by,
            newest.review_on.isoformat(),
        ),
        not_forces_reason=row.not_forces_reason,
    )


def _diligence(row: PlanItem) -> list[DueDiligence]:
    return sorted(row.diligence.all(), key=lambda each: (each.at, each.id), reverse=True)


def _row(sight: Sight, row: PlanItem, obstacles: tuple[Phrase, ...], around: _Around) -> PlanRow:
    decided = around.decisions.get((row.id, row.state))
    by = decided.person if decided else None
    is_focal = by is not None and by.role == Role.FOCAL_POINT
    sees_team = sight.sees_answers and not sight.is_leaving
    # Whoever decides for the country or the programme is named; of the team, nobody to the country.
    is_named = is_focal or (by is not None and by.role == Role.PROGRAMME_OFFICER)
    return filled(
        PlanRow,
        row,
        indicators=tuple(row.indicators),
        concepts=tuple(row.concepts),
        state=ItemState(row.state),
        depends_on=tuple(sorted(each.id for each in row.depends_on.all())),
        diligence=tuple(
            filled(DiligenceRow, each, recorded_by=each.by.name if sight.sees_answers else "")
            for each in _diligence(row)
        ),
        lines=tuple(filled(CostLine, each) for each in row.cost_lines.all()),
        obstacles=obstacles,
        looks_like_forces=around.looks[row.id],
        too_early_for=around.early.get(row.id, ()),
        decided_by=by.name if by and (is_named or sees_team) else "",
        decided_for_country=is_focal,
        decided_at=decided.at if decided else None,
    )
