"""A trace's answer as tables: rows of numbers become rows of names, the same for every door.

Whoever knows the names of a graph's rows (a chain, or a bundle's own small graph) gives a
`Names`; what comes out does not depend on how the graph was numbered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from kancil.bitcoin.tracing.result import Fetch, Holding, Label, LeftOut, TraceResult, Transfer
from kancil.ground import canonical
from kancil.ground.cells import Cell, write_table
from kancil.records.record import names_of
from kancil.records.schema import TracedTransfer

from .table import Row

TRANSFERS = names_of(TracedTransfer)
HOLDINGS = (
    "row", "state", "output", "address", "value_sat", "lower_sat", "upper_sat", "hop",
    "after_service", "labels",
)  # fmt: skip
LEFT_OUT = (
    "row", "limit", "output", "address", "lower_sat", "upper_sat", "hop", "spend_seen", "labels",
)  # fmt: skip
FETCH_LIST = ("row", "kind", "outpoint")
TOTALS = (
    "policy", "version", "order", "adds_up", "start_sat",
    "overlap_lower_sat", "overlap_upper_sat", "resting_lower_sat", "resting_upper_sat",
    "newly_issued_lower_sat", "newly_issued_upper_sat",
    "unknown_source_lower_sat", "unknown_source_upper_sat", "fees_lower_sat", "fees_upper_sat",
    "left_out_lower_sat", "left_out_upper_sat", "undetermined_sat", "may_return_sat",
)  # fmt: skip

COLUMNS = {
    "transfers": TRANSFERS,
    "holdings": HOLDINGS,
    "left_out": LEFT_OUT,
    "fetch_list": FETCH_LIST,
    "totals": TOTALS,
}
LabelRows = Callable[[tuple[Label, ...]], str]
"""Gives the numbers of labels in labels.csv, joined by a space."""


class Names(Protocol):
    """What people call the rows of a graph."""

    def txid(self, tx: int) -> str:
        """A transaction's id."""

    def block_hash(self, tx: int) -> str:
        """The hash of its block, empty if it has none."""

    def block_time(self, tx: int) -> str:
        """The miner's time of its block, `YYYY-MM-DDTHH:MM:SSZ`, empty if it has none."""

    def outpoint(self, output: int) -> str:
        """`txid:n` of an output."""

    def spent_outpoint(self, number: int) -> str:
        """`txid:n` that an input spends, held or not; empty for newly issued coins."""

    def address(self, output: int) -> str:
        """The address of an output, empty where it has none."""


def tables_of(
    results: Mapping[str, TraceResult], policy: str, names: Names, label_rows: LabelRows
) -> dict[str, list[Row]]:
    """The rows of each table: the chosen policy's in full, the totals of all."""
    result = results[policy]
    maker = _RowMaker(names, label_rows, is_backward=result.parameters["direction"] == "backward")
    fetches = fetch_rows(result.fetch_list, names)
    return {
        "transfers": [maker.transfer(row) for row in result.transfers],
        "holdings": _numbered([maker.holding(row) for row in result.holdings]),
        "left_out": _numbered([maker.left_out(row) for row in result.left_out]),
        "fetch_list": _numbered(fetches),
        "totals": totals_of(results),
    }


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [(number, *row) for number, row in enumerate(rows, 1)]


def yes_no(value: bool) -> str:
    """Write a truth for tables."""
    return "yes" if value else "no"


class _RowMaker:
    def __init__(self, names: Names, label_rows: LabelRows, *, is_backward: bool) -> None:
        self.names = names
        self.label_rows = label_rows
        self.is_backward = is_backward

    def transfer(self, row: Transfer) -> Row:
        """Write a row in the direction of the money: from what was spent, to what was made."""
        names = self.names
        linked = " ".join(names.outpoint(link.output) for link in row.links)
        here = self._outpoint(row.output, row.input)
        sources, target = (here, linked) if self.is_backward else (linked, here)
        return (
            row.number,
            row.hop,
            names.txid(row.tx),
            names.block_hash(row.tx),
            names.block_time(row.tx),
            sources,
            target,
            self._address(row.output),
            _value(row.value_sat),
            row.lower,
            row.upper,
            row.reason,
            yes_no(row.after_service),
            self.label_rows(row.labels),
        )

    def holding(self, row: Holding) -> Row:
        return (
            row.state,
            self._outpoint(row.output, row.input),
            self._address(row.output),
            _value(row.value_sat),
            row.lower,
            row.upper,
            row.hop,
            yes_no(row.after_service),
            self.label_rows(row.labels),
        )

    def left_out(self, row: LeftOut) -> Row:
        return (
            row.limit,
            self.names.outpoint(row.output),
            self._address(row.output),
            row.lower,
            row.upper,
            row.hop,
            yes_no(row.spend_seen),
            self.label_rows(row.labels),
        )

    def _outpoint(self, output: int, number: int) -> str:
        return _outpoint(self.names, output, number)

    def _address(self, output: int) -> str:
        return self.names.address(output) if output >= 0 else ""


def fetch_rows(fetches: Iterable[Fetch], names: Names) -> list[tuple[str, str]]:
    """Name what is to be fetched elsewhere: `spender` or `source`, and the outpoint; each once."""
    return sorted({(fetch.kind, _outpoint(names, fetch.output, fetch.input)) for fetch in fetches})


def _outpoint(names: Names, output: int, number: int) -> str:
    return names.outpoint(output) if output >= 0 else names.spent_outpoint(number)


def _value(value_sat: int) -> Cell:
    return None if value_sat < 0 else value_sat


def each_result(results: Mapping[str, TraceResult]) -> Iterator[TraceResult]:
    """The results under all policies, reversed orders too."""
    for result in results.values():
        yield result
        if result.reversed_order is not None:
            yield result.reversed_order


def totals_of(results: Mapping[str, TraceResult]) -> list[Row]:
    """The sums under each policy and, where order can matter, the opposite order."""
    rows: list[Row] = []
    for result in results.values():
        rows.append(_totals_row(result, "as-written"))
        if result.reversed_order is not None:
            rows.append(_totals_row(result.reversed_order, "reversed"))
    return rows


def _totals_row(result: TraceResult, order: str) -> Row:
    totals = result.totals
    return (
        str(result.parameters["policy"]),
        str(result.parameters["policy_version"]),
        order,
        yes_no(totals.adds_up),
        totals.start,
        *totals.overlap,
        *totals.resting,
        *totals.newly_issued,
        *totals.unknown_source,
        *totals.fees,
        *totals.left_out,
        totals.undetermined,
        totals.may_return,
    )


def result_digest(parameters: Mapping[str, Any], tables: Mapping[str, list[Row]]) -> str:
    """The digest by which a ledger entry names a trace's answer, SHA-256 in hex.

    Over the canonical JSON of the parameters and of the digest of each table without its column
    `labels`, whose numbers depend on what else stands in a bundle.
    """
    digests = {}
    for name, columns in COLUMNS.items():
        kept = [place for place, column in enumerate(columns) if column != "labels"]
        rows = [[row[place] for place in kept] for row in tables[name]]
        data = write_table([columns[place] for place in kept], rows)
        digests[name] = hashlib.sha256(data).hexdigest()
    answer = {"parameters": dict(parameters), "tables": digests}
    return hashlib.sha256(canonical.dumps(answer)).hexdigest()
