"""Threats of a round: how widespread by how harmful, drawn and as a table; never multiplied."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kancil.assessment.answer import Answer, Given, Kind
from kancil.assessment.naming import threat_name
from kancil.assessment.planning.plan import IMPACT, PREVALENCE
from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.queries.figures import ThreatsSeen, threats_seen
from kancil.ground.phrase import Phrase
from kancil.ground.words import render as words
from kancil.reports.programme.charts import Mark, threat_matrix
from kancil.reports.programme.country.pictures import TREND, threat_marks, threat_stages
from kancil.web.assessment.rounds.given import address_of, evidence_names, said_value
from kancil.web.assessment.rounds.rounds import way
from kancil.web.assessment.site.protocols import said, sure
from kancil.web.cells import (
    Section,
    chart,
    empty,
    fold_long,
    link,
    note,
    number,
    shortened,
    show,
    table,
    tag,
)
from kancil.web.parts import Cell
from kancil.web.programme_page import READING, page

from .figures import abouts


@page(
    "rounds/<str:round>/<str:protocol>/threats/",
    "threats",
    may=READING,
    of="round",
    within="figures",
)
def threats_page(request: HttpRequest, sight: Sight, protocol: str) -> HttpResponse:
    """Show the threats of a round: the matrix, and its table with sources."""
    found = threats_seen(sight, protocol)
    asked = found.protocol
    sections: list[Section] = [note("warn", "web.threats.own-list", note=said(asked.standing_note))]
    marks = threat_marks(asked, found.settled)
    if not any(mark.is_placed for mark in marks):
        there = reverse("questions", kwargs={"round": sight.round, "protocol": asked.name})
        sections.append(empty("web.threats.none", url=there))
    else:
        title, desc = words("web.threats.matrix"), words("web.threats.desc")
        wide, small = abouts("threats", title, desc)
        stages = threat_stages(asked, PREVALENCE), threat_stages(asked, IMPACT)
        sections.append(
            chart("web.threats.matrix", threat_matrix(marks, *stages, wide),
                  threat_matrix(marks, *stages, small), text=Phrase("web.threats.no-product"))
        )  # fmt: skip
    if unmet := [f"{place}. {mark.label}" for place, mark in enumerate(marks, 1) if _unmet(mark)]:
        sections.append(note("warn", "web.threats.unmet", threats="; ".join(unmet)))
    sections += [*_twin(sight, found, marks), _sources(asked)]
    return show(request, Phrase("web.threats.title", {"title": said(asked.title)}), sections,
                crumbs=way(sight, asked))  # fmt: skip


def _name(each: Indicator) -> str:
    return threat_name(said(each.question))


def _unmet(mark: Mark) -> bool:
    """Whether harm is stated of what nobody met here; blocks nothing."""
    return mark.prevalence == 1 and mark.impact is not None and mark.impact > 1


def _answer(found: ThreatsSeen, each: Indicator) -> Answer | None:
    now = found.settled.get(each.id)
    return now.answer if now else None


def _value(answer: Answer | None, part: str) -> Given | None:
    given = answer.parts.get(part) if answer else None
    return given if given is not None and given.kind is Kind.VALUE else None


def _twin(sight: Sight, found: ThreatsSeen, marks: list[Mark]) -> list[Section]:
    asked = found.protocol
    rows: list[tuple[Cell, ...]] = []
    for place, (each, mark) in enumerate(zip(asked.indicators.values(), marks, strict=True)):
        answer = _answer(found, each)
        is_held = each.id in found.kept_back
        rows.append(
            (
                number(place + 1),
                link(address_of(sight, asked.name, each.id), _name(each)),
                _said(asked, each, answer, PREVALENCE, is_held=is_held),
                _said(asked, each, answer, IMPACT, is_held=is_held),
                _said(asked, each, answer, TREND, is_held=is_held),
                "–" if is_held else Phrase(f"web.figures-sure.{mark.sureness.value}"),
                "–" if is_held else _evidence(sight, asked, answer),
            )
        )
    columns = (
        "figures-mark>", "figures-threat", "figures-prevalence", "figures-impact", "figures-trend",
        "figures-confidence", "figures-rests-on",
    )  # fmt: skip
    return shortened(table("web.threats.twin", columns, rows))


def _sources(asked: Protocol) -> Section:
    """Where each entry of the list comes from."""
    rows: list[tuple[Cell, ...]] = []
    for place, each in enumerate(asked.indicators.values()):
        named = [asked.sources[name] for name in each.sources if name in asked.sources]
        names = "; ".join(said(one.title) for one in named)
        rows.append((number(place + 1), _name(each), names or "–", sure(each.confidence)))
    columns = ("figures-mark>", "figures-threat", "figures-sources", "figures-sure")
    return fold_long(table("web.threats.sources", columns, rows))


def _said(
    asked: Protocol, each: Indicator, answer: Answer | None, part: str, *, is_held: bool
) -> Cell:
    if is_held:
        return Phrase("web.figures.kept-back")
    given = _value(answer, part)
    scales: Mapping[str, str] = {one.id: one.scale for one in each.parts}
    if given is None or part not in scales or isinstance(given.value, tuple | None):
        return tag("unknown", "web.figures.not-known")
    return said_value(asked.scales[scales[part]], given.value)


def _evidence(sight: Sight, asked: Protocol, answer: Answer | None) -> Cell:
    """Name what the judgement rests on; of what is withheld only the grade, where one sees that."""
    if answer is None or not answer.evidence:
        return Phrase(f"web.figures.{'no-grade-shown' if sight.of_country else 'no-evidence'}")
    return evidence_names(asked, answer.evidence)
