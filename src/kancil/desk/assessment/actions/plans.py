"""What is done to the plan: what the country wants of a gap, and items from proposal to done.

Once a round is closed its plan is not rewritten: items are approved, rejected and finished, and
their due diligence is reviewed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kancil.assessment.giving import indicator_of
from kancil.assessment.planning.costs import CostLine, currencies, sum_minor
from kancil.assessment.planning.plan import Choice, Feasibility, ItemState
from kancil.assessment.protocol import Protocol, ScaleKind
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.errors import PlanItemBlocked, PlanItemState
from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import CostLine as CostLineRow
from kancil.desk.assessment.models import DueDiligence, GapWish, PlanItem
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.assessment.queries.plans import obstacles_of
from kancil.desk.assessment.queries.rounds import require
from kancil.desk.base.keeping import keep, keep_changed, reason_for, unusable
from kancil.desk.people.models import Person
from kancil.ground import clock
from kancil.ground.phrase import Phrase

from .changing import changing, require_open
from .narratives import LANGUAGE

DECISIONS = ("proceed", "proceed-with-conditions", "refuse")
"""Of a due-diligence record."""


def set_choice(
    *, by: Person, round: str, protocol: str, indicator: str, choice: Choice, reason: str = ""
) -> None:
    """What the country itself wants of a gap; a rejection has its reason.

    Raises ReasonMissing, IndicatorNotFound, ProtocolNotInRound, RoundNotFound, RoundClosed,
    ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_choose, sight)
        require_open(sight)
        asked = protocol_in(sight, protocol)
        indicator_of(asked, indicator)
        if choice is Choice.REJECTED:
            reason_for("rejection", reason)
        row = _wish(sight, asked, indicator, by)
        row.choice, row.reason = int(choice), reason.strip()
        _keep_wish(row, "choice", "reason")
        record(
            "gap.chosen",
            by=by,
            sight=sight,
            about=indicator,
            protocol=asked.name,
            choice=choice.name.lower(),
            reason=row.reason,
        )


def set_target(
    *,
    by: Person,
    round: str,
    protocol: str,
    indicator: str,
    target: int | None,
    feasibility: Feasibility,
) -> None:
    """Up to which stage a gap is to be closed (None: the protocol's own) and how soon it can.

    Raises FieldNotUsable, IndicatorNotFound, ProtocolNotInRound, RoundNotFound, RoundClosed,
    ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        require_open(sight)
        asked = protocol_in(sight, protocol)
        scale = asked.scales.get(indicator_of(asked, indicator).scale or "")
        is_ordered = scale is not None and scale.kind is ScaleKind.ORDERED
        known = [each.value for each in scale.values] if scale and is_ordered else []
        if target is not None and target not in known:
            raise unusable("target")
        row = _wish(sight, asked, indicator, by)
        row.target, row.feasibility = target, int(feasibility)
        _keep_wish(row, "target", "feasibility")
        record(
            "gap.target-set",
            by=by,
            sight=sight,
            about=indicator,
            protocol=asked.name,
            target=target,
            feasibility=feasibility.name.lower(),
        )


def _wish(sight: Sight, asked: Protocol, indicator: str, by: Person) -> GapWish:
    about = {"round_id": sight.round, "protocol": asked.name, "indicator": indicator}
    row = GapWish.objects.filter(**about).first() or GapWish(**about)
    row.by, row.at = by, clock.now()
    return row


def _keep_wish(row: GapWish, *fields: str) -> None:
    if row._state.adding:
        keep(row)
    else:
        keep_changed(row, [*fields, "by", "at"])


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item of a plan as somebody writes it."""

    title: str
    protocol: str
    indicators: tuple[str, ...]
    assistance: str
    owner: str
    success: str
    concepts: tuple[str, ...] = ()
    partner: str = ""
    donor: str = ""
    begins_on: date | None = None
    months: int = 1
    cost_minor: int | None = None
    """In hundredths of the currency; None: not costed."""
    currency: str = ""
    cost_basis: str = ""
    to_security_forces: bool = False
    not_forces_reason: str = ""
    """Why it is none, where its gaps or its kind of help look so."""
    depends_on: tuple[str, ...] = ()
    lines: tuple[CostLine, ...] = ()
    """Where there are any, the item's cost is their sum, whatever `cost_minor` says."""
    output: str = ""
    """What the item itself delivers."""
    outcome: str = ""
    """What the owner does otherwise because of it."""
    impact: str = ""
    """What changes for people, to which it contributes."""
    language: str = ""
    """Of what is written here, `ar`; empty: not stated."""

    @property
    def all_minor(self) -> int | None:
        """What the item costs."""
        return sum_minor(self.lines) if self.lines else self.cost_minor


def add_item(*, by: Person, round: str, draft: ItemDraft) -> str:
    """Add an item at the end of the plan, proposed; gives its id.

    Raises FieldNotUsable, IndicatorNotFound, RecordNotFound, ProtocolNotInRound, RoundClosed,
    ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        require_open(sight)
        row = PlanItem(round_id=sight.round, state=ItemState.PROPOSED.value)
        row.position = PlanItem.objects.filter(round_id=sight.round).count()
        _fill(sight, row, draft, by)
        keep(row, "title", "owner", "success")
        _set_around(row, draft)
        record("plan.added", by=by, sight=sight, about=row.title, item=row.id)
    return row.id


def edit_item(*, by: Person, round: str, item: str, draft: ItemDraft) -> None:
    """Write an item anew. What was approved was something else: it is proposed again.

    Raises PlanItemState for one that is rejected or done, and as `add_item` does.
    """
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        require_open(sight)
        row = _item(sight, item, ItemState.PROPOSED, ItemState.APPROVED)
        before = row.state
        row.state, row.state_reason = ItemState.PROPOSED.value, ""
        _fill(sight, row, draft, by)
        kept = {each.name for each in PlanItem._meta.concrete_fields} - {"id", "round", "position"}
        keep_changed(row, kept, "title", "owner", "success")
        _set_around(row, draft)
        record("plan.edited", by=by, sight=sight, about=row.title, item=row.id, before=before)


def _fill(sight: Sight, row: PlanItem, draft: ItemDraft, by: Person) -> None:
    asked = protocol_in(sight, draft.protocol)
    for name in draft.indicators:
        indicator_of(asked, name)
    if draft.assistance not in asked.assistance:
        raise unusable("assistance", "unknown", value=draft.assistance[:40])
    for concept in draft.concepts:
        if concept not in asked.concepts:
            raise unusable("concepts", "unknown", value=concept[:40])
    cost = draft.all_minor
    if cost is not None and not (cost >= 0 and draft.currency in currencies()):
        raise unusable("cost_minor", "not-costed")
    if draft.language and not LANGUAGE.fullmatch(draft.language):
        raise unusable("language", "unknown", value=draft.language[:40])
    _check_order(sight, row, draft.depends_on)
    row.title, row.owner, row.success = draft.title.strip(), draft.owner.strip(), draft.success
    row.protocol, row.indicators = asked.name, list(dict.fromkeys(draft.indicators))
    row.assistance, row.concepts = draft.assistance, list(dict.fromkeys(draft.concepts))
    row.partner, row.donor = draft.partner.strip(), draft.donor.strip()
    row.begins_on, row.months = draft.begins_on, draft.months
    row.cost_minor, row.cost_basis = cost, draft.cost_basis.strip()
    row.currency = draft.currency if cost is not None else ""
    row.output, row.outcome = draft.output.strip(), draft.outcome.strip()
    row.impact, row.language = draft.impact.strip(), draft.language
    row.to_security_forces = draft.to_security_forces
    row.not_forces_reason = "" if draft.to_security_forces else draft.not_forces_reason.strip()
    row.by, row.at = by, clock.now()


def _set_around(row: PlanItem, draft: ItemDraft) -> None:
    """What an item depends on, and its cost line by line, each as it is now."""
    row.depends_on.set(PlanItem.objects.filter(id__in=draft.depends_on))
    row.cost_lines.all().delete()
    for place, each in enumerate(draft.lines):
        if each.rate_minor < 0 or each.quantity <= 0:
            raise unusable("quantity")
        line = {"what": each.what.strip(), "unit": each.unit.strip(), "position": place}
        made = CostLineRow(item=row, rate_minor=each.rate_minor, quantity=each.quantity, **line)
        keep(made, "what", "unit")


def _check_order(sight: Sight, row: PlanItem, needed: tuple[str, ...]) -> None:
    """Refuse an item that depends on one that is not there, or in the end on itself."""
    through = PlanItem.depends_on.through.objects.filter(from_planitem__round_id=sight.round)
    needs: dict[str, set[str]] = {}
    for item, other in through.values_list("from_planitem_id", "to_planitem_id"):
        needs.setdefault(item, set()).add(other)
    there = set(PlanItem.objects.filter(round_id=sight.round).values_list("id", flat=True))
    if set(needed) - there:
        raise no_such("item")
    needs[row.id] = set(needed)
    reached, pending = set(needed), list(needed)
    while pending:
        fresh = needs.get(pending.pop(), set()) - reached
        reached |= fresh
        pending += fresh
    if row.id in reached:
        raise unusable("depends_on", "circle")


def _item(sight: Sight, id: str, *states: ItemState) -> PlanItem:
    found = PlanItem.objects.filter(round_id=sight.round, id=id[:36]).first()
    if found is None:
        raise no_such("item")
    if states and found.state not in states:
        raise PlanItemState(title=found.title, state=Phrase(f"thing.item-{found.state}"))
    return found


def move_item(*, by: Person, round: str, item: str, position: int, reason: str) -> None:
    """Put an item at another place in the plan, from 0, and say why it stands there.

    Raises ReasonMissing, RecordNotFound, RoundNotFound, RoundClosed,
    ActNotYours.
    """
    why = reason_for("move", reason)
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        require_open(sight)
        row = _item(sight, item)
        row.position_reason = why
        others = [
            each for each in PlanItem.objects.filter(round_id=sight.round) if each.id != row.id
        ]
        others.insert(min(max(position, 0), len(others)), row)
        for place, each in enumerate(others):
            if each.position != place:
                PlanItem.objects.filter(id=each.id).update(position=place)
        keep_changed(row, ["position_reason"])
        record("plan.moved", by=by, sight=sight, about=row.title, item=row.id, reason=why)


def approve_item(*, by: Person, round: str, item: str, today: date) -> None:
    """Approve an item, where nothing stands in its way on this day.

    Raises PlanItemBlocked, PlanItemState, RecordNotFound, RoundNotFound, ActNotYours.
    """
    with changing(by, round) as sight:
        require(sight.may_approve, sight)
        row = _item(sight, item, ItemState.PROPOSED)
        found = obstacles_of(sight, row.id, today)
        if found:
            raise PlanItemBlocked(title=row.title, count=len(found), why=found[0])
        _move_on(sight, row, by, ItemState.APPROVED, "")


def reject_item(*, by: Person, round: str, item: str, reason: str) -> None:
    """Reject an item with a reason, as the country or the programme. Raises as `approve_item`."""
    why = reason_for("rejection", reason)
    with changing(by, round) as sight:
        require(sight.may_reject, sight)
        row = _item(sight, item, ItemState.PROPOSED, ItemState.APPROVED)
        _move_on(sight, row, by, ItemState.REJECTED, why)


def propose_item_again(*, by: Person, round: str, item: str, reason: str) -> None:
    """Take a rejection or an approval back, with a reason. Raises as `reject_item` does."""
    why = reason_for("reopening", reason)
    with changing(by, round) as sight:
        require(sight.may_reject, sight)
        row = _item(sight, item, ItemState.REJECTED, ItemState.APPROVED)
        _move_on(sight, row, by, ItemState.PROPOSED, why)


def finish_item(*, by: Person, round: str, item: str, outcome: str = "") -> None:
    """That an approved item is done, and by what it is seen. Raises as `reject_item` does."""
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        row = _item(sight, item, ItemState.APPROVED)
        _move_on(sight, row, by, ItemState.DONE, outcome.strip())


def _move_on(sight: Sight, row: PlanItem, by: Person, state: ItemState, reason: str) -> None:
    row.state, row.state_reason = state.value, reason
    keep_changed(row, ["state", "state_reason"])
    record(f"plan.{state.value}", by=by, sight=sight, about=row.title, item=row.id, reason=reason)


def add_due_diligence(
    *,
    by: Person,
    round: str,
    item: str,
    risk: str,
    mitigation: str,
    decision: str,
    decided_by: str,
    review_on: date,
) -> str:
    """Add a Human Rights Due Diligence record; one that refuses takes an approval back.

    Raises FieldNotUsable, RecordNotFound, RoundNotFound, ActNotYours.
    """
    if decision not in DECISIONS:
        raise unusable("decision", "unknown", value=decision[:40])
    with changing(by, round) as sight:
        require(sight.may_plan, sight)
        found = _item(sight, item)
        row = DueDiligence(
            item=found,
            risk=risk.strip(),
            mitigation=mitigation.strip(),
            decision=decision,
            decided_by=decided_by.strip(),
            review_on=review_on,
            by=by,
            at=clock.now(),
        )
        keep(row, "risk", "mitigation", "decided_by")
        record("diligence.added", by=by, sight=sight, about=found.title, decision=decision)
        if decision == "refuse" and found.state == ItemState.APPROVED:
            _move_on(sight, found, by, ItemState.PROPOSED, "")
    return row.id
