"""Stated transfers of a case: the tables that were read, and their rows, for all doors alike.

From the ledger's entries and the exhibits' bytes; to rows, part by part. What is stored is a cache:
where it is gone it is made again, and where it differs from what the ledger names the work stops.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kancil.custody.entry import Entry
from kancil.custody.roll import Exhibit, Roll
from kancil.custody.store import LedgerView
from kancil.evidence.errors import StatedTransfersBroken
from kancil.evidence.tables.column_mapping import FROM_TO, OWN_OTHER, mapping_from
from kancil.evidence.tables.exhibit_table import read_table_bytes, table_file
from kancil.evidence.tables.suggest import Suggestion
from kancil.evidence.tables.transfer_store import (
    StoredTransfers,
    open_transfers,
    read_and_store,
    stored_path,
)
from kancil.evidence.vault import Vault
from kancil.ground.ids import CaseId
from kancil.ground.phrase import Param, Phrase
from kancil.ground.workspace import Workspace
from kancil.records.transfer import StatedTransfer

_MOST_OPEN = 32
_State = tuple[int, int]
_Key = tuple[Path, str, str, str, int]
_opened: OrderedDict[_Key, tuple[_State | None, StoredTransfers]]
_opened = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class StatedTable:
    """A table of an exhibit that was read for the transfers it states."""

    n: int
    """Number of its ledger entry."""
    exhibit: Exhibit
    sha256: str
    mapping: dict[str, Any]
    mapping_sha256: str
    result_sha256: str
    rows: int
    skipped: int
    read_at: datetime
    version: int
    """Of the rules that it was read by."""
    replaced_by: int | None = None
    """Number of the entry of the newest reading of the same bytes in the case: that one counts."""

    @property
    def stated_by(self) -> str:
        """Who made the table, as the officer named it."""
        return str(self.mapping["stated_by"])


def stated_tables(ledger: LedgerView, case: CaseId) -> list[StatedTable]:
    """List the readings of a case's tables that count, as `counting` orders them."""
    return tables_of_cases(ledger, {case})


def tables_of_cases(ledger: LedgerView, cases: Collection[str]) -> list[StatedTable]:
    """List the readings of some cases' tables that count, as `counting` orders them."""
    return counting(readings_of_cases(ledger, cases))


def counting(readings: Sequence[StatedTable]) -> list[StatedTable]:
    """Those that count, in the order in which their tables were first read."""
    first: dict[tuple[CaseId, str], int] = {}
    for each in readings:
        first.setdefault((each.exhibit.case, each.sha256), each.n)
    return sorted(
        (each for each in readings if each.replaced_by is None),
        key=lambda each: first[each.exhibit.case, each.sha256],
    )


def readings_of_cases(ledger: LedgerView, cases: Collection[str]) -> list[StatedTable]:
    """List every reading of some cases' tables, also those in whose place a newer one counts."""
    roll = ledger.folded(Roll)
    return _readings(roll, [each for each in list(roll.transfers) if each.case_id in cases])


def tables_of_exhibit(ledger: LedgerView, exhibit: Exhibit) -> list[StatedTable]:
    """List the newest reading of each of an exhibit's tables, as `counting` orders them."""
    roll = ledger.folded(Roll)
    entries = [each for each in list(roll.transfers) if each.exhibit_id == exhibit.id]
    return counting(_readings(roll, entries))


def _readings(roll: Roll, entries: Sequence[Entry]) -> list[StatedTable]:
    """Readings, as the ledger has them, each with the newest of the same bytes in its case."""
    newest = {(each.case_id, each.body["sha256"]): each.n for each in entries}
    return [
        _table(roll.exhibit(str(each.exhibit_id)), each, newest[each.case_id, each.body["sha256"]])
        for each in entries
    ]


def mappings_before(
    ledger: LedgerView, cases: Collection[str], columns: Sequence[str]
) -> tuple[StatedTable, ...]:
    """Tables of these cases that were read by a mapping whose columns are all here.

    The newest of each publisher, the newest first. The ledger keeps every mapping whole, so this is
    what is known of a bank's form.
    """
    found: dict[str, StatedTable] = {}
    for table in tables_of_cases(ledger, cases):
        if set(table.mapping["columns"].values()) <= set(columns):
            found.pop(table.stated_by, None)
            found[table.stated_by] = table
    return tuple(reversed(found.values()))


def as_before(suggestion: Suggestion, table: StatedTable) -> Suggestion:
    """A suggestion by the mapping of a table that was read before.

    How the bytes are read, and whose account it is, are this table's own.
    """
    before, found = mapping_from(table.mapping), suggestion.mapping
    kept = {name: value for name, value in before.constants.items() if name in _OF_A_BANK}
    own = {name: value for name, value in found.constants.items()
           if name in (*FROM_TO, *OWN_OTHER) and name not in before.columns}  # fmt: skip
    mapping = replace(before, table=found.table, constants={**kept, **own})
    params: dict[str, Param] = {"publisher": table.stated_by, "exhibit": table.exhibit.label}
    holder = tuple(each for each in suggestion.asks if each.key.startswith(_OF_THE_HOLDER))
    return Suggestion(
        mapping,
        (Phrase("note.suggest-known", params), *suggestion.reasons),
        holder if mapping.is_statement else (),
        mapping.missing(),
    )


_OF_THE_HOLDER = "note.suggest-holder-"
_OF_A_BANK = ("asset", "chain", "contract", "fee_asset")


def _table(exhibit: Exhibit, entry: Entry, newest: int) -> StatedTable:
    body = entry.body
    return StatedTable(
        n=entry.n,
        exhibit=exhibit,
        sha256=body["sha256"],
        mapping=body["mapping"],
        mapping_sha256=body["mapping_sha256"],
        result_sha256=body["result_sha256"],
        rows=body["rows"],
        skipped=body["skipped"],
        read_at=entry.at,
        version=body["version"],
        replaced_by=None if newest == entry.n else newest,
    )


def open_stated(workspace: Workspace, vault: Vault, table: StatedTable) -> StoredTransfers:
    """A table's rows, compared with the ledger's digest; reads again what is not stored.

    Raises StatedTransfersBroken, and what reading an exhibit's table raises.
    """
    folder = workspace.transfers_dir
    key = (folder, table.sha256, table.mapping_sha256, table.result_sha256, table.version)
    path = stored_path(folder, table.sha256, table.mapping_sha256, table.version)
    state = _state(path)
    with _lock:
        known = _opened.get(key)
    if known is not None and state is not None and known[0] == state:
        return known[1]
    found = open_transfers(*key)
    if found is None:
        file = table_file(table.exhibit, vault, table.sha256)
        read = read_and_store(
            folder,
            io.BytesIO(read_table_bytes(file, vault)),
            name=file.path,
            exhibit_sha256=file.sha256,
            mapping=mapping_from(table.mapping),
            version=table.version,
        )
        found = open_transfers(*key)
        if found is None:
            raise StatedTransfersBroken(path=str(read.path))
    with _lock:
        _opened[key] = (_state(path), found)
        _opened.move_to_end(key)
        while len(_opened) > _MOST_OPEN:
            _opened.popitem(last=False)
    return found


def _state(path: Path) -> _State | None:
    """By what a file is known to be the one that was compared; None if it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


def stated_rows(
    workspace: Workspace, vault: Vault, tables: Sequence[StatedTable]
) -> Iterator[StatedTransfer]:
    """Go through all rows of tables; raises what `open_stated` raises."""
    for table in tables:
        yield from open_stated(workspace, vault, table)


def stated_part(
    workspace: Workspace, vault: Vault, tables: Sequence[StatedTable], first: int, count: int
) -> list[tuple[StatedTable, StatedTransfer]]:
    """`count` rows of the tables, taken one after another, from row `first` (from 0) on."""
    found: list[tuple[StatedTable, StatedTransfer]] = []
    start = 0
    for table in tables:
        if start + table.rows > first and len(found) < count:
            rows = open_stated(workspace, vault, table)
            part = rows.part(max(0, first - start), count - len(found))
            found += [(table, row) for row in part]
        start += table.rows
    return found
