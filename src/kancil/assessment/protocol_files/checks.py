"""What several keys of a protocol say together: circles, stages beside scales, relations.

`reading` hands in the protocol it made, which may still lack what was wrong by itself; a check that
needs such a part says nothing, since the fault is told already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kancil.assessment.planning.plan import IMPACT, PREVALENCE
from kancil.assessment.protocol import (
    Confidence,
    Indicator,
    Protocol,
    Scale,
    ScaleKind,
    Shape,
    Standing,
)
from kancil.assessment.protocol_files.fields import SHOWN, Reading
from kancil.ground.yaml_tree import Listed, Node

WITH_VALUES = frozenset((ScaleKind.ORDERED, ScaleKind.CHOICE, ScaleKind.MANY))
RESERVED = frozenset(("na", "nk"))
"""Not applicable and not known may be answered everywhere, and are no values of a scale."""
SHOWN_VALUES = 30
SHOWN_CIRCLE = 12
SHOWN_CIRCLES = 20


@dataclass(frozen=True, slots=True)
class _Lookup:
    """What is looked up for every indicator, made once: a file may have very many of each."""

    indicators: Mapping[str, Indicator]
    scales: Mapping[str, Scale]
    values: Mapping[str, frozenset[int | str]]
    """The values of each scale."""
    parts: Mapping[tuple[str, str], str]
    """The scale of each part, by indicator and part."""

    @classmethod
    def of(cls, protocol: Protocol) -> _Lookup:
        scales, indicators = protocol.scales, protocol.indicators
        return cls(
            indicators,
            scales,
            {id: frozenset(each.value for each in scale.values) for id, scale in scales.items()},
            {(id, part.id): part.scale for id, each in indicators.items() for part in each.parts},
        )


def cross_check(
    reading: Reading, protocol: Protocol, file_name: str, methods: Collection[str]
) -> None:
    """Keep a fault for all that does not fit together."""
    _check_head(reading, protocol, file_name)
    for scale in protocol.scales.values():
        _check_scale(reading, scale)
    for instrument in protocol.instruments.values():
        at = f"instruments/{instrument.id}"
        _check_confidence(reading, at, instrument.confidence, instrument.confidence_note)
    lookup = _Lookup.of(protocol)
    for indicator in protocol.indicators.values():
        _check_indicator(reading, lookup, indicator)
        _check_asked_if(reading, lookup, indicator)
        if protocol.shape is Shape.THREATS:
            _check_threat(reading, lookup, indicator)
    _check_related(reading, protocol)
    _check_circles(reading, protocol)
    _check_scoring(reading, protocol, methods)
    _check_older(reading, protocol)


def _check_head(reading: Reading, protocol: Protocol, file_name: str) -> None:
    id_node = reading.places.get("id")
    expected = f"{protocol.name}.yaml"
    if id_node is not None and protocol.id and protocol.version and file_name != expected:
        reading.fault("protocol-file-name", id_node, name=file_name[:200], expected=expected)
    standing, review = reading.places.get("standing"), reading.places.get("reviewed")
    if standing is None:
        return
    if protocol.standing is Standing.REVIEWED and review is None:
        reading.fault("protocol-review-missing", standing)
    if protocol.standing is Standing.PROPOSAL and review is not None:
        reading.fault("protocol-review-too-soon", review)


def _check_scale(reading: Reading, scale: Scale) -> None:
    at = f"scales/{scale.id}"
    kind_node, node = reading.places.get(f"{at}/kind"), reading.places.get(f"{at}/values")
    if kind_node is None:
        return
    if scale.kind not in WITH_VALUES:
        if node is not None:
            reading.fault("protocol-values-unused", node, id=scale.id, kind=scale.kind.value)
        return
    if node is None:
        reading.fault("protocol-values-missing", kind_node, id=scale.id, kind=scale.kind.value)
        return
    if not isinstance(node, Listed) or len(node.items) != len(scale.values):
        return
    if len(scale.values) < 2:
        reading.fault("protocol-values-too-few", node, id=scale.id)
    seen: set[int | str] = set()
    before: int | str | None = None
    for each, item in zip(scale.values, node.items, strict=True):
        value = each.value
        shown = str(value)[:SHOWN]
        if value in seen:
            reading.fault("protocol-value-twice", item, id=scale.id, value=shown)
        elif isinstance(value, int) and isinstance(before, int) and value < before:
            reading.fault("protocol-values-not-ascending", item, id=scale.id, value=shown)
        elif value in RESERVED:
            reading.fault("protocol-value-reserved", item, value=shown)
        seen.add(value)
        before = value


def _check_confidence(
    reading: Reading, at: str, confidence: Confidence | None, note: object
) -> None:
    node = reading.places.get(f"{at}/confidence")
    if node is None or note is not None or f"{at}/confidence_note" in reading.places:
        return
    if confidence in {Confidence.MEDIUM, Confidence.LOW}:
        reading.fault("protocol-confidence-without-note", node, confidence=confidence.value)


def _check_indicator(reading: Reading, lookup: _Lookup, indicator: Indicator) -> None:
    at = f"indicators/{indicator.id}"
    here = reading.known["indicators"][indicator.id]
    _check_confidence(reading, at, indicator.confidence, indicator.confidence_note)
    has_scale = f"{at}/scale" in reading.places
    if not has_scale and f"{at}/parts" not in reading.places:
        reading.fault("protocol-scale-missing", here, id=indicator.id)
    stages = reading.places.get(f"{at}/stages")
    scale = lookup.scales.get(indicator.scale or "")
    if stages is None or (has_scale and scale is None):
        return
    if scale is None or scale.kind is not ScaleKind.ORDERED:
        reading.fault("protocol-stages-unused", stages, id=indicator.id)
        return
    values = lookup.values[scale.id]
    if values and set(indicator.stages) != values:
        reading.fault(
            "protocol-stages-differ",
            stages,
            id=indicator.id,
            scale=scale.id,
            stages=_listed(sorted(indicator.stages)),
            values=_listed([each.value for each in scale.values[:SHOWN_VALUES]]),
        )


def _check_threat(reading: Reading, lookup: _Lookup, indicator: Indicator) -> None:
    """How widespread and how harmful a threat is stands on five stages; 4 and 5 are grave."""
    for part in (PREVALENCE, IMPACT):
        name = lookup.parts.get((indicator.id, part))
        scale = lookup.scales.get(name or "")
        here = reading.known["indicators"][indicator.id]
        if name is None:
            reading.fault("protocol-threat-part", here, id=indicator.id, part=part)
        elif scale is not None and lookup.values[scale.id] != frozenset(range(1, 6)):
            reading.fault("protocol-threat-scale", here, id=indicator.id, part=part, scale=scale.id)


def _listed(values: Sequence[int | str]) -> str:
    return ", ".join(str(each)[:SHOWN] for each in values[:SHOWN_VALUES]) or "–"


def _check_asked_if(reading: Reading, lookup: _Lookup, indicator: Indicator) -> None:
    """An indicator may be asked after a value that the other's scale has, and after none else."""
    condition = indicator.asked_if
    node = reading.places.get(f"indicators/{indicator.id}/asked_if")
    other = lookup.indicators.get(condition.indicator) if condition else None
    if condition is None or node is None or other is None:
        return
    name = other.scale
    if condition.part is not None:
        name = lookup.parts.get((other.id, condition.part))
        if name is None:
            reading.fault("protocol-unknown-part", node, id=other.id, part=condition.part)
            return
    elif name is None:
        reading.fault("protocol-part-needed", node, id=other.id)
        return
    scale = lookup.scales.get(name)
    if scale is None:
        return
    if scale.kind not in WITH_VALUES:
        reading.fault("protocol-asked-if-open", node, id=other.id, kind=scale.kind.value)
        return
    has = _listed([each.value for each in scale.values[:SHOWN_VALUES]])
    for value in condition.values:
        if value not in lookup.values[scale.id]:
            shown = str(value)[:SHOWN]
            reading.fault("protocol-unknown-value", node, value=shown, scale=scale.id, values=has)


def _check_related(reading: Reading, protocol: Protocol) -> None:
    """A relation is stated once, on either side; none is to oneself."""
    first: dict[frozenset[str], Node] = {}
    for indicator in protocol.indicators.values():
        node = reading.places.get(f"indicators/{indicator.id}/related")
        items = node.items if isinstance(node, Listed) else []
        for related, item in zip(indicator.related, items, strict=False):
            if not related.to:
                continue
            pair = frozenset((indicator.id, related.to))
            if related.to == indicator.id:
                reading.fault("protocol-related-to-itself", item, id=indicator.id)
            elif pair in first:
                line = first[pair].line
                reading.fault(
                    "protocol-related-twice", item, id=indicator.id, to=related.to, first=line
                )
            else:
                first[pair] = item


def _check_circles(reading: Reading, protocol: Protocol) -> None:
    indicators = protocol.indicators.values()
    graphs: tuple[tuple[str, str, Mapping[str, Sequence[str]]], ...] = (
        ("areas", "parent", {
            each.id: (each.parent,) if each.parent else () for each in protocol.areas.values()
        }),
        ("indicators", "depends_on", {each.id: each.depends_on for each in indicators}),
        ("indicators", "asked_if", {
            each.id: (each.asked_if.indicator,) if each.asked_if else () for each in indicators
        }),
    )  # fmt: skip
    for of, key, graph in graphs:
        for count, circle in enumerate(circles(graph)):
            if count == SHOWN_CIRCLES:
                break
            node = reading.places.get(f"{of}/{circle[0]}/{key}")
            if node is not None:
                shown = [*circle[:SHOWN_CIRCLE], "…"] if len(circle) > SHOWN_CIRCLE else circle
                reading.fault("protocol-circle", node, key=key, circle=" → ".join(shown))


def circles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Find circles in a graph of ids, each as the ids along it with the first once more at its end.

    Every graph with a circle gives one at least; without recursion, since a file may be deep.
    """
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        way, at = [start], {start: 0}
        left = [iter(graph[start])]
        while way:
            following = next(left[-1], None)
            if following is None:
                left.pop()
                done.add(way[-1])
                del at[way.pop()]
            elif following in at:
                yield [*way[at[following] :], following]
            elif following in graph and following not in done:
                at[following] = len(way)
                way.append(following)
                left.append(iter(graph[following]))


def _check_scoring(reading: Reading, protocol: Protocol, methods: Collection[str]) -> None:
    scoring = protocol.scoring
    if scoring is None:
        return
    method = reading.places.get("scoring/method")
    if method is not None and scoring.method and scoring.method not in methods:
        known = ", ".join(methods)
        reading.fault("protocol-unknown-method", method, name=scoring.method[:SHOWN], known=known)
    before = None
    for band in scoring.bands:
        node = reading.places.get(f"scoring/bands/{band.id}/min")
        if node is None:
            continue
        if before is None and band.min != 0:
            reading.fault("protocol-bands-not-from-0", node, id=band.id)
        elif before is not None and band.min <= before:
            reading.fault("protocol-bands-not-ascending", node, id=band.id)
        before = band.min


def _check_older(reading: Reading, protocol: Protocol) -> None:
    node = reading.places.get("maps_from")
    items = node.items if isinstance(node, Listed) else []
    seen: set[str] = set()
    for older, item in zip(protocol.maps_from, items, strict=False):
        if older.version == protocol.version:
            reading.fault("protocol-maps-from-itself", item, version=older.version)
        elif older.version in seen:
            reading.fault("protocol-maps-from-twice", item, version=older.version)
        if older.version:
            seen.add(older.version)
