"""The money: its flow, its transfers, the labels beside it, and what each policy makes of it.

Rows and words are those of the bundle's own report, arranged for a printed page, with the unit's
time beside UTC. No amount is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from kancil.bitcoin.network import network_named
from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.ground.words import render
from kancil.records.price import PriceBook
from kancil.reports.casework.bundle.answers import Answers
from kancil.reports.casework.bundle.content import Fact, ReportContent, Statements, TraceContent
from kancil.reports.casework.bundle.content_tables import Table
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Own,
    Paragraph,
    Section,
    bullets,
    cell,
    facts,
    mono,
    muted,
    named,
    section,
    strong,
    table,
)
from kancil.studies.amounts import btc_range

from .flow_picture import flow_block
from .times import read_time, time_cell
from .values import values_blocks

MOST_SOURCES = 4
"""Outputs that one row names as its sources; the file holds all."""
_ALL = grouped(MAX_MONEY_SAT)
_CLASS_OF_TONE = {"intact": "chain-fact", "brand": "policy-result"}


def flow_section(content: ReportContent, labels: Sequence[str]) -> Section:
    """Of each trace what was asked and what it shows, in the three classes, and draw it."""
    blocks: list[Block] = []
    for label, trace in zip(labels, content.traces, strict=True):
        blocks.append(Heading(f"{label}. {trace.question}"))
        blocks.append(facts(trace.question, ((one.name, _fact_cell(one)) for one in trace.facts)))
        blocks += [_statements(one) for one in trace.classes]
        if trace.flow.boxes:
            blocks.append(flow_block(trace.flow, label))
            blocks.append(Paragraph(render("note.pdf-flow-how"), "muted"))
    return section(render("note.pdf-flow"), *blocks, starts_page=True)


def _fact_cell(fact: Fact) -> Cell:
    return cell(mono(fact.value) if fact.is_id else fact.value)


def _statements(one: Statements) -> Own:
    shown = _CLASS_OF_TONE.get(one.tone, "attribution")
    return Own("statements", {"class": shown, "title": one.title, "lines": one.lines})


def transfers_section(
    content: ReportContent,
    answers: Answers,
    labels: Sequence[str],
    zone: ZoneInfo,
    prices: PriceBook,
) -> Section:
    """The rows of each trace, where its coins end, and what was not followed."""
    blocks: list[Block] = [Paragraph(render("note.pdf-block-time", zone=zone.key))]
    for label, trace in zip(labels, content.traces, strict=True):
        blocks.append(Heading(f"{label}. {trace.question}"))
        blocks += _of_trace(label, trace, zone)
        if network_named(answers.material.network).is_real_money:
            blocks += values_blocks(trace, prices, zone)
    blocks.append(Heading(content.blocks.caption))
    blocks.append(_blocks(content.blocks, answers, zone))
    return section(render("note.pdf-transfers"), *blocks, starts_page=True)


def _of_trace(label: str, trace: TraceContent, zone: ZoneInfo) -> list[Block]:
    def note(name: str, shown: Table) -> str:
        return _note(shown, len(trace.answer.tables[name]), f"{label}-{name}.csv")

    blocks: list[Block] = [
        Heading(trace.transfers.caption, 3),
        _transfers(trace, zone, f"{label}-transfers.csv"),
        Heading(trace.holdings.caption, 3),
        _laid_out(trace.holdings, _HOLDINGS, note("holdings", trace.holdings)),
        Heading(trace.left_out.caption, 3),
        _laid_out(trace.left_out, _LEFT_OUT, note("left_out", trace.left_out)),
    ]
    if trace.coinjoins is not None:
        blocks.append(Heading(trace.coinjoins.caption, 3))
        shown = trace.coinjoins
        blocks.append(_laid_out(shown, _COINJOINS, shown.note if shown.rows else ""))
    if trace.fetch_list.rows:
        blocks.append(Heading(trace.fetch_list.caption, 3))
        told = note("fetch_list", trace.fetch_list) or render("note.report-fetch-how")
        blocks.append(_laid_out(trace.fetch_list, _FETCH, told))
    return blocks


def _note(shown: Table, of: int, file: str) -> str:
    """That a table is cut, and in which attached file the whole stands."""
    if len(shown.rows) >= of:
        return ""
    return render("note.pdf-cut", shown=len(shown.rows), count=grouped(of), file=file)


def _transfers(trace: TraceContent, zone: ZoneInfo, file: str) -> Block:
    shown, raw = trace.transfers, trace.answer.tables["transfers"]
    rows: list[Sequence[Cell]] = []
    for words, row in zip(shown.rows, raw, strict=False):
        number, hop, _, txid, source, target, address, value, traced, note = words
        rows.append(
            (
                cell(strong(number), muted(render("note.pdf-hop", hop=hop))),
                time_cell(read_time(str(row[4] or "")), zone),
                cell(
                    mono(txid, render("name.pdf-tx")),
                    *_outpoints(source, render("name.pdf-from"), file),
                    *_outpoints(target, render("name.pdf-to"), file),
                    named(address, render("name.pdf-address")),
                    muted(note),
                ),
                cell(
                    strong(traced),
                    muted(btc_range(int(str(row[9])), int(str(row[10])))),
                    muted(render("note.pdf-whole", amount=value)),
                ),
            )
        )
    return table(
        shown.caption,
        (
            Column(render("note.report-col-row"), 0.06),
            Column(render("note.pdf-col-time"), 0.19),
            Column(render("note.pdf-col-moved"), 0.58),
            Column(render("note.pdf-col-traced"), 0.17, is_number=True),
        ),
        rows,
        note=_note(shown, len(raw), file),
        empty=shown.empty,
    )


def _outpoints(text: str, tag: str, file: str) -> list[Any]:
    """A line an outpoint, each after its tag, and say how many more there are."""
    names = text.split(" ") if ":" in text else [text]
    lines = [named(name, tag) for name in names[:MOST_SOURCES]]
    more = len(names) - MOST_SOURCES
    if more > 0:
        lines.append(muted(render("note.pdf-more-outputs", count=more, file=file)))
    return lines


Part = Callable[[Sequence[str]], Line | str]
"""Makes a line of a cell from a row's texts."""
Layout = Sequence[tuple[int | str, float, tuple[Part, ...]]]
"""Of each printed column: the place of its heading among a table's own, or a key of words; its
width; the lines of its cells."""


def _at(place: int, make: Callable[..., Line | str] = str, tag: str = "") -> Part:
    """A line from one column; `tag`: key of the small word before it."""
    return lambda row: make(row[place], render(tag)) if tag else make(row[place])


def _whole(place: int) -> Part:
    return lambda row: muted(render("note.pdf-whole", amount=row[place]))


_ADDRESS, _TRACED = "name.pdf-address", "note.pdf-col-traced"
_HOLDINGS: Layout = (
    (0, 0.06, (_at(0, strong),)),
    (2, 0.56, (_at(2, named), _at(3, named, _ADDRESS))),
    (1, 0.2, (_at(1), _at(6, muted))),
    (_TRACED, 0.18, (_at(5, strong), _whole(4))),
)
_LEFT_OUT: Layout = (
    (0, 0.06, (_at(0, strong),)),
    (2, 0.56, (_at(2, named), _at(3, named, _ADDRESS))),
    (1, 0.2, (_at(1), _at(5, muted), _at(6, muted))),
    (4, 0.18, (_at(4, strong),)),
)
_COINJOINS: Layout = (
    (1, 0.34, (lambda row: muted(render("note.pdf-hop", hop=row[0])), _at(1, mono, "name.pdf-tx"))),
    (2, 0.36, (_at(2, strong), _at(3))),
    (4, 0.3, (_at(4),)),
)
_FETCH: Layout = ((0, 0.06, (_at(0, strong),)), (1, 0.36, (_at(1),)), (2, 0.58, (_at(2, mono),)))
_LABELS: Layout = (
    (0, 0.06, (_at(0, strong),)),
    (1, 0.48, (_at(1, mono), _at(2, strong), _at(8, muted, "name.pdf-source"))),
    (3, 0.24, (_at(3), _at(4, muted, "name.pdf-law"))),
    (
        "note.pdf-col-dates",
        0.22,
        (
            _at(5, muted, "name.pdf-listed"),
            _at(6, muted, "name.pdf-fetched"),
            _at(7, muted, "name.pdf-confidence"),
        ),
    ),
)


def _laid_out(shown: Table, layout: Layout, note: str = "") -> Block:
    """A table of the report with several of its columns below each other."""
    amounts = {_TRACED, *shown.numbers} - {0}
    columns = [
        Column(
            shown.columns[title] if isinstance(title, int) else render(title),
            width,
            is_number=title in amounts,
        )
        for title, width, _ in layout
    ]
    rows = [[cell(*(part(row) for part in parts)) for *_, parts in layout] for row in shown.rows]
    return table(shown.caption, columns, rows, note=note, empty=shown.empty)


def _blocks(shown: Table, answers: Answers, zone: ZoneInfo) -> Block:
    names = answers.names
    times = {
        one.hash: names.block_time(tx)
        for tx, cited in enumerate(answers.material.transactions)
        for one in answers.material.blocks
        if cited.block == one.hash
    }
    rows = [
        (
            cell(height),
            cell(mono(block)),
            time_cell(read_time(times.get(block, "")), zone),
            cell(muted(work)),
        )
        for height, block, _, work in shown.rows
    ]
    return table(
        shown.caption,
        (
            Column(shown.columns[0], 0.14),
            Column(shown.columns[1], 0.46),
            Column(render("note.pdf-col-time"), 0.2),
            Column(shown.columns[3], 0.2),
        ),
        rows,
        note=shown.note,
    )


def labels_section(content: ReportContent) -> Section:
    """What publishers allege, each with whose law, when listed, and when fetched."""
    blocks: list[Block] = [
        Paragraph(render("note.pdf-labels-what")),
        _laid_out(content.labels, _LABELS),
    ]
    return section(render("note.pdf-labels"), *blocks)


def methods_section(content: ReportContent, labels: Sequence[str]) -> Section:
    """Every policy side by side, each method in plain words, and what none can say."""
    blocks: list[Block] = [Paragraph(line) for line in dict.fromkeys(_choices(content))]
    for label, trace in zip(labels, content.traces, strict=True):
        blocks.append(Heading(f"{label}. {trace.question}"))
        blocks.append(Heading(trace.totals.caption, 3))
        blocks.append(_plain_table(trace.totals))
        if trace.compared.rows:
            blocks.append(Heading(trace.compared.caption, 3))
            blocks.append(_plain_table(trace.compared))
            if _is_unbounded(trace):
                blocks.append(Paragraph(render("note.pdf-all-coins", amount=_ALL), "muted"))
    blocks.append(Heading(render("note.pdf-methods-words")))
    chain = (render("note.pdf-method-chain"), _chain_method(), render("note.pdf-chain-source"))
    for name, sentences, source in (chain, *content.methods):
        blocks.append(Heading(name, 3))
        blocks.append(bullets(sentences))
        blocks.append(Paragraph(render("note.report-method-source", source=source), "muted"))
    blocks.append(Heading(render("note.report-limits")))
    blocks.append(bullets(content.limits))
    held = render("note.report-held")
    blocks.append(Heading(held))
    blocks.append(Paragraph(render("note.report-held-how"), "muted"))
    blocks.append(facts(held, ((one.name, _fact_cell(one)) for one in content.held)))
    return section(render("note.pdf-methods"), *blocks, starts_page=True)


def _is_unbounded(trace: TraceContent) -> bool:
    """Whether some amount is bounded by nothing but all coins that can ever be."""
    return any(_ALL in text for row in trace.compared.rows for text in row)


def _choices(content: ReportContent) -> list[str]:
    return [line for trace in content.traces for line in trace.choice]


def _chain_method() -> list[str]:
    return [render(f"method.pdf-chain.{number}") for number in (1, 2, 3, 4)]


def _plain_table(shown: Table) -> Block:
    """Set a table with its first column wide and the others of one width."""
    others = len(shown.columns) - 1
    first = 0.34 if 0 in shown.ids else 0.26
    columns = [Column(shown.columns[0], first)]
    columns += [
        Column(title, (1 - first) / others, is_number=place in shown.numbers)
        for place, title in enumerate(shown.columns[1:], 1)
    ]
    rows = [
        [cell(mono(text) if place in shown.ids else text) for place, text in enumerate(row)]
        for row in shown.rows
    ]
    return table(shown.caption, columns, rows, note=shown.note, empty=shown.empty)
