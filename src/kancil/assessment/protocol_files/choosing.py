"""A protocol of provisions as a round asks it: the instruments that were chosen, and no others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kancil.assessment.protocol import Indicator, Protocol, Shape


def of_instruments(protocol: Protocol, chosen: Collection[str]) -> Protocol:
    """The protocol without the provisions of instruments that were not chosen.

    Whole where nothing was chosen, where it has no provisions, or where none of the chosen is in
    it. Name, version and digest stay those of the file. A question that hangs on one that is left
    out goes with it, and so does a relation to one.
    """
    known = set(protocol.instruments) & set(chosen)
    if protocol.shape is not Shape.PROVISIONS or not known:
        return protocol
    kept = {id: each for id, each in protocol.indicators.items() if _is_of(each, known)}
    while lost := [
        id for id, each in kept.items() if each.asked_if and each.asked_if.indicator not in kept
    ]:
        for id in lost:
            del kept[id]
    indicators = {
        id: replace(each, related=tuple(one for one in each.related if one.to in kept))
        for id, each in kept.items()
    }
    used = {each.area for each in indicators.values()}
    used |= {parent for each in used if (parent := protocol.areas[each].parent)}
    return replace(
        protocol,
        indicators=indicators,
        areas={id: each for id, each in protocol.areas.items() if id in used},
        instruments={id: each for id, each in protocol.instruments.items() if id in known},
    )


def _is_of(indicator: Indicator, known: Collection[str]) -> bool:
    return indicator.article is None or indicator.article.instrument in known
