"""Two rounds compared: what moved, and what evidence moved it. Older answers are never rewritten.

Where the rounds used two versions of a protocol, an indicator is compared only if exactly one
older indicator became it (`maps_from`); figures are compared over those indicators alone, made
again for both rounds by the newer protocol's method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from kancil.assessment.answer import Evidence, Kind, Settled
from kancil.assessment.method import Figure, Method
from kancil.assessment.protocol import Indicator, Protocol, ScaleKind


class Move(StrEnum):
    """What became of an indicator from one round to the next."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    CHANGED = "changed"
    """Another answer on a scale that has no up and down."""
    KNOWN_NOW = "known-now"
    NO_LONGER_KNOWN = "no-longer-known"
    UNKNOWN_IN_BOTH = "unknown-in-both"
    NEW = "new"
    """Asked for the first time."""
    DROPPED = "dropped"
    """No longer asked."""
    NOT_COMPARABLE = "not-comparable"
    """Split, merged, or on another scale."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One indicator in two rounds."""

    move: Move
    indicator: str | None
    """In the newer protocol; None where it was dropped."""
    was: str | None
    """In the older protocol; None where it is new."""
    before: Settled | None
    now: Settled | None
    evidence_added: tuple[Evidence, ...] = ()
    evidence_gone: tuple[Evidence, ...] = ()

    @property
    def has_moved(self) -> bool:
        """Whether both rounds have an answer, and not the same."""
        return self.move in (Move.UP, Move.DOWN, Move.CHANGED)

    @property
    def moved_without_evidence(self) -> bool:
        """Whether the answer moved though nothing new was brought for it."""
        return self.has_moved and not self.evidence_added


@dataclass(frozen=True, slots=True)
class FigureMoved:
    """One figure in two rounds, over the indicators that can be compared."""

    of: str
    id: str
    scale: str
    before: Fraction | None
    now: Fraction | None
    compared: int
    """Indicators in it."""
    left_out: int
    """Indicators of the newer figure that cannot be compared."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds beside each other."""

    older: str
    newer: str
    """Protocols by name."""
    indicators: tuple[Moved, ...]
    figures: tuple[FigureMoved, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One round to be compared."""

    protocol: Protocol
    settled: Mapping[str, Settled]


def compare(older: Side, newer: Side, method: Method) -> Comparison | None:
    """Compare two rounds; None where neither the version is the same nor a mapping is declared."""
    mapping = mapping_between(older.protocol, newer.protocol)
    if mapping is None:
        return None
    one_to_one = _one_to_one(mapping, older.protocol, newer.protocol)
    moved = [
        _moved(name, one_to_one.get(name), mapping, older, newer)
        for name in newer.protocol.indicators
    ]
    moved += [
        Moved(Move.DROPPED, None, was, older.settled.get(was), None)
        for was in older.protocol.indicators
        if not mapping.get(was)
    ]
    return Comparison(
        older.protocol.name,
        newer.protocol.name,
        tuple(moved),
        _figures(one_to_one, older, newer, method),
    )


def mapping_between(older: Protocol, newer: Protocol) -> Mapping[str, tuple[str, ...]] | None:
    """What became of each older indicator; None where nobody declared it."""
    if older.id != newer.id:
        return None
    if older.version == newer.version:
        return {name: (name,) for name in older.indicators}
    declared = next((each for each in newer.maps_from if each.version == older.version), None)
    return declared.indicators if declared else None


def carried_over(older: Protocol, newer: Protocol) -> dict[str, str] | None:
    """The older indicator of each newer one that an answer may be carried over to.

    Only what one older indicator alone became, on the same scale, with the same parts on theirs.
    None where nobody declared what became of the older version.
    """
    mapping = mapping_between(older, newer)
    if mapping is None:
        return None
    return {
        name: was
        for name, was in _one_to_one(mapping, older, newer).items()
        if _same_parts(older.indicators[was], newer.indicators[name], older, newer)
    }


def _same_parts(was: Indicator, now: Indicator, older: Protocol, newer: Protocol) -> bool:
    before, after = ({each.id: each.scale for each in one.parts} for one in (was, now))
    return before.keys() == after.keys() and all(
        _alike(older, before[part], newer, after[part]) for part in before
    )


def _one_to_one(
    mapping: Mapping[str, tuple[str, ...]], older: Protocol, newer: Protocol
) -> dict[str, str]:
    """The older indicator of each newer one that alone became it, on the same scale."""
    came_from: dict[str, list[str]] = {}
    for was, became in mapping.items():
        for name in became:
            came_from.setdefault(name, []).append(was)
    return {
        name: origins[0]
        for name, origins in came_from.items()
        if len(origins) == 1
        and len(mapping[origins[0]]) == 1
        and origins[0] in older.indicators
        and name in newer.indicators
        and _same_scale(older, origins[0], newer, name)
    }


def _same_scale(older: Protocol, was: str, newer: Protocol, name: str) -> bool:
    one, other = older.indicators[was].scale, newer.indicators[name].scale
    return one == other if one is None or other is None else _alike(older, one, newer, other)


def _alike(older: Protocol, one: str, newer: Protocol, other: str) -> bool:
    a, b = older.scales[one], newer.scales[other]
    values = [[each.value for each in scale.values] for scale in (a, b)]
    return a.kind is b.kind and values[0] == values[1]


def _moved(
    name: str,
    was: str | None,
    mapping: Mapping[str, tuple[str, ...]],
    older: Side,
    newer: Side,
) -> Moved:
    now = newer.settled.get(name)
    if was is None:
        is_known = any(name in became for became in mapping.values())
        return Moved(Move.NOT_COMPARABLE if is_known else Move.NEW, name, None, None, now)
    before = older.settled.get(was)
    added, gone = _evidence(before, now)
    move = _move(newer.protocol, name, before, now)
    return Moved(move, name, was, before, now, added, gone)


def _move(protocol: Protocol, name: str, before: Settled | None, now: Settled | None) -> Move:
    old, new = _value(before), _value(now)
    if old is None or new is None:
        if old is new is None:
            return Move.UNKNOWN_IN_BOTH
        return Move.KNOWN_NOW if old is None else Move.NO_LONGER_KNOWN
    if old == new:
        return Move.SAME
    scale = protocol.scales.get(protocol.indicators[name].scale or "")
    is_ordered = scale is not None and scale.kind is ScaleKind.ORDERED
    if not is_ordered or not isinstance(old[0], int) or not isinstance(new[0], int):
        return Move.CHANGED
    return Move.UP if new[0] > old[0] else Move.DOWN


def _value(settled: Settled | None) -> tuple[object, object] | None:
    """What an answer says, with its parts, in a form that can be compared."""
    answer = settled.answer if settled else None
    if answer is None:
        return None
    given = answer.given
    if given is not None and given.kind is Kind.NOT_KNOWN:
        return None
    own = given.value if given and given.kind is Kind.VALUE else given.kind if given else None
    parts = tuple(sorted((key, each.kind, each.value) for key, each in answer.parts.items()))
    return own, parts


def _evidence(
    before: Settled | None, now: Settled | None
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """What evidence the newer answer has and the older had not, and the other way round."""
    old = before.answer.evidence if before and before.answer else ()
    new = now.answer.evidence if now and now.answer else ()
    known, present = {_key(each) for each in old}, {_key(each) for each in new}
    added = tuple(each for each in new if _key(each) not in known)
    return added, tuple(each for each in old if _key(each) not in present)


def _key(evidence: Evidence) -> tuple[str, ...]:
    if evidence.sha256:
        return ("sha256", evidence.sha256)
    return (evidence.kind, evidence.title, evidence.reference, str(evidence.dated or ""))


def _figures(
    one_to_one: Mapping[str, str], older: Side, newer: Side, method: Method
) -> tuple[FigureMoved, ...]:
    """Make the figures of both rounds over the comparable indicators, by the newer protocol."""
    kept = {name: newer.protocol.indicators[name] for name in one_to_one}
    narrowed = replace(newer.protocol, indicators=_asked_outright(kept))
    carried = {
        name: replace(older.settled[was], indicator=name)
        for name, was in one_to_one.items()
        if was in older.settled
    }
    before = method.profile(narrowed, carried)
    now = method.profile(narrowed, newer.settled)
    whole = method.profile(newer.protocol, newer.settled)
    found = []
    for figure in now.figures:
        old = _same(before.figures, figure)
        all_of_it = _same(whole.figures, figure)
        found.append(
            FigureMoved(
                of=figure.of,
                id=figure.id,
                scale=figure.scale,
                before=old.percent if old else None,
                now=figure.percent,
                compared=len(figure.lines),
                left_out=len(all_of_it.lines) - len(figure.lines) if all_of_it else 0,
            )
        )
    return tuple(found)


def _asked_outright(kept: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Ask what is compared of itself where what it hangs on is not compared."""
    return {
        name: replace(each, asked_if=None)
        if each.asked_if is not None and each.asked_if.indicator not in kept
        else each
        for name, each in kept.items()
    }


def _same(figures: Iterable[Figure], wanted: Figure) -> Figure | None:
    key = (wanted.of, wanted.id, wanted.scale)
    return next((each for each in figures if (each.of, each.id, each.scale) == key), None)
