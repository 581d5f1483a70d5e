"""Tables and mappings made up for the tests of reading; nobody's real transfers."""

from __future__ import annotations

import io
from typing import Any

from kancil.evidence.tables.amount import AmountForm
from kancil.evidence.tables.column_mapping import ColumnMapping, DirectionRule
from kancil.evidence.tables.headings import is_heading
from kancil.evidence.tables.moment import TimeForm
from kancil.evidence.tables.stated import transfers_of
from kancil.evidence.tables.suggest import Suggestion, suggest_mapping
from kancil.evidence.tables.table import Sniffed, Table, TableForm, sniff_table
from kancil.ground.digests import sha256_hex
from kancil.ground.skipped import Skipped
from kancil.records.transfer import StatedTransfer

PLAIN = TableForm("utf-8", ",", 1)
COLUMNS = {
    "time": "time", "amount": "amount", "asset": "asset", "chain": "chain",
    "from_address": "from", "to_address": "to", "txid": "txid",
}  # fmt: skip
HEADER = ",".join(COLUMNS.values())


def mapping(**more: Any) -> ColumnMapping:
    """A mapping of the columns above, with parts replaced."""
    parts: dict[str, Any] = {
        "name": "own", "version": 1, "table": PLAIN, "columns": COLUMNS,
        "amount": AmountForm(".", ","), "time": TimeForm(("YYYY-MM-DD hh:mm",), "UTC"),
        "direction": DirectionRule("none"), "stated_by": "Example Exchange",
    }  # fmt: skip
    return ColumnMapping(**{**parts, **more})


def table_of(data: bytes, form: TableForm = PLAIN) -> Table:
    """Open a table."""
    return Table(io.BytesIO(data), form, "table.csv")


def read(data: bytes | str, by: ColumnMapping) -> list[StatedTransfer | Skipped]:
    """Read a table by a mapping."""
    raw = data.encode() if isinstance(data, str) else data
    return list(transfers_of(table_of(raw, by.table), by, sha256_hex(raw)))


def transfers(data: bytes | str, by: ColumnMapping) -> list[StatedTransfer]:
    """Read a table of which every row must be read."""
    found = read(data, by)
    assert not [each for each in found if isinstance(each, Skipped)], found
    return [each for each in found if isinstance(each, StatedTransfer)]


def skips(data: bytes | str, by: ColumnMapping) -> list[Skipped]:
    """Read a table of which no row can be read."""
    found = read(data, by)
    assert not [each for each in found if isinstance(each, StatedTransfer)], found
    return [each for each in found if isinstance(each, Skipped)]


def sniffed(data: bytes | str) -> Sniffed:
    """Sniff a table."""
    raw = data.encode() if isinstance(data, str) else data
    return sniff_table(io.BytesIO(raw), "table.csv", knows=is_heading, may_be_workbook=True)


def suggested(data: bytes | str) -> Suggestion:
    """Sniff a table and suggest its mapping."""
    return suggest_mapping(sniffed(data))


def asked(suggestion: Suggestion) -> set[str]:
    """Name what a suggestion asks the officer to look at."""
    return {each.key for each in suggestion.asks}
