"""Large tables: tried whole, and read for what they state, behind the pages.

Trying writes nothing but the task's own result. Reading writes one Parquet file under the digests
of table and mapping before the entry: a second try writes the same file again, and one that no
entry names counts for nothing.
"""

from __future__ import annotations

import io
from typing import Any

from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.errors import ExhibitNotFound
from kancil.custody.roll import Exhibit, Roll
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.jobs.skips import kept_skips
from kancil.desk.studies.actions import record_read
from kancil.evidence.named import NamedFile
from kancil.evidence.tables.column_mapping import mapping_from
from kancil.evidence.tables.exhibit_table import read_table_bytes, table_file
from kancil.evidence.tables.foreign import try_table
from kancil.evidence.tables.transfer_store import read_and_store


@work("try-transfers")
def try_transfers(
    context: CaseDoing, *, exhibit: str, sha256: str, mapping: dict[str, Any]
) -> None:
    """Try a mapping on a whole table of the case and keep nothing of it.

    Raises LegalBasisExpired, ExhibitNotFound for one of another case, and what trying raises.
    """
    found, file = _table(context, exhibit, sha256)
    decided = mapping_from(mapping)
    trial = try_table(
        io.BytesIO(read_table_bytes(file, context.bench.vault)),
        name=_name(file),
        exhibit_sha256=file.sha256,
        mapping=decided,
        progress=context.progress,
    )
    context.once(
        lambda _by: None,
        lambda _none: {
            "tried": found.number,
            "rows": trial.rows,
            "mapping_sha256": decided.sha256,
            "result_sha256": trial.result_sha256,
            "sha256": file.sha256,
            **kept_skips(trial.skipped),
            "skipped": trial.skipped_count,
            "unread": list(trial.unread),
        },
    )


@work("read-transfers")
def read_transfers(
    context: CaseDoing, *, exhibit: str, sha256: str, mapping: dict[str, Any]
) -> None:
    """Read a table of the case for the transfers it states, and record that.

    Raises LegalBasisExpired, ExhibitNotFound for one of another case, and what reading raises.
    """
    found, file = _table(context, exhibit, sha256)
    read = read_and_store(
        context.workspace.transfers_dir,
        io.BytesIO(read_table_bytes(file, context.bench.vault)),
        name=_name(file),
        exhibit_sha256=file.sha256,
        mapping=mapping_from(mapping),
        progress=context.progress,
    )

    def told(entry: Entry) -> dict[str, Any]:
        return {
            "stated_by": read.mapping.stated_by or "",
            "rows": read.rows,
            "entry": entry.n,
            **kept_skips(read.skipped),
            "skipped": read.skipped_count,
        }

    context.once(
        lambda by: (
            record_read(
                context.bench.ledger, context.bench.vault, exhibit=found, read=read, by=by
            ).entry
        ),
        told,
    )


def _table(context: CaseDoing, name: str, sha256: str) -> tuple[Exhibit, NamedFile]:
    roll = context.bench.ledger.folded(Roll)
    require_basis(roll, roll.case(context.case))
    found = roll.exhibit(name)
    if found.case != context.case:
        raise ExhibitNotFound(name=name[:40])
    return found, table_file(found, context.bench.vault, sha256)


def _name(file: NamedFile) -> str:
    return file.path.rpartition("/")[2]
