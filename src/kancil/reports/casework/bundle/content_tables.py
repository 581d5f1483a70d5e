"""The report's tables: rows of an answer and of the material, in words and grouped figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.tracing.result import Bounds, TraceResult
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import sat_range
from kancil.studies.trace.chain_names import utc_text
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.table import Row

from .answers import Answer, Answers
from .material import LINKED_WORK, Material

ROWS_SHOWN = 400
"""Longer tables are cut in the report and say where the whole stands."""
OUTPUTS_COMPARED = 40
BLOCKS_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Table:
    """A table for eyes. Cells are text; `ids`: columns that hold names of the chain."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
    ids: frozenset[int] = frozenset()
    time: int = -1
    """Column of a time."""
    note: str = ""
    empty: str = ""
    is_wide: bool = False
    """Its cells stand below each other, each behind its heading."""


def _variants(answer: Answer) -> list[tuple[str, TraceResult]]:
    """Each policy's result, and the reversed order after it, with its name."""
    variants = []
    for name, result in answer.results.items():
        variants.append((policy_name(name), result))
        if result.reversed_order is not None:
            title = render("note.report-policy-reversed", policy=policy_name(name))
            variants.append((title, result.reversed_order))
    return variants


def totals_table(answer: Answer) -> Table:
    """The sums of every policy, side by side."""
    backward = is_backward(answer)
    names = ["newly_issued", "unknown_source"] if backward else ["resting", "fees"]
    names.append("left_out")
    columns = [render("note.report-col-policy")]
    columns += [render(f"note.report-col-{name.replace('_', '-')}") for name in names]
    columns.append(render("note.report-col-undetermined"))
    rows = []
    for title, result in _variants(answer):
        totals = result.totals
        chosen = result is answer.chosen
        mark = f" {render('note.report-chosen')}" if chosen else ""
        bounds: list[Bounds] = [getattr(totals, name) for name in names]
        if totals.adds_up:
            cells = [sat_range(*bound) for bound in bounds]
            cells.append(grouped(totals.undetermined))
        else:
            cells = [render("note.report-not-summed") if b.upper else "0" for b in bounds]
            cells.append(render("note.report-does-not-apply"))
        rows.append([title + mark, *cells])
    return Table(
        render("note.report-totals"),
        columns,
        rows,
        numbers=frozenset(range(1, len(columns))),
        note=render("note.report-start-amount", amount=grouped(answer.chosen.totals.start)),
    )


def compared_table(answer: Answer, answers: Answers) -> Table:
    """Give, output by output, what each policy says ends there."""
    names = answers.names
    variants = _variants(answer)
    ends: dict[str, dict[int, str]] = {}
    most: dict[str, int] = {}
    for place, (_, result) in enumerate(variants):
        for row in result.holdings:
            name = names.outpoint(row.output) if row.output >= 0 else ""
            name = name or names.spent_outpoint(row.input) or render("note.report-new-coins")
            ends.setdefault(name, {})[place] = sat_range(row.lower, row.upper)
            most[name] = max(most.get(name, 0), row.upper)
    shown = sorted(ends, key=lambda name: (-most[name], name))
    rows = [
        [name, *(ends[name].get(place, "0") for place in range(len(variants)))]
        for name in shown[:OUTPUTS_COMPARED]
    ]
    cut = len(shown) - OUTPUTS_COMPARED
    return Table(
        render("note.report-compared"),
        [render("note.report-col-ends"), *(title for title, _ in variants)],
        rows,
        numbers=frozenset(range(1, len(variants) + 1)),
        ids=frozenset({0}),
        note=render("note.report-compared-more", count=cut) if cut > 0 else "",
    )


def _cut(rows: list[Row]) -> list[Row]:
    return rows[:ROWS_SHOWN]


def _cut_note(rows: list[Row], file: str) -> str:
    if len(rows) <= ROWS_SHOWN:
        return ""
    return render("note.report-cut", shown=ROWS_SHOWN, count=grouped(len(rows)), file=file)


def _range(lower: Any, upper: Any) -> str:
    return sat_range(int(lower), int(upper))


def _sat(cell: Any) -> str:
    return render("note.report-unknown") if cell in (None, "") else grouped(int(cell))


def _address(address: Any, value: Any, outpoint: Any) -> str:
    """Write an address; none is not the same as one that is not known here."""
    if address:
        return str(address)
    return render(
        "note.report-no-address" if value is not None or not outpoint else "note.report-unknown"
    )


def _labels_text(cell: Any) -> str:
    numbers = str(cell).split()
    return ", ".join(render("note.report-label-number", number=n) for n in numbers)


def _why(reason: Any) -> str:
    return render(f"note.bounds-{reason}") if reason else ""


def _columns(*names: str) -> list[str]:
    return [render(f"note.report-col-{name}") for name in names]


def transfers_table(rows: list[Row], answer: Answer) -> Table:
    """The rows of the trace, in the order of time."""
    shown = []
    for row in _cut(rows):
        cell = dict(zip(_TRANSFER_NAMES, row, strict=True))
        why = [_why(cell["reason"]), _labels_text(cell["labels"])]
        if cell["after_service"] == "yes":
            why.append(render("note.report-after-service"))
        address = _address(cell["address"], cell["value_sat"], cell["from_outputs"])
        source = cell["from_outputs"] or render("note.report-new-coins")
        shown.append([
            str(cell["row"]), str(cell["hop"]), time_text(cell["block_time"]), str(cell["txid"]),
            str(source), str(cell["to_output"]), str(address), _sat(cell["value_sat"]),
            _range(cell["lower_sat"], cell["upper_sat"]), "; ".join(w for w in why if w),
        ])  # fmt: skip
    return Table(
        render("note.report-transfers"),
        _columns("row", "hop", "time", "txid", "from", "to", "address", "value", "traced", "note"),
        shown,
        numbers=frozenset({0, 1, 7, 8}),
        ids=frozenset({3, 4, 5, 6}),
        time=2,
        note=_cut_note(rows, f"traces/{answer.number}/transfers.csv"),
        empty=render("note.report-none"),
    )


_TRANSFER_NAMES = (
    "row", "hop", "txid", "block_hash", "block_time", "from_outputs", "to_output", "address",
    "value_sat", "lower_sat", "upper_sat", "reason", "after_service", "labels",
)  # fmt: skip


def time_text(cell: Any) -> str:
    """Write a table's time for eyes: `2009-01-12 03:30:25`, UTC."""
    text = str(cell)
    return f"{text[:10]} {text[11:19]}" if text else render("note.report-no-block")


def holdings_table(rows: list[Row]) -> Table:
    """Where traced coins end."""
    shown = [
        [
            str(number), render(f"note.report-end-{state}"),
            str(output or render("note.report-new-coins")),
            _address(address, value, output), _sat(value), _range(lower, upper),
            _labels_text(labels),
        ]
        for number, state, output, address, value, lower, upper, _, _, labels in _cut(rows)
    ]  # fmt: skip
    return Table(
        render("note.report-holdings"),
        _columns("row", "state", "output", "address", "value", "traced", "note"),
        shown,
        numbers=frozenset({0, 4, 5}),
        ids=frozenset({2, 3}),
        note=_cut_note(rows, "holdings.csv"),
        empty=render("note.report-none"),
    )


def left_out_table(rows: list[Row]) -> Table:
    """What a limit stopped."""
    shown = [
        [
            str(number), render(f"note.report-end-{limit}"), str(output),
            str(address or render("note.report-no-address")), _range(lower, upper),
            render(f"note.report-spend-{seen}"), _labels_text(labels),
        ]
        for number, limit, output, address, lower, upper, _, seen, labels in _cut(rows)
    ]  # fmt: skip
    return Table(
        render("note.report-left-out"),
        _columns("row", "limit", "output", "address", "traced", "spend", "note"),
        shown,
        numbers=frozenset({0, 4}),
        ids=frozenset({2, 3}),
        note=_cut_note(rows, "left_out.csv"),
        empty=render("note.report-left-out-none"),
    )


def fetch_table(rows: list[Row]) -> Table:
    """What to ask of a machine that holds the chain."""
    shown = [
        [str(number), render(f"note.report-fetch-{kind}"), str(outpoint)]
        for number, kind, outpoint in _cut(rows)
    ]
    return Table(
        render("note.report-fetch"),
        _columns("row", "ask", "output"),
        shown,
        numbers=frozenset({0}),
        ids=frozenset({2}),
        note=_cut_note(rows, "fetch_list.csv") or render("note.report-fetch-how"),
        empty=render("note.report-none"),
    )


def blocks_table(material: Material) -> Table:
    """The blocks in which the cited transactions stand."""
    rows = []
    for block in material.blocks[:BLOCKS_SHOWN]:
        seconds = int.from_bytes(material.header(block)[68:72], "little")
        height = render("note.report-height-unknown")
        if block.height is not None:
            source = (block.height_source or "").replace(" ", "-")
            height = f"{grouped(block.height)} ({render(f'note.report-height-{source}')})"
        rows.append(
            [height, block.hash, _unix(seconds), render(f"note.report-work-{_work(block.work)}")]
        )
    cut = len(material.blocks) - BLOCKS_SHOWN
    return Table(
        render("note.report-blocks"),
        _columns("height", "block", "time", "work"),
        rows,
        ids=frozenset({1}),
        time=2,
        note=render("note.report-blocks-more", count=cut) if cut > 0 else "",
    )


def _unix(seconds: int) -> str:
    return time_text(utc_text(seconds))


def _work(work: str) -> str:
    return {LINKED_WORK: "linked", "failed": "failed"}.get(work, "own")


def labels_table(material: Material) -> Table:
    """What publishers allege, with all that is needed to weigh it."""
    return Table(
        render("note.report-labels"),
        _columns(
            "row",
            "address",
            "label",
            "publisher",
            "law",
            "listed",
            "fetched",
            "confidence",
            "source",
        ),
        [_label_row(number, label) for number, label in enumerate(material.labels, 1)],
        numbers=frozenset({0}),
        ids=frozenset({1}),
        note=render("note.label-allegation"),
        empty=render("note.report-labels-none"),
    )


def _label_row(number: int, label: CitedLabel) -> list[str]:
    unknown = render("note.report-not-said")
    kind = ", ".join(word for word in (label.category, label.abuse) if word)
    return [
        str(number), label.address, f"{label.label} ({kind})" if kind else label.label,
        label.publisher, label.law or render("note.report-no-law"),
        label.listed_on or render("note.label-listing-date-unknown"),
        label.fetched_on or unknown, label.confidence or unknown, label.source or unknown,
    ]  # fmt: skip


def policy_name(name: str) -> str:
    """A policy's name for people."""
    return render(f"note.report-policy-{name}")


def is_backward(answer: Answer) -> bool:
    """Whether the trace goes back in time."""
    return answer.question.direction == "backward"
