"""One statute for many treaties: what of an answer goes over to a provision that asks the same.

Only what the protocol states counts: relations *same*, direct or over others that are the same in
turn. *Broader*, *narrower* and *related* carry nothing; they are shown beside. A reservation is
made to one treaty, so that an element answered as reserved stays open in the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kancil.assessment.answer import Answer, Given, Kind
from kancil.assessment.law.matrix import RESERVED, Bond, bonds
from kancil.assessment.protocol import Indicator, Part, Protocol, Relation


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be answered to a provision; nothing is, until its assessor confirms it."""

    source: Answer
    """Their own, to another provision."""
    target: str
    way: tuple[Bond, ...]
    """From the source's provision to the target: one where the protocol states it directly."""
    given: Given | None
    parts: Mapping[str, Given]
    open: tuple[str, ...]
    """Elements of the target to which nothing goes over."""
    follows: str | None = None
    """Their answer that was carried over before, and whose source has changed since."""
    differs: bool = False
    """Whether another answer of theirs, to a provision that asks the same too, says otherwise."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A provision that is near to an answered one, and asks something else."""

    source: Answer
    bond: Bond


def same_as(protocol: Protocol) -> dict[str, dict[str, tuple[Bond, ...]]]:
    """Of each provision those that ask the same, each with the shortest way that leads from it."""
    near = {
        name: [each for each in found if each.relation is Relation.SAME]
        for name, found in bonds(protocol).items()
    }
    return {name: _reached(name, near) for name, found in near.items() if found}


def _reached(start: str, near: Mapping[str, list[Bond]]) -> dict[str, tuple[Bond, ...]]:
    ways: dict[str, tuple[Bond, ...]] = {start: ()}
    waiting = [start]
    for name in waiting:
        for bond in near.get(name, ()):
            if bond.to in near and bond.to not in ways:
                ways[bond.to] = (*ways[name], bond)
                waiting.append(bond.to)
    del ways[start]
    return ways


def proposals(
    protocol: Protocol,
    own: Mapping[str, Answer],
    may_answer: Collection[str],
    again: Mapping[str, str],
) -> tuple[Proposal, ...]:
    """What one assessor's answers give to provisions that ask the same, in the protocol's order.

    `own`: their answers that stand, by provision. `may_answer`: provisions that are asked and not
    closed. `again`: of answers that were carried over and whose source has changed since, the
    provision of that source; to all others that are answered nothing is proposed.
    """
    reached = same_as(protocol)
    found = []
    for target in protocol.indicators:
        if target not in may_answer or (target in own and target not in again):
            continue
        wanted = {again[target]} if target in again else reached.get(target, {}).keys() - again
        ways = [
            (reached[name][target], own[name])
            for name in protocol.indicators
            if name in wanted and name in own and target in reached[name]
        ]
        offers = [
            offer
            for way, source in sorted(ways, key=lambda each: len(each[0]))
            if (offer := _offer(protocol, source, target, way)) is not None
        ]
        if offers:
            first, *others = offers
            said = (first.given, first.parts)
            before = own.get(target)
            found.append(
                replace(
                    first,
                    follows=before.id if before else None,
                    differs=any((each.given, each.parts) != said for each in others),
                )
            )
    return tuple(found)


def _offer(
    protocol: Protocol, source: Answer, target: str, way: tuple[Bond, ...]
) -> Proposal | None:
    """What of an answer fits the other provision; None where nothing does."""
    there, here = protocol.indicators[source.indicator], protocol.indicators[target]
    given = source.given if _is_same_scale(there, here) and _carries(source.given) else None
    if given is None and here.scale is not None:
        return None
    same = {each.id: each for each in there.parts}
    parts = {
        part.id: value
        for part in here.parts
        if part.id in same
        and _is_same_question(same[part.id], part)
        and _carries(value := source.parts.get(part.id))
        and value is not None
    }
    if given is None and not parts:
        return None
    left = tuple(part.id for part in here.parts if part.id not in parts)
    return Proposal(source, target, way, given, parts, left)


def _is_same_scale(one: Indicator, other: Indicator) -> bool:
    return one.scale == other.scale and one.stages == other.stages


def _is_same_question(one: Part, other: Part) -> bool:
    """Whether two elements of the same id are of one kind and scale.

    Their words may differ, as the treaties' do; whoever confirms is shown both.
    """
    return (one.kind, one.scale) == (other.kind, other.scale)


def _carries(given: Given | None) -> bool:
    """Whether an answer is a value that holds for another treaty too."""
    return given is not None and given.kind is Kind.VALUE and given.value != RESERVED


def beside(
    protocol: Protocol, own: Mapping[str, Answer], may_answer: Collection[str]
) -> tuple[Beside, ...]:
    """What is broader, narrower or related to what somebody answered, and is open to them still."""
    return tuple(
        Beside(own[name], bond)
        for name, found in bonds(protocol).items()
        if name in own
        for bond in found
        if bond.relation is not Relation.SAME and bond.to in may_answer and bond.to not in own
    )
