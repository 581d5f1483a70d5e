"""The law at a glance: the lowest answer by instrument and kind of provision, and all counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kancil.assessment.answer import Kind
from kancil.assessment.export import OneProtocol
from kancil.assessment.legal import Matrix, Row, RowStatus
from kancil.assessment.protocol import Scale, ScaleKind
from kancil.ground.words import render
from kancil.reports.assessment.charts import Category, HeatRow, Look, heat_map, look_of
from kancil.reports.assessment.document.blocks import (
    Block,
    Column,
    Line,
    Picture,
    cell,
    strong,
    table,
)

from .pictures import about, picture
from .saying import plain, value_words

GROUPS: Mapping[str, tuple[str, ...]] = {
    "offences": ("substantive_offence",),
    "powers": ("procedural_power",),
    "abroad": ("international_cooperation", "jurisdiction"),
    "safeguards": ("safeguards",),
    "victims": ("victim_protection", "prevention"),
}
"""Kinds of provisions as the picture groups them; all others stand together."""
OTHER = "other"


def _answer_id(row: Row) -> str:
    """Name what a provision comes to: a stage, or why there is none."""
    given = row.given
    if row.status in (RowStatus.DISPUTED, RowStatus.NOT_APPLICABLE):
        return row.status.value
    if given is None or given.kind is not Kind.VALUE:
        return "unknown"
    return str(given.value)


def _scale_of(one: OneProtocol) -> Scale | None:
    """Give the ordered scale that provisions are answered on."""
    for indicator in one.protocol.indicators.values():
        scale = one.protocol.scales.get(indicator.scale or "")
        if scale is not None and scale.kind is ScaleKind.ORDERED:
            return scale
    return None


def law_picture(one: OneProtocol, matrix: Matrix) -> Picture | None:
    """Draw the lowest answer of each kind of provision; None: none is on an ordered scale."""
    scale = _scale_of(one)
    if scale is None:
        return None
    categories = {
        str(each.value): Category(
            str(each.value), plain(each.label), look_of(place, len(scale.values))
        )
        for place, each in enumerate(scale.values)
    }
    values = [*categories]
    categories["disputed"] = Category("!", render("name.paper-disputed"), Look.DOUBTFUL)
    categories["unknown"] = Category("?", render("name.paper-not-known"), Look.UNKNOWN)
    columns = [*GROUPS, OTHER]
    rows = []
    for instrument in one.protocol.instruments.values():
        found = matrix.of_instrument(instrument.id)
        if found:
            cells = [_lowest(found, name, values) for name in columns]
            rows.append(HeatRow(plain(instrument.short), cells))
    heads = [render(f"name.paper-group-{name}") for name in columns]
    said = about(
        f"{one.protocol.name}-law", render("name.paper-law-at-a-glance"),
        render("note.paper-chart-law"), width=860,
    )  # fmt: skip
    return picture(heat_map(heads, rows, categories, said), said)


def _group(row: Row) -> str:
    category = row.article.category if row.article else ""
    return next((name for name, ids in GROUPS.items() if category in ids), OTHER)


def _lowest(rows: Sequence[Row], group: str, values: Sequence[str]) -> str | None:
    """Give the lowest answer among the provisions of a kind; what is not known if none has one."""
    found = [
        _answer_id(each)
        for each in rows
        if _group(each) == group and each.status is not RowStatus.NOT_ASKED
    ]
    found = [each for each in found if each != "not-applicable"]
    known = [value for value in values if value in found]
    if known:
        return known[0]
    if not found:
        return None
    return "disputed" if "disputed" in found else "unknown"


def law_counts(one: OneProtocol, matrix: Matrix) -> Block:
    """Count the answers to each instrument; never over several of them."""
    scale = _scale_of(one)
    stages: dict[str, str] = {}
    if scale is not None:
        stages = {str(each.value): value_words(scale, each.value) for each in scale.values}
    rows = []
    for instrument in one.protocol.instruments.values():
        found = [each for each in matrix.of_instrument(instrument.id)
                 if each.status is not RowStatus.NOT_ASKED]  # fmt: skip
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
