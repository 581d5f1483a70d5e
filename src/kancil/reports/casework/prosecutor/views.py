"""A saved view as a printed section: the picture as its author left it, and what they left out.

Names of groups, colours, paths and the note are the officer's own and are marked so; what they hid
is counted with its amount, and the whole result stands unhidden in the sections before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.reports.casework.views import ShownView
from kancil.reports.document.bands import bands_of
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Picture,
    Section,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.studies.amounts import btc
from kancil.studies.canvas.paths import DrawnPath
from kancil.studies.canvas.view import ChainSource, TraceSource, TransfersSource, View
from kancil.studies.moneygraph.twin import node_name

from .gather import CaseFacts
from .times import both_text, read_time, utc_text

_VARIABLE = re.compile(r"--([a-z0-9-]+):([^;}]+)")
_USED = re.compile(r"var\(--([a-z0-9-]+)\)")
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
MOST_NAMED = 12
"""Hidden boxes and members of a group that are named; the bundle holds the view whole."""


def view_section(shown: ShownView, found: CaseFacts) -> Section:
    """The section of one view."""
    view, graph = shown.view, shown.shown.graph
    title = render("note.view-title", view=shown.label, name=shown.name)
    blocks: list[Block] = [
        Paragraph(render("note.view-own"), "warn"),
        facts(title, _facts(shown, found)),
    ]
    for heading, rows in (
        (render("note.view-groups"), _groups(view, shown)),
        (render("note.view-hidden-boxes"), _hidden(shown)),
    ):
        if rows:
            columns = (
                Column(render("note.view-col-what"), 0.3),
                Column(render("note.view-col-boxes"), 0.7),
            )
            blocks += [Heading(heading), table(heading, columns, rows)]
    for path in shown.paths:
        blocks += _path(path, found)
    if graph.nodes:
        alt = render("note.view-alt", view=shown.label, boxes=len(graph.nodes), title=graph.title)
        boxes = [(node.x, node.x + node.width) for node in graph.nodes]
        bands = bands_of(flat(shown.svg()), boxes)
        for number, (svg, wide, high) in enumerate(bands, 1):
            part = render("note.view-part", part=number, count=len(bands))
            if len(bands) > 1:
                blocks.append(Paragraph(part, "muted"))
            said = f"{title}. {part}" if len(bands) > 1 else title
            blocks.append(Picture(svg, said, alt, wide, high))
    return section(title, *blocks, starts_page=True)


def _facts(shown: ShownView, found: CaseFacts) -> list[tuple[str, Cell]]:
    entry, view = shown.entry.entry, shown.view
    lines = [shown.hidden.sentence]
    if rule := _filter(view):
        lines.append(render("note.view-filtered", rule=rule))
    time = both_text(entry.at, found.zone)
    saved = render("note.view-saved", officer=found.acted(entry), time=time, n=entry.n)
    return [
        (render("name.view-saved"), cell(saved, muted(shown.note))),
        (render("name.view-shows"), cell(*(_source(one) for one in view.sources),
                                         render(f"note.view-level-{view.level}"))),
        (render("name.view-left-out"), cell(*lines)),
        (render("name.view-whole"), cell(render("note.view-whole"))),
        (render("name.view-digest"), cell(mono(view.sha256))),
    ]  # fmt: skip


def _source(source: object) -> str:
    match source:
        case TraceSource(number):
            return render("note.view-source-trace", trace=f"T{number}")
        case ChainSource(chain, starts):
            return render("note.view-source-chain", chain=chain, starts=", ".join(starts[:3]),
                          count=len(starts))  # fmt: skip
        case TransfersSource(exhibits):
            key = "note.view-source-transfers" + ("" if exhibits else "-all")
            return render(key, exhibits=", ".join(exhibits))
        case _:
            raise AssertionError(source)


def _filter(view: View) -> str:
    rule = view.filter
    said = [render("note.view-least", amount=btc(rule.min_sat))] if rule.min_sat else []
    for name, moment in (("since", rule.since), ("until", rule.until)):
        if isinstance(moment, datetime):
            said.append(render(f"note.view-{name}", time=utc_text(moment)))
    return "; ".join(said)


def _groups(view: View, shown: ShownView) -> list[Sequence[Cell]]:
    """The author's groups and single colours, each with what they put into it."""
    nodes = {node.id: node for node in (*shown.shown.graph.nodes, *shown.shown.hidden)}
    rows: list[Sequence[Cell]] = []
    for group in view.groups:
        names = [node_name(nodes[each]) for each in group.nodes if each in nodes]
        colour = render(f"note.view-{group.colour}")
        rows.append((cell(strong(group.name), muted(colour)), _names(names)))
    by_colour: dict[str, list[str]] = {}
    for each, colour in view.colours.items():
        if each in nodes:
            by_colour.setdefault(colour, []).append(node_name(nodes[each]))
    for colour, names in sorted(by_colour.items()):
        rows.append((cell(render(f"note.view-{colour}")), _names(names)))
    return rows


def _names(names: Sequence[str]) -> Cell:
    more = len(names) - MOST_NAMED
    told = muted(render("note.view-more", count=more)) if more > 0 else None
    return cell(*(mono(name) for name in names[:MOST_NAMED]), told)


def _hidden(shown: ShownView) -> list[Sequence[Cell]]:
    """What the author hid, the first boxes by name, so that a reader can ask for them."""
    hidden = shown.shown.hidden
    rows: list[Sequence[Cell]] = [
        (cell(", ".join(line.text for line in node.lines[:2])), cell(mono(node_name(node))))
        for node in hidden[:MOST_NAMED]
    ]
    if (more := len(hidden) - MOST_NAMED) > 0:
        rows.append((cell(muted(render("note.view-more", count=more))), ()))
    return rows


def _path(path: DrawnPath, found: CaseFacts) -> list[Block]:
    """A marked path, output after output; the chain proves each step and no more."""
    title = render("note.view-path", name=path.name, colour=render(f"note.view-{path.colour}"))
    rows = []
    for number, step in enumerate(path.steps, 1):
        moment = read_time(step.time)
        when = both_text(moment, found.zone) if moment else render("note.report-no-block")
        rows.append(
            (
                cell(strong(str(number))),
                cell(mono(step.outpoint), mono(step.address), muted(when)),
                cell(strong(grouped(step.value_sat))),
            )
        )
    columns = (
        Column(render("note.report-col-row"), 0.08),
        Column(render("note.report-col-output"), 0.68),
        Column(render("note.report-col-value"), 0.24, is_number=True),
    )
    return [Heading(title), table(title, columns, rows, note=render("note.view-path-proved"))]


def flat(svg: str) -> str:
    """A picture whose colours stand in it as they are, for what knows no variables of CSS."""
    start, end = svg.index("<style>"), svg.index("</style>")
    style = _MEDIA.sub("", svg[start:end])
    values = dict(_VARIABLE.findall(style))
    style = _USED.sub(lambda found: values.get(found[1], "none"), style)
    return svg[:start] + style + svg[end:]
