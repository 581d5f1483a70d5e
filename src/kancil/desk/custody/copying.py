"""Copy a desk out to two files and in again: its ledger and its books, at one moment.

The rows that the ledger makes are not copied; they are made from it. Backup's own work (vault,
checkpoints, the archive) stands in `evidence.backup`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kancil.custody.entry import read_entry
from kancil.custody.roll import Roll
from kancil.desk.base.opening import snapshot
from kancil.desk.base.tables import require_empty, table_lines, take_table_lines

from .models import LedgerEntry
from .store import DeskLedger, one_transaction

ENTRIES_NAME = "ledger/entries.jsonl"
TABLES_NAME = "desk/tables.jsonl"


def copy_out(ledger: DeskLedger, folder: Path) -> Roll:
    """Write the ledger's entries and the tables' rows into a folder; gives the roll of the copy.

    Others may write meanwhile: all that is copied is as it was at one moment.
    """
    roll = Roll()
    with snapshot():
        _write(folder / ENTRIES_NAME, _taken(ledger.lines(), roll))
        _write(folder / TABLES_NAME, table_lines())
    return roll


def _taken(lines: Iterable[bytes], roll: Roll) -> Iterator[bytes]:
    for line in lines:
        roll.take(read_entry(line))
        yield line


def _write(path: Path, lines: Iterable[bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.writelines(line + b"\n" for line in lines)


def copied_entries(folder: Path) -> Iterator[bytes]:
    """Give the bytes of each entry in a copy."""
    return _lines(folder / ENTRIES_NAME)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def copy_in(ledger: DeskLedger, folder: Path) -> None:
    """Fill an empty desk from a copy, inside the caller's transaction or one of its own.

    The caller has verified the entries. Raises DeskNotEmpty, BackupNotReadable.
    """
    with one_transaction():
        require_empty(LedgerEntry)
        ledger.import_lines(copied_entries(folder))
        path = folder / TABLES_NAME
        take_table_lines(_lines(path), str(path))
