"""Copy a programme's desk out to a file and in again: all its books, at one moment. No ledger.

Backup's own work (the store's files, the archive) stands in `evidence.backup`.
"""

from __future__ import annotations

from pathlib import Path

from kancil.desk.base.opening import one_change, snapshot
from kancil.desk.base.tables import require_empty, table_lines, take_table_lines
from kancil.desk.people.models import Person
from kancil.evidence.backup import TABLES_NAME, copied_lines
from kancil.evidence.errors import VaultBytesBroken, VaultBytesMissing
from kancil.evidence.vault import Vault

from .keeping import record
from .stored import named_files


def copy_out(folder: Path) -> set[str]:
    """Write the tables' rows into a folder; gives the digests of all files that they name.

    Others may write meanwhile: all that is copied is as it was at one moment.
    """
    path = folder / TABLES_NAME
    path.parent.mkdir(exist_ok=True)
    with snapshot(), path.open("xb") as file:
        file.writelines(line + b"\n" for line in table_lines())
        return named_files()


def copy_in(folder: Path) -> int:
    """Fill an empty desk from a copy; gives the count of rows.

    Raises DeskNotEmpty, BackupNotReadable.
    """
    path = folder / TABLES_NAME
    with one_change():
        require_empty()
        return take_table_lines(copied_lines(path), str(path))


def broken_files(store: Vault) -> list[tuple[str, str]]:
    """Read every file that the books name; gives what is `missing` or `broken`, by digest."""
    found = []
    for sha256 in sorted(named_files()):
        try:
            store.check(sha256)
        except VaultBytesMissing:
            found.append((sha256, "missing"))
        except VaultBytesBroken:
            found.append((sha256, "broken"))
    return found


def record_backup(*, by: Person, sha256: str) -> None:
    """Keep in the site's record that a backup was made; `sha256`: of its list of files."""
    with one_change():
        record("backup.made", by=by, about=sha256)


def record_restore(*, by: Person, sha256: str) -> None:
    """Keep in the site's record that it came back from a backup."""
    with one_change():
        record("backup.restored", by=by, about=sha256)


def swept_files(store: Vault) -> list[str]:
    """Remove files that no row names, and what is left in `incoming/`; gives their digests.

    While files are being taken in nothing is swept, and the next one that is taken does it.
    """
    before = set(store.orphans(named_files()))
    (store.incoming / "upgrade.intake").touch()
    with store.intake_open(named_files):
        left = set(store.contents())
    return sorted(before - left)
