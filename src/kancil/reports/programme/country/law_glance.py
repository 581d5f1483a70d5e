"""The law at a glance: what was answered by instrument and kind of provision, and all counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kancil.assessment.answer import Kind
from kancil.assessment.export import OneProtocol
from kancil.assessment.law.matrix import Matrix, Row, RowStatus
from kancil.assessment.law.spread import Group, Spread, spreads
from kancil.assessment.protocol import Protocol, Scale, ScaleKind
from kancil.ground.words import render
from kancil.reports.document.blocks import Block, Column, Line, Picture, cell, strong, table
from kancil.reports.programme.charts import About, Category, HeatRow, Look, heat_map

from .pictures import about, picture
from .saying import plain, value_words

LOOKS: Mapping[Spread, Look] = {
    Spread.ALL: Look.FULL,
    Spread.SOME: Look.STRIPED,
    Spread.NONE: Look.OPEN,
    Spread.DISPUTED: Look.DOUBTFUL,
    Spread.UNKNOWN: Look.UNKNOWN,
}
_MORE = "-disputed"


def _answer_id(row: Row) -> str:
    """Name what a provision comes to: a stage, or why there is none."""
    given = row.given
    if row.status in (RowStatus.DISPUTED, RowStatus.NOT_APPLICABLE):
        return row.status.value
    if given is None or given.kind is not Kind.VALUE:
        return "unknown"
    return str(given.value)


def _scale_of(one: OneProtocol) -> Scale | None:
    """The ordered scale that provisions are answered on."""
    for indicator in one.protocol.indicators.values():
        scale = one.protocol.scales.get(indicator.scale or "")
        if scale is not None and scale.kind is ScaleKind.ORDERED:
            return scale
    return None


def law_kinds(protocol: Protocol, found: Mapping[tuple[str, str], Group]) -> list[str]:
    """The kinds of provisions that a picture has columns for, in the protocol's order."""
    there = {kind for _, kind in found}
    articles = (each.article for each in protocol.indicators.values() if each.article is not None)
    return [kind for kind in dict.fromkeys(each.category for each in articles) if kind in there]


def law_heat(
    protocol: Protocol,
    found: Mapping[tuple[str, str], Group],
    about: About,
    urls: Mapping[str, str] | None = None,
) -> str:
    """Draw the provisions of each instrument by kind: the one picture of a page and a document.

    `urls`: of instruments, where there is a page of them.
    """
    kinds = law_kinds(protocol, found)
    rows = []
    for id, instrument in protocol.instruments.items():
        groups = [found.get((id, kind)) for kind in kinds]
        if any(groups):
            rows.append(
                HeatRow(
                    plain(instrument.short),
                    [_look_id(each) if each else None for each in groups],
                    (urls or {}).get(id, ""),
                    [f"{each.answered}/{each.asked}" if each else "" for each in groups],
                )
            )
    categories: dict[str, Category] = {}
    for each, look in LOOKS.items():
        letter, meaning = render(f"name.law-letter-{each}"), render(f"name.law-spread-{each}")
        categories[each.value] = Category(letter, meaning, look)
        if each not in (Spread.DISPUTED, Spread.UNKNOWN):
            meaning = render("name.law-and-disputed", spread=meaning)
            categories[each.value + _MORE] = Category(f"{letter}!", meaning, look)
    return heat_map(law_kind_names(kinds), rows, categories, about, is_upright=True)


def law_kind_names(kinds: Iterable[str]) -> list[str]:
    """Name kinds of provisions."""
    return [render(f"name.law-kind-{kind.replace('_', '-')}") for kind in kinds]


def _look_id(group: Group) -> str:
    """Name what a cell shows; where something is disputed beside what counts, that too."""
    more = _MORE if group.answered and group.disputed else ""
    return group.spread.value + more


def law_picture(one: OneProtocol, matrix: Matrix) -> Picture | None:
    """Draw a matrix; None: there is nothing that applies."""
    found = spreads(one.protocol, matrix.rows)
    if not found:
        return None
    said = about(
        f"{one.protocol.name}-law", render("name.law-heat"), render("note.law-heat-desc"),
        width=760,
    )  # fmt: skip
    return picture(law_heat(one.protocol, found, said), said)


def law_counts(one: OneProtocol, matrix: Matrix) -> Block:
    """Count the answers to each instrument; never over several of them."""
    scale = _scale_of(one)
    stages: dict[str, str] = {}
    if scale is not None:
        stages = {str(each.value): value_words(scale, each.value) for each in scale.values}
    rows = []
    for instrument in one.protocol.instruments.values():
        found = matrix.asked_of(instrument.id)
        if not found:
            continue
        counted = Counter(map(_answer_id, found))
        name = f"{one.protocol.name}/matrix/{instrument.id}"
        numbers = [
            Line(str(counted[each]), figure=f"{name}/{each}")
            for each in (*stages, "disputed", "unknown", "not-applicable")
        ]
        rows.append(
            (
                cell(strong(plain(instrument.short))),
                cell(Line(str(len(found)), figure=f"{name}/asked")),
                *(cell(each) for each in numbers),
            )
        )
    others = (
        render("name.paper-disputed"), render("name.paper-not-known"), render("name.paper-na"),
    )  # fmt: skip
    wide = 0.7 / (len(stages) + len(others) + 1)
    return table(
        render("name.paper-law-counts"),
        (
            Column(render("name.paper-col-instrument"), 0.3),
            Column(render("name.paper-col-asked"), wide, is_number=True),
            *(Column(each, wide, is_number=True) for each in stages.values()),
            *(Column(each, wide, is_number=True) for each in others),
        ),
        rows,
    )
