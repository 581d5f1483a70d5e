"""Area profile, version 1, as its reference has it: each figure on its own, in fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kancil.assessment.answer import Kind, Outcome, Settled
from kancil.assessment.method import Figure, Line, Profile, best_grade, is_asked
from kancil.assessment.protocol import Indicator, Protocol, Scale, ScaleKind, Scoring
from kancil.ground.phrase import Phrase

_Group = dict[tuple[str, str, str], list[tuple[Indicator, Fraction]]]
_HUNDRED = Fraction(100)


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
        figures = tuple(
            _figure(protocol, scoring, key, members, settled)
            for key, members in _groups(protocol, scoring, settled).items()
        )
        return Profile(
            protocol.name, protocol.sha256, self.name, figures, _blocking(protocol, settled)
        )


AREA_PROFILE_1 = AreaProfile()


def _groups(protocol: Protocol, scoring: Scoring, settled: Mapping[str, Settled]) -> _Group:
    """Gather indicators by what they count for: of, id, scale; each with its weight there.

    In an area an indicator has its own weight; in an area above, and in a sector, that times the
    weight of the areas between.
    """
    groups: _Group = {}
    for indicator in protocol.indicators.values():
        scale = protocol.scales.get(indicator.scale or "")
        if scale is None or scale.kind is not ScaleKind.ORDERED:
            continue
        if not is_asked(protocol, indicator, settled):
            continue
        weight = exact(indicator.weight)
        for of, id, times in _places(protocol, scoring, indicator):
            groups.setdefault((of, id, scale.id), []).append((indicator, weight * times))
    return groups


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


def _figure(
    protocol: Protocol,
    scoring: Scoring,
    key: tuple[str, str, str],
    members: list[tuple[Indicator, Fraction]],
    settled: Mapping[str, Settled],
) -> Figure:
    of, id, scale_id = key
    scale = protocol.scales[scale_id]
    lines = tuple(
        line_of(protocol, indicator, weight, settled.get(indicator.id))
        for indicator, weight in members
    )
    tally = Tally.of(lines, scale)
    capped, uncertain = _critical(scoring, members, lines)
    raw = tally.percent
    cap = exact(scoring.critical.cap_percent) if scoring.critical else _HUNDRED
    is_shown = raw is not None and tally.coverage >= exact(scoring.minimum_coverage)
    percent = min(raw, cap) if raw is not None and capped else raw
    return Figure(
        of=of,
        id=id,
        scale=scale_id,
        percent=percent if is_shown else None,
        raw_percent=raw,
        coverage=tally.coverage,
        confirmed=tally.confirmed,
        band=_band(scoring, percent) if is_shown else None,
        capped_by=capped if raw is not None and raw > cap else (),
        uncertain=uncertain,
        lines=lines,
        reason=None if is_shown else _why_none(tally, scoring),
    )


def line_of(
    protocol: Protocol, indicator: Indicator, weight: Fraction, settled: Settled | None
) -> Line:
    """Say what an indicator brings to a figure."""
    answer = settled.answer if settled else None
    given = answer.given if answer else None
    grade, confirmed = best_grade(protocol, settled)
    is_value = given is not None and given.kind is Kind.VALUE
    return Line(
        indicator=indicator.id,
        weight=weight,
        value=given.value if given and is_value and isinstance(given.value, int) else None,
        kind=given.kind if given else None,
        outcome=settled.outcome if settled else None,
        grade=grade,
        confirmed=confirmed and is_value,
        confidence=answer.confidence if answer else None,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over the lines of a figure."""

    weight: Fraction
    """Of all that applies."""
    answered: Fraction
    reached: Fraction
    """Sum of weight times the share of the scale that was reached."""
    confirmed_weight: Fraction

    @classmethod
    def of(cls, lines: Iterable[Line], scale: Scale) -> Tally:
        """Sum the lines up."""
        weight = answered = reached = confirmed = Fraction(0)
        for line in lines:
            if line.kind is Kind.NOT_APPLICABLE:
                continue
            weight += line.weight
            if line.value is None:
                continue
            answered += line.weight
            reached += line.weight * share_of(scale, line.value)
            confirmed += line.weight if line.confirmed else 0
        return cls(weight, answered, reached, confirmed)

    @property
    def percent(self) -> Fraction | None:
        """Percent reached over what is answered; None where nothing is."""
        return self.reached / self.answered * 100 if self.answered else None

    @property
    def coverage(self) -> Fraction:
        """Percent of the weight that applies to which there is an answer."""
        return self.answered / self.weight * 100 if self.weight else Fraction(0)

    @property
    def confirmed(self) -> Fraction:
        """Percent of the answered weight that is confirmed."""
        return self.confirmed_weight / self.answered * 100 if self.answered else Fraction(0)


def share_of(scale: Scale, value: int) -> Fraction:
    """Give how far up its scale a value stands, 0 to 1."""
    return Fraction(value - scale.lowest, scale.highest - scale.lowest)


def exact(number: float) -> Fraction:
    """Read a number of a protocol as it was written: 1.2 is six fifths."""
    return Fraction(str(number))


def _critical(
    scoring: Scoring, members: list[tuple[Indicator, Fraction]], lines: Iterable[Line]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the critical indicators that are too low, and those whose value is not settled."""
    if scoring.critical is None:
        return (), ()
    low: list[str] = []
    uncertain: list[str] = []
    for (indicator, _), line in zip(members, lines, strict=True):
        if not indicator.critical or line.kind is Kind.NOT_APPLICABLE:
            continue
        if line.value is None:
            uncertain.append(indicator.id)
        elif line.value <= scoring.critical.at_most:
            low.append(indicator.id)
    return tuple(low), tuple(uncertain)


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


def _why_none(tally: Tally, scoring: Scoring) -> Phrase:
    if not tally.weight:
        return Phrase("why.figure-nothing-applies")
    if not tally.answered:
        return Phrase("why.figure-nothing-answered")
    return Phrase("why.figure-coverage", {"minimum": f"{scoring.minimum_coverage:g}"})


def is_disputed(line: Line) -> bool:
    """Say whether a line is missing because two assessors differ."""
    return line.outcome is Outcome.DISPUTED
