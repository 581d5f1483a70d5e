"""From gap to plan: what is short of its target, in which order, and what may not be approved yet.

The order is a suggestion with its reasons, made of classes compared one after another. Within a
class, the size of a gap is the stages it is short, times the weight of its question, times that of
its area; no threat is multiplied with it. A named person changes the order, and a country may
reject an item with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from fractions import Fraction

from kancil.assessment.answer import Kind, Settled
from kancil.assessment.method import Profile, asked_of, is_asked
from kancil.assessment.methods.area_profile_1 import exact
from kancil.assessment.naming import threat_name
from kancil.assessment.protocol import Indicator, Protocol, ScaleKind
from kancil.ground.phrase import Phrase
from kancil.ground.words import spoken


class Choice(IntEnum):
    """What the country itself says of a gap."""

    FIRST = 0
    """It wants this first."""
    OPEN = 1
    """It has said nothing."""
    LATER = 2
    REJECTED = 3
    """With a reason; kept and shown, not planned."""


class Feasibility(IntEnum):
    """How soon it can be done, as the team sees it."""

    READY = 0
    WITH_EFFORT = 1
    NOT_ASSESSED = 2
    HARD = 3


PREVALENCE, IMPACT = "prevalence", "impact"
"""Ids of the parts in which a protocol of threats asks how often and how grave."""


@dataclass(frozen=True, slots=True)
class Threat:
    """A threat of a round on the threat protocol, as far as the order asks."""

    id: str
    concepts: tuple[str, ...]
    prevalence: int | None
    """1 to 5; None: not known."""
    impact: int | None
    name: str = ""
    """In the spoken language; empty: its id."""

    @property
    def is_grave(self) -> bool:
        """Whether it is both widespread and harmful: 4 or 5 on both."""
        return (self.prevalence or 0) >= 4 and (self.impact or 0) >= 4


def threat_of(indicator: Indicator, now: Settled | None) -> Threat:
    """A threat as what counts of a question says; what is not known is None."""
    parts = now.answer.parts if now and now.answer else {}
    stages = {
        name: each.value
        for name, each in parts.items()
        if each.kind is Kind.VALUE and isinstance(each.value, int)
    }
    name = threat_name(indicator.question.in_language(spoken()))
    return Threat(
        indicator.id, indicator.concepts, stages.get(PREVALENCE), stages.get(IMPACT), name
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What people set for one gap."""

    choice: Choice = Choice.OPEN
    reason: str = ""
    """Needed where the country rejects."""
    feasibility: Feasibility = Feasibility.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Gap:
    """An indicator that is short of its target, and why it stands where it stands."""

    indicator: str
    current: int | None
    """None: not known or disputed; what is missing is then the knowledge."""
    target: int
    steps: int
    """Stages short; where it is not known, 0."""
    size: Fraction
    """Steps times the weight of the indicator and of its area."""
    is_critical: bool
    threats: tuple[str, ...]
    """Grave threats that share a concept with it."""
    wish: Wish
    assistance: tuple[str, ...]
    reasons: tuple[Phrase, ...]


def gaps(
    protocol: Protocol,
    settled: Mapping[str, Settled],
    targets: Mapping[str, int],
    *,
    threats: Iterable[Threat] = (),
    wishes: Mapping[str, Wish] | None = None,
) -> list[Gap]:
    """List what is short of its target, in the suggested order.

    `targets`: stage wanted, by indicator; where there is none, the second highest of its scale.
    Order: the country's choice; critical and short; a grave threat that needs it; size of the gap;
    feasibility; then the protocol's own order. Not applicable is no gap, and neither is what nobody
    answered (`unanswered`), unless the country itself said what it wants of it.
    """
    grave = [threat for threat in threats if threat.is_grave]
    found = []
    for indicator in protocol.indicators.values():
        scale = protocol.scales.get(indicator.scale or "")
        if scale is None or scale.kind is not ScaleKind.ORDERED:
            continue
        if not is_asked(protocol, indicator, settled):
            continue
        values = sorted(int(each.value) for each in scale.values)
        target = targets.get(indicator.id, values[-2] if len(values) > 1 else values[-1])
        now = settled.get(indicator.id)
        wish = (wishes or {}).get(indicator.id, Wish())
        if now is None and wish.choice is Choice.OPEN:
            continue
        given = now.answer.given if now and now.answer else None
        if given is not None and given.kind is Kind.NOT_APPLICABLE:
            continue
        is_value = given is not None and given.kind is Kind.VALUE and isinstance(given.value, int)
        current = int(str(given.value)) if given is not None and is_value else None
        if current is not None and current >= target:
            continue
        steps = 0 if current is None else sum(current < value <= target for value in values)
        weights = exact(indicator.weight), exact(protocol.areas[indicator.area].weight)
        size = steps * weights[0] * weights[1]
        concepts = set(indicator.concepts)
        needed_by = [each for each in grave if concepts & set(each.concepts)]
        found.append(
            Gap(
                indicator=indicator.id,
                current=current,
                target=target,
                steps=steps,
                size=size,
                is_critical=indicator.critical,
                threats=tuple(each.id for each in needed_by),
                wish=wish,
                assistance=indicator.assistance,
                reasons=_reasons(
                    current,
                    target,
                    steps,
                    _critical(protocol, current, steps) if indicator.critical else None,
                    [each.name or each.id for each in needed_by],
                    wish,
                    *([_weighed(steps, *weights)] if steps else []),
                ),
            )
        )
    place = {name: number for number, name in enumerate(protocol.indicators)}
    return sorted(found, key=lambda gap: _order(gap, place[gap.indicator]))


def unanswered(protocol: Protocol, settled: Mapping[str, Settled]) -> list[str]:
    """Name what could have a gap and nobody has answered: it is not known whether it is one."""
    return [
        each.id
        for each in asked_of(protocol, settled)
        if each.id not in settled and _is_ordered(protocol, each)
    ]


def _is_ordered(protocol: Protocol, indicator: Indicator) -> bool:
    scale = protocol.scales.get(indicator.scale or "")
    return scale is not None and scale.kind is ScaleKind.ORDERED


def first_unserved(short: Iterable[Gap], served: Collection[str]) -> list[str]:
    """Name the gaps that the country wants first and that no item of the plan serves."""
    wanted = (each.indicator for each in short if each.wish.choice is Choice.FIRST)
    return [name for name in wanted if name not in served]


def _critical(protocol: Protocol, current: int | None, steps: int) -> Phrase:
    """What it means that a short indicator is critical: only what the protocol's rule says."""
    rule = protocol.scoring.critical if protocol.scoring else None
    if current is None:
        return Phrase("why.gap-critical-not-known")
    if rule is None or current > rule.at_most:
        return Phrase("why.gap-critical-short", {"steps": steps})
    key = "why.gap-critical" if rule.blocks_intrusive else "why.gap-critical-capped"
    return Phrase(key, {"cap": f"{rule.cap_percent:g}"})


def _order(gap: Gap, place: int) -> tuple[int, bool, bool, Fraction, int, int]:
    is_critical = gap.is_critical and gap.steps > 0
    return (
        gap.wish.choice,
        not is_critical,
        not (gap.threats and gap.steps > 0),
        -gap.size,
        gap.wish.feasibility,
        place,
    )


def _reasons(
    current: int | None,
    target: int,
    steps: int,
    critical: Phrase | None,
    threats: Sequence[str],
    wish: Wish,
    *weighed: Phrase,
) -> tuple[Phrase, ...]:
    found = []
    if current is None:
        found.append(Phrase("why.gap-not-known", {"target": target}))
    else:
        found.append(
            Phrase("why.gap-steps", {"current": current, "target": target, "steps": steps})
        )
    if critical is not None:
        found.append(critical)
    if threats:
        found.append(Phrase("why.gap-threats", {"threats": "; ".join(threats)}))
    found += weighed
    if wish.choice is not Choice.OPEN:
        found.append(Phrase(f"why.gap-country-{wish.choice.name.lower()}", {"reason": wish.reason}))
    if wish.feasibility is not Feasibility.NOT_ASSESSED:
        code = wish.feasibility.name.lower().replace("_", "-")
        found.append(Phrase(f"why.gap-feasibility-{code}"))
    return tuple(found)


def _weighed(steps: int, own: Fraction, area: Fraction) -> Phrase:
    """How the size of a gap comes about: by it gaps of one class are ordered."""
    said = [f"{float(each):g}" for each in (own, area, steps * own * area)]
    return Phrase(
        "why.gap-weight", {"steps": steps, "own": said[0], "area": said[1], "size": said[2]}
    )


class ItemState(StrEnum):
    """Where an item of a plan stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    """By the country, with a reason."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class DueDiligence:
    """A Human Rights Due Diligence record: support to security forces is weighed first.

    Source: the due diligence policy on support to security forces that is annexed to document
    A/67/775-S/2013/110, as a model; a programme's own policy fits as well.
    """

    risk: str
    mitigation: str
    decision: str
    """`proceed`, `proceed-with-conditions`, `refuse`."""
    by: str
    review_on: str
    """ISO date."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a plan, as far as the rules ask."""

    id: str
    indicators: tuple[str, ...]
    assistance: str
    concepts: tuple[str, ...]
    to_security_forces: bool
    """Whether it supports police or other security forces."""
    state: ItemState
    depends_on: tuple[str, ...] = ()
    due_diligence: DueDiligence | None = None
    not_forces_reason: str = ""
    """Why it is no support to police or other security forces, though it looks so."""


def looks_like_forces(item: Item, protocol: Protocol) -> bool:
    """Whether an item's gaps or its kind of help are such as police or security forces get."""
    kind = protocol.assistance.get(item.assistance)
    forces = {each.id for each in protocol.sectors.values() if each.forces}
    sectors = {known.sector for name in item.indicators if (known := protocol.indicators.get(name))}
    return bool(forces & sectors) or (kind is not None and kind.intrusive)


def obstacles(
    item: Item, plan: Iterable[Item], profile: Profile | None, protocol: Protocol, today: str
) -> list[Phrase]:
    """What keeps an item from being approved; nothing: it may be.

    `today`: ISO date. Support to security forces needs a due-diligence record that does not
    refuse and whose review is not overdue; so does what looks like it, unless somebody wrote why
    it is none. Intrusive help waits, while critical indicators are too
    low, for approved items, themselves not intrusive, that name each of them, and for one that
    answers the concept the protocol names.
    """
    found = []
    is_unsaid = looks_like_forces(item, protocol) and not item.not_forces_reason
    if item.to_security_forces or is_unsaid:
        record = item.due_diligence
        if record is None:
            missing = "no-due-diligence" if item.to_security_forces else "forces-unsaid"
            found.append(Phrase(f"why.plan-{missing}"))
        elif record.decision == "refuse":
            found.append(Phrase("why.plan-due-diligence-refuses"))
        elif record.review_on < today:
            found.append(Phrase("why.plan-due-diligence-overdue", {"on": record.review_on}))
    others = [each for each in plan if each.id != item.id]
    found += _intrusive(item, others, profile, protocol)
    states = {each.id: each.state for each in others}
    for needed in item.depends_on:
        if states.get(needed) not in (ItemState.APPROVED, ItemState.DONE):
            found.append(Phrase("why.plan-depends", {"item": needed}))
    return found


def _intrusive(
    item: Item, others: Sequence[Item], profile: Profile | None, protocol: Protocol
) -> list[Phrase]:
    kind = protocol.assistance.get(item.assistance)
    if kind is None or not kind.intrusive or profile is None:
        return []
    blocking = profile.intrusive_blocked_by
    rule = protocol.scoring.critical if protocol.scoring else None
    if not blocking or rule is None:
        return []
    approved = [each for each in others if each.state in (ItemState.APPROVED, ItemState.DONE)]
    mild = [
        each
        for each in approved
        if (known := protocol.assistance.get(each.assistance)) is None or not known.intrusive
    ]
    named = {name for each in mild for name in each.indicators}
    open_still = [name for name in blocking if name not in named]
    found = []
    if open_still:
        names = ", ".join(open_still)
        found.append(Phrase("why.plan-intrusive-blocked", {"indicators": names}))
    if rule.until is not None and not any(rule.until in each.concepts for each in mild):
        found.append(Phrase("why.plan-intrusive-until", {"concept": rule.until}))
    return found
