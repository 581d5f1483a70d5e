"""Label import: a publisher's file, sent for the task, is stored once.

Outside the database one file is written, under the task's id: a second try finds its own and
writes the entry that is still missing. Where the entry cannot be written, the file goes again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.store import (
    PackedImport,
    StoredImport,
    read_import,
    refuse_own_name,
    store_packed,
)
from kancil.custody.acting import ActingOfficer
from kancil.custody.unit import record_labels
from kancil.desk.cases.doing import CaseDoing
from kancil.desk.jobs.job import work
from kancil.desk.jobs.skips import kept_skips
from kancil.desk.jobs.uploads import sent_for
from kancil.desk.studies.errors import SharedOfTrainers
from kancil.desk.studies.own_chains import labels_folder, may_write
from kancil.ground.errors import FileNotReadable
from kancil.ground.files import plain_name
from kancil.ground.units import few


@work("import-labels")
def import_labels(
    context: CaseDoing,
    *,
    file: str,
    fetched_on: str | None = None,
    publisher: str = "",
    law: str = "",
    licence: str = "",
    source: str = "",
    network: str = "mainnet",
    chain: str = "",
) -> None:
    """Import a label file that was sent for this task; `file`: its plain name.

    `chain`: a case's own chain of a classroom, which alone is to know them; empty: all know them.
    Raises FileNotReadable, SharedOfTrainers, and what reading labels raises.
    """
    if not may_write(context.workspace, chain, context.hold.task.asked_by):
        raise SharedOfTrainers
    if file != plain_name(file):
        raise FileNotReadable(path=file[:200])
    given = Given(
        fetched_on=None if fetched_on is None else date.fromisoformat(fetched_on),
        publisher=publisher,
        law=law,
        licence=licence,
        source=source,
    )
    path = sent_for(context.workspace, context.id) / file
    read = read_import(path, given, network, context.id, progress=context.progress)
    refuse_own_name(read.publishers, context.workspace.unit.name)
    context.once(lambda by: _store(context, read, chain, by), lambda stored: _told(read, stored))


def _store(context: CaseDoing, read: PackedImport, chain: str, by: ActingOfficer) -> StoredImport:
    """Store the rows and record it, unless the same file with the same statements is stored."""
    stored = store_packed(labels_folder(context.workspace, chain), read, context.id)
    if stored.id != context.id:
        return stored
    try:
        record_labels(
            context.bench.ledger,
            sha256=read.file_sha256,
            publisher=", ".join(read.publishers),
            law=", ".join(read.laws) or None,
            labels=read.label_count,
            skipped=read.skipped_count,
            fetched_on=stored.fetched_on,
            by=by,
        )
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored


def _told(read: PackedImport, stored: StoredImport) -> dict[str, Any]:
    return {
        "file": read.file_name,
        "import": stored.id,
        "labels": read.label_count,
        "bitcoin": read.bitcoin_count,
        "publisher": few(read.publishers, 20, 200),
        **kept_skips(read.skipped),
        "skipped": read.skipped_count,
    }
