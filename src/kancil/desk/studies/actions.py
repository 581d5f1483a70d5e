"""What is kept of a study: its ledger entry, and its rows in the workspace."""

from __future__ import annotations

from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import record_trace
from kancil.custody.entry import Entry
from kancil.custody.store import LedgerStore
from kancil.ground import canonical
from kancil.ground.files import write_durably
from kancil.ground.ids import CaseId, TraceId, new_id
from kancil.ground.workspace import Workspace


def keep_trace(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    case: CaseId,
    provenance: dict[str, Any],
    answer: dict[str, Any],
    digest: str,
    by: ActingOfficer,
) -> Entry:
    """Record that a trace was run for a case, and keep its rows: a cache that can be run again.

    Raises LegalBasisExpired.
    """
    trace = TraceId(new_id())
    entry = record_trace(
        ledger, case=case, trace=trace, provenance=provenance, result_sha256=digest, by=by
    )
    label = f"T{entry.body['number']}"
    kept = {"case": case, "id": trace, "label": label, "result_sha256": digest}
    path = workspace.traces_dir / f"{trace}.json"
    write_durably(path, canonical.dumps({**answer, **kept}))
    return entry
