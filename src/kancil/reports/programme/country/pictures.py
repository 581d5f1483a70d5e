"""The charts of a document: the same ones as on the pages, with their style inside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kancil.assessment.answer import Settled
from kancil.assessment.export import OneProtocol, Planned
from kancil.assessment.method import Figure
from kancil.assessment.naming import threat_name
from kancil.assessment.planning.plan import IMPACT, PREVALENCE, threat_of
from kancil.assessment.protocol import Indicator, Protocol
from kancil.assessment.sensitivity import Bounds
from kancil.ground.words import render
from kancil.reports.document.blocks import Picture, cut
from kancil.reports.programme.charts import (
    About,
    Bar,
    Mark,
    MovedBar,
    Span,
    SpanState,
    Sureness,
    Trend,
    area_bars,
    moved_bars,
    threat_matrix,
    timeline,
)

from .saying import figure_title, phrases, plain

_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="([\d.]+)"')
_LABEL_MOST = 140
WIDTH = 720


def about(key: str, title: str, desc: str, width: int = WIDTH) -> About:
    """What stands with a picture in a document. `key`: another one for each picture."""
    return About(key, title, desc, width, standalone=True)


def picture(svg: str, of: About) -> Picture:
    """A picture with the size that it came out at."""
    svg = svg.replace("↑", "+").replace("↓", "–")  # no font of ours has arrows
    found = _SIZE.search(svg)
    wide, high = (int(found[1]), round(float(found[2]))) if found else (of.width, of.width)
    return Picture(svg, of.title, of.desc, wide, high)


def short(text: str) -> str:
    """Cut a long label of a picture; the table beside has the whole of it."""
    return cut(text, _LABEL_MOST)


def areas_picture(one: OneProtocol, figures: Sequence[Figure], of: str) -> Picture | None:
    """Draw what each area or instrument reaches."""
    if not figures:
        return None
    bounds = {(each.of, each.id, each.scale): each for each in one.bounds}
    bars = [
        _bar(one.protocol, each, bounds.get((each.of, each.id, each.scale))) for each in figures
    ]
    title = render(f"name.paper-by-{of}")
    said = about(
        f"{one.protocol.name}-{of}", f"{plain(one.protocol.title)}: {title}",
        render("note.paper-chart-bars", count=len(bars)),
    )  # fmt: skip
    return picture(area_bars(bars, said), said)


def _bar(protocol: Protocol, figure: Figure, bounds: Bounds | None) -> Bar:
    return Bar(
        label=short(figure_title(protocol, figure.of, figure.id)),
        percent=figure.percent,
        coverage=figure.coverage,
        confirmed=figure.confirmed,
        raw=figure.raw_percent if figure.capped_by else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        reason=phrases([figure.reason]) if figure.reason else "",
    )


def threats_picture(one: OneProtocol) -> Picture | None:
    """Draw each threat by how often it is met and how much harm it does."""
    protocol = one.protocol
    words = [threat_stages(protocol, part) for part in (PREVALENCE, IMPACT)]
    if not all(words):
        return None
    marks = [replace(each, label=short(each.label)) for each in threat_marks(protocol, one.settled)]
    said = about(
        f"{protocol.name}-threats", plain(protocol.title),
        render("note.paper-chart-threats", count=len(marks)),
    )  # fmt: skip
    return picture(threat_matrix(marks, words[0], words[1], said), said)


def threat_stages(protocol: Protocol, part: str) -> list[str]:
    """The words of the stages of a part of the questions, the lowest first."""
    for indicator in protocol.indicators.values():
        for each in indicator.parts:
            if each.id == part:
                values = sorted(protocol.scales[each.scale].values, key=lambda one: int(one.value))
                return [plain(one.label) for one in values]
    return []


def threat_marks(protocol: Protocol, settled: Mapping[str, Settled]) -> list[Mark]:
    """The mark of each threat, as what counts says: for a page and a document.

    How sure a judgement is, the answer says where nothing is said of it in its own part.
    """
    return [_mark(each, settled.get(each.id)) for each in protocol.indicators.values()]


def _mark(indicator: Indicator, now: Settled | None) -> Mark:
    threat, answer = threat_of(indicator, now), now.answer if now else None
    said = {name: str(each.value) for name, each in answer.parts.items()} if answer else {}
    own = _SURE.get(answer.confidence.value, Sureness.UNKNOWN) if answer else Sureness.UNKNOWN
    return Mark(
        threat_name(plain(indicator.question)),
        threat.prevalence,
        threat.impact,
        _TRENDS.get(said.get(TREND, ""), Trend.UNKNOWN),
        _SURE.get(said.get(CONFIDENCE, ""), own),
    )


TREND, CONFIDENCE = "trend", "confidence"
"""Ids of the parts in which a protocol of threats asks where it goes, and how sure that is."""
_TRENDS = {"rising": Trend.UP, "steady": Trend.SAME, "falling": Trend.DOWN}
_SURE = {"high": Sureness.HIGH, "medium": Sureness.MEDIUM, "low": Sureness.LOW}


def plan_picture(plan: Sequence[Planned], today: date) -> Picture | None:
    """Draw the plan in time."""
    if not any(each.begins_on for each in plan):
        return None
    spans = [
        Span(
            each.item.id, short(each.title), each.begins_on, each.months or 1,
            SpanState(each.item.state.value), each.item.depends_on,
        )
        for each in plan
    ]  # fmt: skip
    said = about("plan", render("name.paper-plan"), render("note.paper-chart-plan"))
    return picture(timeline(spans, today, said), said)


def comparison_picture(
    protocol: Protocol, rows: Sequence[MovedBar], key: str, title: str
) -> Picture | None:
    """Draw each figure then and now."""
    if not rows:
        return None
    said = about(
        f"{protocol.name}-{key}", f"{plain(protocol.title)}: {title}",
        render("note.paper-chart-moved", count=len(rows)),
    )  # fmt: skip
    return picture(moved_bars(rows, said), said)
