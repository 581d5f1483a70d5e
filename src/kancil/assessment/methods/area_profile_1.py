"""Area profile, version 1: weighted means of stages with their coverage, confirmation and caps.

Source: our own proposal, published with the protocols; areas shown beside each other without a
total after the Cybersecurity Capacity Maturity Model for Nations (GCSCC, 2021 edition), which
gives stages by dimension and no rank. What is known of its error: nothing; weights and thresholds
are conventions that nobody has validated. Two assessors' agreement is shown, and is not accuracy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm

from kancil.assessment.answer import Kind, Outcome, Settled
from kancil.assessment.method import Figure, Line, Profile, best_grade, is_asked
from kancil.assessment.protocol import (
    Confidence,
    Indicator,
    Protocol,
    Scale,
    ScaleKind,
    Scoring,
)
from kancil.ground.phrase import Phrase

_HUNDRED = Fraction(100)
_MOST_PLANS = 64


@dataclass(frozen=True, slots=True)
class AreaProfile:
    """The member; see the module."""

    name: str = "area-profile-1"
    source: str = "Kancil's own proposal; areas without a total after GCSCC CMM 2021"

    def profile(self, protocol: Protocol, settled: Mapping[str, Settled]) -> Profile:
        """Make the figures: per area or instrument, and per sector, each on one scale."""
        scoring = protocol.scoring
        if scoring is None:
            return Profile(protocol.name, protocol.sha256, self.name, (), ())
        plan = _plan(protocol, scoring)
        brought = {
            each.id: _brought(protocol, settled.get(each.id))
            for each in plan.indicators
            if each.asked_if is None or is_asked(protocol, each, settled)
        }
        figures = tuple(
            _figure(scoring, group, members, brought)
            for group in plan.groups
            if (members := [each for each in group.members if each.indicator.id in brought])
        )
        return Profile(
            protocol.name, protocol.sha256, self.name, figures, _blocking(protocol, settled)
        )


AREA_PROFILE_1 = AreaProfile()


@dataclass(frozen=True, slots=True)
class _Member:
    """An indicator in a group."""

    indicator: Indicator
    weight: Fraction
    units: int
    """Its weight in the group's units."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What makes one figure: indicators on one scale, in an area, instrument or sector."""

    of: str
    id: str
    scale: Scale
    members: tuple[_Member, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a protocol's figures are made of, the same in every round."""

    protocol: Protocol
    indicators: tuple[Indicator, ...]
    groups: tuple[_Group, ...]


_plans: dict[str, _Plan] = {}


def _plan(protocol: Protocol, scoring: Scoring) -> _Plan:
    """What the figures are made of, made once for a protocol.

    In an area an indicator has its own weight; in an area above, and in a sector, that times the
    weight of the areas between. Sums are of whole numbers: a group's weights over one denominator.
    """
    kept = _plans.get(protocol.sha256)
    if kept is not None and kept.protocol is protocol:
        return kept
    found: dict[tuple[str, str, str], list[tuple[Indicator, Fraction]]] = {}
    indicators = []
    for indicator in protocol.indicators.values():
        scale = protocol.scales.get(indicator.scale or "")
        if scale is None or scale.kind is not ScaleKind.ORDERED:
            continue
        indicators.append(indicator)
        weight = exact(indicator.weight)
        for of, id, times in _places(protocol, scoring, indicator):
            found.setdefault((of, id, scale.id), []).append((indicator, weight * times))
    groups = [_group(protocol.scales[key[2]], key, members) for key, members in found.items()]
    if len(_plans) >= _MOST_PLANS:
        _plans.clear()
    made = _plans[protocol.sha256] = _Plan(protocol, tuple(indicators), tuple(groups))
    return made


def _group(
    scale: Scale, key: tuple[str, str, str], members: list[tuple[Indicator, Fraction]]
) -> _Group:
    unit = lcm(*(weight.denominator for _, weight in members))
    return _Group(
        key[0],
        key[1],
        scale,
        tuple(_Member(each, weight, int(weight * unit)) for each, weight in members),
    )


def _places(
    protocol: Protocol, scoring: Scoring, indicator: Indicator
) -> Iterable[tuple[str, str, Fraction]]:
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


@dataclass(frozen=True, slots=True)
class _Brought:
    """What an indicator brings to every figure it counts for."""

    value: int | None
    kind: Kind | None
    outcome: Outcome | None
    grade: str | None
    confirmed: bool
    confidence: Confidence | None


def _brought(protocol: Protocol, settled: Settled | None) -> _Brought:
    answer = settled.answer if settled else None
    given = answer.given if answer else None
    grade, confirmed = best_grade(protocol, settled)
    is_value = given is not None and given.kind is Kind.VALUE
    return _Brought(
        given.value if given and is_value and isinstance(given.value, int) else None,
        given.kind if given else None,
        settled.outcome if settled else None,
        grade,
        confirmed and is_value,
        answer.confidence if answer else None,
    )


def _figure(
    scoring: Scoring, group: _Group, members: list[_Member], brought: Mapping[str, _Brought]
) -> Figure:
    lines: list[Line] = []
    low: list[str] = []
    uncertain: list[str] = []
    weight = answered = reached = confirmed = 0
    lowest, rule = group.scale.lowest, scoring.critical
    for each in members:
        name, units = each.indicator.id, each.units
        one = brought[name]
        lines.append(
            Line(
                name, each.weight, one.value, one.kind, one.outcome, one.grade, one.confirmed,
                one.confidence,
            )
        )  # fmt: skip
        if one.kind is Kind.NOT_APPLICABLE:
            continue
        weight += units
        if one.value is not None:
            answered += units
            reached += units * (one.value - lowest)
            confirmed += units if one.confirmed else 0
        if rule is not None and each.indicator.critical:
            if one.value is None:
                uncertain.append(name)
            elif one.value <= rule.at_most:
                low.append(name)
    raw = _percent(reached, answered * (group.scale.highest - lowest))
    coverage = _percent(answered, weight) or Fraction(0)
    cap = exact(rule.cap_percent) if rule else _HUNDRED
    is_shown = raw is not None and coverage >= exact(scoring.minimum_coverage)
    percent = min(raw, cap) if raw is not None and low else raw
    return Figure(
        of=group.of,
        id=group.id,
        scale=group.scale.id,
        percent=percent if is_shown else None,
        raw_percent=raw,
        coverage=coverage,
        confirmed=_percent(confirmed, answered) or Fraction(0),
        band=_band(scoring, percent) if is_shown else None,
        capped_by=tuple(low) if raw is not None and raw > cap else (),
        uncertain=tuple(uncertain),
        lines=tuple(lines),
        reason=None if is_shown else _why_none(scoring, weight=weight, answered=answered),
    )


def _percent(part: int, whole: int) -> Fraction | None:
    """A part in percent; None of nothing."""
    return Fraction(part * 100, whole) if whole else None


@cache
def exact(number: float) -> Fraction:
    """Read a number of a protocol as it was written: 1.2 is six fifths."""
    return Fraction(str(number))


def _blocking(protocol: Protocol, settled: Mapping[str, Settled]) -> tuple[str, ...]:
    rule = protocol.scoring.critical if protocol.scoring else None
    if rule is None or not rule.blocks_intrusive:
        return ()
    found = []
    for indicator in protocol.indicators.values():
        now = settled.get(indicator.id)
        given = now.answer.given if now and now.answer else None
        if not indicator.critical or given is None or given.kind is not Kind.VALUE:
            continue
        if isinstance(given.value, int) and given.value <= rule.at_most:
            found.append(indicator.id)
    return tuple(found)


def _band(scoring: Scoring, percent: Fraction | None) -> str | None:
    if percent is None:
        return None
    fitting = [band for band in scoring.bands if exact(band.min) <= percent]
    return max(fitting, key=lambda band: band.min).id if fitting else None


def _why_none(scoring: Scoring, *, weight: int, answered: int) -> Phrase:
    if not weight:
        return Phrase("why.figure-nothing-applies")
    if not answered:
        return Phrase("why.figure-nothing-answered")
    return Phrase("why.figure-coverage", {"minimum": f"{scoring.minimum_coverage:g}"})
