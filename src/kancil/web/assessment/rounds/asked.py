"""One question of a protocol: what can be answered, where it comes from, how sure that is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.giving import indicator_of
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.queries.site import kept_protocol
from kancil.ground.phrase import Phrase
from kancil.web.assessment.site.protocols import (
    SAMPLE,
    code_of,
    compared_tag,
    indicator_title,
    said,
    sources_of,
    sure,
    way_to,
)
from kancil.web.cells import Section, facts, link, show, table, tag
from kancil.web.parts import Cell
from kancil.web.programme_page import EVERYONE, page


@page(
    "protocols/<str:protocol>/<str:indicator>/", "asked", may=EVERYONE,
    sample={**SAMPLE, "indicator": "none"},
)  # fmt: skip
def asked_page(request: HttpRequest, protocol: str, indicator: str) -> HttpResponse:
    """One question of a protocol, with its stages, sources and relations."""
    found = kept_protocol(protocol).protocol
    each = indicator_of(found, indicator)
    area = found.areas.get(each.area)
    told: list[tuple[str, Cell]] = [
        ("area", said(area.title) if area else each.area),
        ("sector", said(found.sectors[each.sector].title)),
        ("weight", f"{each.weight:g}"),
        ("how-sure", sure(each.confidence)),
        ("compared", compared_tag(each)),
    ]
    if each.critical:
        told.insert(3, ("weighs", tag("danger", "web.indicator.critical")))
    if each.article is not None:
        told.insert(0, ("question", said(each.question)))
    if each.asked_if is not None:
        there = {"protocol": found.name, "indicator": each.asked_if.indicator}
        told.append(
            (
                "asked-if",
                link(reverse("asked", kwargs=there), code_of(found, each.asked_if.indicator)),
            )
        )
    if each.confidence_note is not None:
        told.append(("confidence-note", said(each.confidence_note)))
    for name, text in (("help", each.help), ("of-note", each.note)):
        if text is not None:
            told.append((name, said(text)))
    sections: list[Section] = [facts("web.indicator.about", told), *values_of(found, each)]
    if each.evidence:
        rows: list[tuple[Cell, ...]] = [(said(text),) for text in each.evidence]
        sections.append(table("web.indicator.expected", ("evidence",), rows))
    if each.sources:
        sections.append(sources_of(found, list(each.sources)))
    if each.related:
        sections.append(_related(found, each))
    return show(request, indicator_title(found, each), sections, crumbs=way_to(found))


def values_of(protocol: Protocol, each: Indicator) -> list[Section]:
    """Show what can be answered: the stages of a question, and the parts of one that has some."""
    found: list[Section] = []
    if each.scale is not None:
        scale = protocol.scales[each.scale]
        rows: list[tuple[Cell, ...]] = []
        for value in scale.values:
            stage = each.stages.get(value.value) if isinstance(value.value, int) else None
            rows.append((str(value.value), said(value.label), said(stage or value.meaning) or "–"))
        if rows:
            found.append(table("web.indicator.values", ("value", "stage", "meaning"), rows))
    if each.parts:
        parts: list[tuple[Cell, ...]] = [
            (part.id, said(part.question), said(protocol.scales[part.scale].title))
            for part in each.parts
        ]
        found.append(table("web.indicator.parts", ("part", "question", "scale"), parts))
    return found


def _related(protocol: Protocol, each: Indicator) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for one in each.related:
        there = {"protocol": protocol.name, "indicator": one.to}
        is_here = one.to in protocol.indicators
        rows.append(
            (
                link(reverse("asked", kwargs=there), code_of(protocol, one.to))
                if is_here
                else one.to,
                Phrase(f"web.relation.{one.relation.value}"),
                said(one.difference) or "–",
                tag("intact", "web.indicator.checked")
                if one.checked
                else tag("unknown", "web.indicator.not-checked"),
            )
        )
    return table("web.indicator.related", ("question", "relation", "difference", "compared"), rows)
