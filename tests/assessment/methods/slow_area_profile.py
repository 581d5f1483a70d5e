"""The sums of the area profile, version 1, as its reference has them: in fractions, one by one.

The member makes them in whole numbers, with groups and weights made once for a protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kancil.assessment.answer import Kind, Settled
from kancil.assessment.method import is_asked
from kancil.assessment.protocol import Indicator, Protocol, Scale, ScaleKind, Scoring, Shape

Key = tuple[str, str, str]
"""What a figure is of, its id and its scale."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of one figure come to."""

    weights: tuple[tuple[str, Fraction], ...]
    """Of each indicator, in order."""
    raw_percent: Fraction | None
    coverage: Fraction
    confirmed: Fraction
    low: tuple[str, ...]
    """Critical indicators that are too low."""
    uncertain: tuple[str, ...]
    """Critical indicators with no settled value."""


def sums(protocol: Protocol, settled: Mapping[str, Settled]) -> dict[Key, Sums]:
    """Sum every figure of a protocol that is scored, in the profile's order."""
    scoring = protocol.scoring
    assert scoring is not None
    groups: dict[Key, list[tuple[Indicator, Fraction]]] = {}
    for indicator in protocol.indicators.values():
        scale = protocol.scales.get(indicator.scale or "")
        if scale is None or scale.kind is not ScaleKind.ORDERED:
            continue
        if not is_asked(protocol, indicator, settled):
            continue
        weight = exact(indicator.weight)
        for of, id, times in _places(protocol, scoring, indicator):
            groups.setdefault((of, id, scale.id), []).append((indicator, weight * times))
    return {
        key: _sums(protocol, scoring, protocol.scales[key[2]], members, settled)
        for key, members in groups.items()
    }


def _places(
    protocol: Protocol, scoring: Scoring, indicator: Indicator
) -> Iterable[tuple[str, str, Fraction]]:
    """What an indicator counts for, and how often its own weight.

    In an area above its own, and in a sector, that times the weight of the areas between.
    """
    area, times = protocol.areas[indicator.area], Fraction(1)
    own = exact(area.weight)
    if scoring.by == "instrument":
        if area.instrument is not None:
            yield "instrument", area.instrument, times
        return
    while True:
        yield "area", area.id, times
        if area.parent is None:
            break
        times *= exact(area.weight)
        area = protocol.areas[area.parent]
    yield "sector", indicator.sector, own


def _sums(
    protocol: Protocol,
    scoring: Scoring,
    scale: Scale,
    members: list[tuple[Indicator, Fraction]],
    settled: Mapping[str, Settled],
) -> Sums:
    weight = answered = reached = confirmed = Fraction(0)
    low: list[str] = []
    uncertain: list[str] = []
    for indicator, own in members:
        now = settled.get(indicator.id)
        given = now.answer.given if now and now.answer else None
        if given is not None and given.kind is Kind.NOT_APPLICABLE:
            continue
        weight += own
        is_value = given is not None and given.kind is Kind.VALUE
        value = given.value if given and is_value and isinstance(given.value, int) else None
        if value is not None:
            answered += own
            reached += own * Fraction(value - scale.lowest, scale.highest - scale.lowest)
            confirmed += own if now and _is_confirmed(protocol, now) else 0
        if indicator.critical and scoring.critical is not None:
            if value is None:
                uncertain.append(indicator.id)
            elif value <= scoring.critical.at_most:
                low.append(indicator.id)
    return Sums(
        weights=tuple((each.id, own) for each, own in members),
        raw_percent=reached / answered * 100 if answered else None,
        coverage=answered / weight * 100 if weight else Fraction(0),
        confirmed=confirmed / answered * 100 if answered else Fraction(0),
        low=tuple(low),
        uncertain=tuple(uncertain),
    )


def _is_confirmed(protocol: Protocol, now: Settled) -> bool:
    """Whether the best grade of its evidence confirms; of provisions, that of a text of law."""
    assert now.answer is not None
    is_law = protocol.shape is Shape.PROVISIONS
    order = list(protocol.grades)
    best = None
    for item in now.answer.evidence:
        if item.grade not in order:
            continue
        confirms = protocol.grades[item.grade].confirmed
        if is_law and confirms and not item.extract:
            continue
        if best is None or order.index(item.grade) < order.index(best):
            best = item.grade
    return best is not None and protocol.grades[best].confirmed


def exact(number: float) -> Fraction:
    """Read a number of a protocol as it was written: 1.2 is six fifths."""
    return Fraction(str(number))
