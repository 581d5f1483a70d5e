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
from kancil.evidence.backup import ENTRIES_NAME, TABLES_NAME, copied_entries, copied_lines

from .models import LedgerEntry
from .store import DeskLedger, one_transaction


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


def copy_in(ledger: DeskLedger, folder: Path) -> None:
    """Fill an empty desk from a copy, inside the caller's transaction or one of its own.

    The caller has verified the entries. Raises DeskNotEmpty, BackupNotReadable.
    """
    with one_transaction():
        require_empty(LedgerEntry)
        ledger.import_lines(copied_entries(folder))
        path = folder / TABLES_NAME
        take_table_lines(copied_lines(path), str(path))
